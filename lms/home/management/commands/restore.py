import json
import shutil
import sqlite3
import tarfile
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from lms.home.management.commands.backup import FORMAT, run_tool


class Command(BaseCommand):
    help = "Put back what backup wrote: database and uploaded files, whole. Stop the server first."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--yes", action="store_true", help="replace what the database and the files hold now")

    def handle(self, *, file, yes, **options):
        if not file.is_file():
            raise CommandError(f"There is no {file}.")
        tables = connection.introspection.table_names()
        if tables and not yes:
            raise CommandError(
                f"The database holds {len(tables)} tables already. Restore into an empty one, or say --yes to replace all of it."
            )
        with tempfile.TemporaryDirectory() as folder:
            unpack(file, folder)
            check(folder, file)
            dump = Path(folder) / "database"
            (restore_sqlite if connection.vendor == "sqlite" else restore_postgresql)(dump)
            restore_media(Path(folder) / "media")
        self.stdout.write("Restored. Now: manage.py migrate, then manage.py check_integrity --files")


def unpack(file, folder):
    """Only plain files with the names that backup writes: an archive from elsewhere can't write outside of `folder`."""
    try:
        with tarfile.open(file) as archive:
            for member in archive:
                if member.isfile() and is_ours(member.name):
                    target = Path(folder) / member.name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    with archive.extractfile(member) as content, target.open("wb") as copy:
                        shutil.copyfileobj(content, copy)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise CommandError(f"{file} is damaged or not a backup: {error}. Nothing was changed.") from error


def is_ours(name):
    parts = Path(name).parts
    return name in {"about.json", "database"} or (parts[:1] == ("media",) and ".." not in parts)


def check(folder, file):
    try:
        facts = json.loads((Path(folder) / "about.json").read_text())
        vendor, number = facts["vendor"], facts["format"]
    except (OSError, ValueError, KeyError) as error:
        raise CommandError(f"{file} is not a backup of Pitlane. Nothing was changed.") from error
    if number > FORMAT:
        raise CommandError(f"{file} was made by a newer Pitlane. Nothing was changed.")
    if vendor != connection.vendor:
        raise CommandError(f"{file} is of {vendor}, but LMS_DATABASE_URL is {connection.vendor}. Nothing was changed.")


def restore_sqlite(dump):
    """Copy every page of the dump into our database, in one transaction of SQLite's own."""
    connection.ensure_connection()
    source = sqlite3.connect(dump)
    source.backup(connection.connection)
    source.close()
    connection.close()


def restore_postgresql(dump):
    """Into a fresh schema, the old one kept aside until all is there: a failure leaves everything as it was."""
    sql("DROP SCHEMA IF EXISTS before_restore CASCADE", "ALTER SCHEMA public RENAME TO before_restore", "CREATE SCHEMA public")
    try:
        run_tool([
            "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "--schema=public",
            f"--dbname={connection.settings_dict['NAME']}", str(dump),
        ])  # fmt: skip
    except CommandError:
        sql("DROP SCHEMA public CASCADE", "ALTER SCHEMA before_restore RENAME TO public")
        raise
    sql("DROP SCHEMA before_restore CASCADE")


def sql(*statements):
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    connection.close()


def restore_media(media):
    """Put the files in place of those there now; the old ones go only when the new ones stand beside them."""
    target = Path(settings.MEDIA_ROOT)
    fresh, old = target.with_name(f"{target.name}.new"), target.with_name(f"{target.name}.old")
    for folder in (fresh, old):
        shutil.rmtree(folder, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    if media.is_dir():
        shutil.copytree(media, fresh)
    else:
        fresh.mkdir()
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)
