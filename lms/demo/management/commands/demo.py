import shutil
import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from lms.demo.cast import PASSWORD, PERSONAS
from lms.people.models import Employee


class Command(BaseCommand):
    help = "The quick start: a demo dealership on SQLite, served. The second time it keeps the data."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--port", default="8000")
        parser.add_argument("--stage", default="sat")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--reset", action="store_true", help="throw the demo's data away first")
        parser.add_argument("--no-serve", action="store_true", help="make everything ready and stop")

    def handle(self, *, port, stage, seed, reset, no_serve, **options):
        if not settings.DEMO:
            raise CommandError("LMS_DEMO is not true here; begin with: make demo")
        begun = Path(settings.DATA_DIR) / "demo-begun"  # there while the seed is at work: it was interrupted if it's there now
        if reset or begun.exists():
            throw_away()
        self.step("Translations", call_command, "compile_translations")
        self.step("Database", call_command, "migrate", interactive=False, verbosity=0)
        if not Employee.objects.exists():
            begun.touch()
            self.step(
                f"Demo dealership, stage “{stage}” (a minute or two, this once)",
                call_command,
                "seed_demo",
                stage=stage,
                seed=seed,
                verbosity=0,
            )
        begun.unlink(missing_ok=True)
        if static_is_old():
            self.step("Static files", call_command, "collectstatic", interactive=False, verbosity=0)
        self.stdout.write(sign_ins(port))
        if not no_serve:
            connection.close()
            call_command("serve", bind=f"127.0.0.1:{port}")

    def step(self, title, function, *args, **kwargs):
        self.stdout.write(f"{title} …", ending="")
        self.stdout.flush()
        began = time.monotonic()
        function(*args, **kwargs)
        self.stdout.write(f" {time.monotonic() - began:.1f} s")


def throw_away():
    """Delete the demo's own SQLite file and files. Never anything on a database server."""
    if connection.vendor != "sqlite":
        raise CommandError("This begins anew only on SQLite. On PostgreSQL drop and create the database yourself.")
    if Employee._meta.db_table in connection.introspection.table_names():
        refuse_real_people()
    connection.close()
    name = str(settings.DATABASES["default"]["NAME"])
    for ending in ("", "-wal", "-shm"):
        Path(name + ending).unlink(missing_ok=True)
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


def refuse_real_people():
    known = {number for number, _en, _zh in PERSONAS}
    if Employee.objects.exists() and not Employee.objects.filter(number__in=known).exists():
        raise CommandError(f"{settings.DATABASES['default']['NAME']} holds people who are not the demo's; nothing was deleted.")


def static_is_old():
    """Whether a file that we serve is newer than the collected ones (or an installed package is)."""
    collected = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not collected.exists():
        return True
    made = collected.stat().st_mtime
    ours = (settings.BASE_DIR / "lms" / "static").rglob("*")
    return any(path.stat().st_mtime > made for path in [*ours, *settings.BASE_DIR.glob("requirements*.txt")])


def sign_ins(port):
    lines = ["", f"Pitlane 匠阶 is on http://127.0.0.1:{port}", "", f"Password of everyone 密码：{PASSWORD}", ""]
    lines += [f"  {number:<9} {en} {zh}" for number, en, zh in PERSONAS]
    return "\n".join([*lines, "", "Ctrl-C stops it; the data stays. 按 Ctrl-C 停止，数据保留。", ""])
