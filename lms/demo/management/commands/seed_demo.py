from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lms.common.states import Refused
from lms.demo import cast
from lms.demo.seed import QUARTERS_OF_HISTORY
from lms.demo.stages import STAGES, seed_demo


class Command(BaseCommand):
    help = "Build the demo dealership in an empty database, through the product's own actions. Same seed, same world."

    def add_arguments(self, parser):
        parser.add_argument("--stage", choices=STAGES, default="sat", help="how far this quarter's grading is (default: %(default)s)")
        parser.add_argument("--seed", type=int, default=1, help="same seed, same world")
        parser.add_argument(
            "--history", type=int, default=QUARTERS_OF_HISTORY, metavar="N", help="quarters lived before this one (default: %(default)s)"
        )

    def handle(self, *, stage, seed, history, verbosity, **options):
        began = timezone.now()
        try:
            seed_demo(stage=stage, seed=seed, history=history, at=began)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if verbosity:
            seconds = (timezone.now() - began).total_seconds()
            self.stdout.write(self.style.SUCCESS(f"The demo stands at stage “{stage}” ({seconds:.0f} s)."))
            self.stdout.write(f"Sign in with the password {cast.PASSWORD} as:")
            for number, english, chinese in cast.PERSONAS:
                self.stdout.write(f"  {number}  {chinese} · {english}")
