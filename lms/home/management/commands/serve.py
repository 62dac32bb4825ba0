import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lms.home.health import state

GRACE_SECONDS = 35  # gunicorn and Celery finish what is under way within 30
LONGEST_PAUSE = 30
DATABASE_PATIENCE = 30
WHY_NOT = {
    "database": "The database does not answer (LMS_DATABASE_URL).",
    "migrations": "The database lacks migrations of this release: run manage.py migrate.",
    "triggers": "Triggers that guard the rules are missing, changed or off: run manage.py migrate, which puts them back.",
}


class Command(BaseCommand):
    help = "Serve the product: web, worker and beat; without a broker the web process and a sweep every minute. SIGTERM stops all."

    def add_arguments(self, parser):
        parser.add_argument("--bind", default="127.0.0.1:8000", help="address and port of the web server")
        parser.add_argument("--only", choices=["web", "worker", "beat"], help="just this part, as a container of its own")

    def handle(self, *, bind, only, **options):
        refuse_where_rules_are_off()
        parts = parts_for(bind)
        if only:
            if only not in parts:
                raise CommandError(f"There is no {only} without LMS_BROKER_URL: the web process does the background work itself.")
            # In its own container a part takes the place of this process, so that signals reach it directly.
            os.execv(parts[only][0], parts[only])  # noqa: S606
        supervise([Child(name, command) for name, command in parts.items()], say=self.stderr.write)


def refuse_where_rules_are_off(patience=DATABASE_PATIENCE):
    """Nobody is served by a database that is not migrated, or whose triggers are off; one that is just starting is waited for."""
    end = time.monotonic() + patience
    while "database" in (stops := state()[0]) and time.monotonic() < end:
        time.sleep(0.5)
    reasons = [WHY_NOT[name] for name in stops]
    if reasons:
        raise CommandError(" ".join(reasons))


def parts_for(bind):
    """The commands of what runs here: {name: argv}."""
    python = [sys.executable, "-m"]
    web = [
        *python, "gunicorn", "lms.wsgi", "--bind", bind, "--workers", str(settings.WEB_WORKERS), "--threads", str(settings.WEB_THREADS),
        "--graceful-timeout", "30", "--timeout", "60", "--log-level", "warning",
        # Of an address with its query, of headers and of one header: more is refused before anything of ours sees it.
        "--limit-request-line", "4094", "--limit-request-fields", "100", "--limit-request-field_size", "8190",
    ]  # fmt: skip
    if settings.BACKGROUND != "celery":
        return {"web": web, "sweep": [sys.executable, "manage.py", "sweep", "--forever"]}
    return {
        "web": web,
        "worker": [*python, "celery", "-A", "lms", "worker", "--loglevel", "warning", "--concurrency", str(settings.WORKER_PROCESSES)],
        "beat": [*python, "celery", "-A", "lms", "beat", "--loglevel", "warning", "--pidfile", ""],
    }


@dataclass
class Child:
    name: str
    command: list[str]
    process: subprocess.Popen | None = None
    started_at: float = 0
    start_after: float = 0
    pause: float = field(default=1)

    def start(self):
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(self.command, cwd=settings.BASE_DIR)  # noqa: S603

    @property
    def is_alive(self):
        return self.process is not None and self.process.poll() is None


def supervise(children, *, say, step=0.2):
    """Keep the children running until SIGTERM or Ctrl-C, then stop them all. One that dies is started again, after a growing pause."""
    stop = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.append(True))
    for child in children:
        child.start()
    while not stop:
        time.sleep(step)
        for child in children:
            look_after(child, say)
    stop_all(children)


def look_after(child, say):
    now = time.monotonic()
    if child.is_alive:
        return
    if child.process is not None:
        say(f"{child.name} ended with {child.process.returncode}; starting it again.")
        child.pause = 1 if now - child.started_at > LONGEST_PAUSE else min(2 * child.pause, LONGEST_PAUSE)
        child.process, child.start_after = None, now + child.pause
    elif now >= child.start_after:
        child.start()


def stop_all(children):
    alive = [child.process for child in children if child.is_alive]
    for process in alive:
        process.terminate()
    end = time.monotonic() + GRACE_SECONDS
    for process in alive:
        try:
            process.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
