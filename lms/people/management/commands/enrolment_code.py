from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from lms.common.states import Refused
from lms.people.actions import hand_out_enrolment_code
from lms.people.models import Employee


class Command(BaseCommand):
    help = "A code with which a person sets up their first second factor; for the first people of an installation. Works for a day, once."

    def add_arguments(self, parser):
        parser.add_argument("number", help="the employee number; the sign-in name of whoever has none")
        parser.add_argument("--group", help="the code of the dealer group, where two groups have the number")

    def handle(self, *args, number, group, **options):
        called = Q(number__iexact=number) | Q(number="", user__username__iexact=number)
        found = Employee.objects.filter(called, **({"group__code": group} if group else {})).select_related("user")
        if len(found) != 1:
            raise CommandError(f"{len(found)} people have the number {number}; name one, with --group where needed.")
        try:
            code = hand_out_enrolment_code(employee=found[0], by=None, at=timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(code)
