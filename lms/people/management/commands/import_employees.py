import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lms.common.states import Refused
from lms.people.importers import import_employees


class Command(BaseCommand):
    help = "Bring people in from an Excel (.xlsx) or CSV file. Without --apply it only says what would happen."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--apply", action="store_true", help="carry it out, all or nothing")
        parser.add_argument("--json", action="store_true", help='print {"created", "changed", "unchanged", "refused"} and nothing else')

    def handle(self, *args, file, apply, **options):
        try:
            outcome = import_employees(file.read_bytes(), file.name, by=None, at=timezone.now(), apply=apply)
        except (Refused, OSError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(outcome.as_dict(), ensure_ascii=False))
        else:
            self._tell(outcome, apply)
        if apply and outcome.refused:
            sys.exit(1)

    def _tell(self, outcome, apply):
        self.stdout.write(f"{outcome.created} created, {outcome.changed} changed, {outcome.unchanged} unchanged")
        for refusal in outcome.refused:
            self.stdout.write(self.style.ERROR(f"row {refusal['row']}, {refusal['column']}: {refusal['reason']}"))
        if outcome.unread:
            self.stdout.write(self.style.WARNING(f"columns not read: {', '.join(outcome.unread)}"))
        if outcome.refused:
            self.stdout.write(self.style.ERROR("Nothing was imported." if apply else "Nothing would be imported until these are mended."))
        elif not apply:
            self.stdout.write("Nothing was written. Add --apply to carry it out.")
