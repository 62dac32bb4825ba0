import threading
from datetime import timedelta
from signal import SIGINT, SIGTERM, signal

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils import timezone

from lms.home.sweep import EVERY_FEW_SECONDS, EVERY_MINUTE, EVERY_NIGHT, FEW_SECONDS, sweep

NIGHT = (2, 10)
MINUTE = timedelta(seconds=60)


class Command(BaseCommand):
    help = "Make up for lost messages: waiting jobs, overdue exams, unsent mail, published cycles, reminders. Can be repeated at any time."

    def add_arguments(self, parser):
        parser.add_argument("--light", action="store_true", help="only what may not wait for the night")
        parser.add_argument(
            "--forever",
            action="store_true",
            help="exams every ten seconds, all else every minute and wholly at night; for use without a broker",
        )

    def handle(self, *, light, forever, **options):
        if forever:
            self.keep_sweeping()
            return
        done = sweep(at=timezone.now(), steps=EVERY_MINUTE if light else EVERY_NIGHT)
        for name, count in done.items():
            self.stdout.write(f"{name}: {'failed, see the log' if count is None else count}")
        if None in done.values():
            raise CommandError("At least one step failed.")

    def keep_sweeping(self):
        stop = threading.Event()
        for number in (SIGTERM, SIGINT):
            signal(number, lambda *_: stop.set())
        last = timezone.localtime()
        while not stop.wait(FEW_SECONDS):
            now = timezone.localtime()
            steps = steps_at(last, now)
            sweep(at=now, steps=steps)
            last = last if steps is EVERY_FEW_SECONDS else now
            close_old_connections()


def steps_at(last, now):
    """What is to be taken now, when all of a minute or a night was taken at `last`."""
    if night_fell_between(last, now):
        return EVERY_NIGHT
    return EVERY_MINUTE if now - last >= MINUTE else EVERY_FEW_SECONDS


def night_fell_between(last, now):
    """Whether the hour of the nightly sweep lies after `last` and not after `now`."""
    tonight = now.replace(hour=NIGHT[0], minute=NIGHT[1], second=0, microsecond=0)
    return last < tonight <= now or last < tonight - timedelta(days=1) <= now
