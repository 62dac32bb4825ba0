import json

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date

from lms.common.states import Refused
from lms.people.actions.first_hr import appoint_first_hr
from lms.people.models import Dealer, Position


class Command(BaseCommand):
    help = (
        "Give a dealer group its first two people of HR; everyone after them is brought in on screen, signers by two people. "
        "A dry run without --apply."
    )

    def add_arguments(self, parser):
        parser.add_argument("number", help="employee number")
        parser.add_argument("name")
        parser.add_argument("--dealer", required=True, help="the dealer's code")
        parser.add_argument("--position", default="hr_officer", help="code of a position of HR: hr_officer or group_hr")
        parser.add_argument("--hired-on", type=parse_date, help="2024-03-01; today where left out")
        parser.add_argument("--email", default="", help="to set a password by mail; without one it is printed here, once")
        parser.add_argument("--apply", action="store_true", help="carry it out")
        parser.add_argument("--json", action="store_true", help="print one object on one line")

    def handle(self, *, number, name, dealer, position, hired_on, email, apply, **options):
        try:
            with transaction.atomic():
                employee, password = appoint_first_hr(
                    dealer=self._one(Dealer, dealer), position=self._one(Position, position), number=number, name=name, email=email,
                    hired_on=hired_on or timezone.localdate(), at=timezone.now(),
                )  # fmt: skip
                transaction.set_rollback(not apply)
        except Refused as refusal:
            if options["json"]:
                self.stdout.write(json.dumps({"applied": False, "refused": str(refusal)}, ensure_ascii=False))
            raise CommandError(str(refusal)) from refusal
        said = {"applied": apply, "number": employee.number, "name": employee.name, "password": password if apply else ""}
        if options["json"]:
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        elif apply:
            self.stdout.write(f"{name} ({number}) is on board. First password, shown once, to be changed within a week: {password}")
        else:
            self.stdout.write(
                f"{name} ({number}) would be brought in as {employee.position.name_en}. Nothing was written. Add --apply to carry it out."
            )

    def _one(self, model, code):
        found = model.objects.filter(code__iexact=code).first()
        if found is None:
            known = ", ".join(model.objects.values_list("code", flat=True)[:20])
            raise Refused(f"There is no {model._meta.verbose_name} with the code “{code}”. There are: {known}")
        return found
