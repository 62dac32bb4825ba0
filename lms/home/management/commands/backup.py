import json
import os
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

FORMAT = 1


class Command(BaseCommand):
    help = "Write the database and all uploaded files to one archive (.tar.gz). The server may go on working meanwhile."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        if file.exists():
            raise CommandError(f"{file} is there already. A backup never overwrites one; choose another name.")
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.part")
        # The database first: a file that a record names was written before the record.
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            dump = Path(folder) / "database"
            (dump_sqlite if connection.vendor == "sqlite" else dump_postgresql)(dump)
            write_archive(draft, dump, about())
        os.replace(draft, file)
        self.stdout.write(f"{file}: {file.stat().st_size / 1_000_000:.1f} MB")


def about():
    applied = sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())
    return {"format": FORMAT, "vendor": connection.vendor, "made_at": timezone.now().isoformat(), "migrations": applied}


def dump_sqlite(target):
    """A consistent copy by SQLite's own backup, while others write; by a connection of its own, which sees what is committed."""
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)


def dump_postgresql(target):
    run_tool(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"])


def run_tool(command):
    """Run a PostgreSQL tool against our database; the password goes by the environment, where no process list shows it."""
    values = connection.settings_dict
    places = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = os.environ | {variable: str(values[key]) for variable, key in places.items() if values.get(key)}
    try:
        result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError as error:
        raise CommandError(f"{command[0]} is not installed here (Debian: apt install postgresql-client).") from error
    if result.returncode:
        raise CommandError(f"{command[0]} failed: {result.stderr.strip()[-1500:]}")


def write_archive(target, dump, facts):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as note:
        json.dump(facts, note)
        note.flush()
        with tarfile.open(target, "w:gz", compresslevel=5) as archive:
            archive.add(note.name, "about.json")
            archive.add(dump, "database")
            media = Path(settings.MEDIA_ROOT)
            if media.is_dir():
                archive.add(media, "media")
