import json

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from lms.audit.running import whoever
from lms.common.states import Refused
from lms.people.actions.proposals import confirm_from_console
from lms.people.models import Proposal


class Command(BaseCommand):
    help = (
        "Confirm what HR proposed about a general manager's own post, in a group without HR of its own. "
        "Lists what waits where no number is given; a dry run without --apply."
    )

    def add_arguments(self, parser):
        parser.add_argument("proposal", type=int, nargs="?", help="the number in the address of its page")
        parser.add_argument("--apply", action="store_true", help="carry it out")
        parser.add_argument("--json", action="store_true", help="print one object on one line")

    def handle(self, *, proposal, apply, **options):
        waiting = Proposal.objects.filter(status=Proposal.Status.WAITING)
        if proposal is None:
            for one in waiting.order_by("pk"):
                self.stdout.write(f"{one.pk}  {one.number or one.signs_in_as or one.employee_id}  {one.name}  {one.get_kind_display()}")
            return
        try:
            with transaction.atomic():
                one = waiting.filter(pk=proposal).first()
                if one is None:
                    raise Refused(f"No proposal {proposal} waits.")
                made = confirm_from_console(proposal=one, run_by=whoever(), at=timezone.now())
                transaction.set_rollback(not apply)
        except Refused as refusal:
            if options["json"]:
                self.stdout.write(json.dumps({"applied": False, "refused": str(refusal)}, ensure_ascii=False))
            raise CommandError(str(refusal)) from refusal
        password = made if apply and isinstance(made, str) else ""
        said = {"applied": apply, "proposal": proposal, "about": one.number or one.name, "password": password}
        words = "Confirmed, and done." if apply else "Would be confirmed. Nothing was written. Add --apply to carry it out."
        self.stdout.write(json.dumps(said, ensure_ascii=False) if options["json"] else f"{one}: {words} {said['password']}".strip())
