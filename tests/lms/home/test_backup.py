"""The drill: back up, restore into an empty database, prove the rules there, and see that certificates still verify."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from lms.common import triggers
from lms.home.management.commands.restore import is_ours
from talent_pool.progression import follow_up_publication
from tests.factories import PUBLISHED_AT, make_award, make_bands, make_employee, make_published_cycle

ROOT = Path(__file__).parents[3]
CHECK = (
    "from assessments.certification.models import Certificate; from django.test import Client; from django.urls import reverse;"
    "print('verified', Client().get(reverse('verify', args=[Certificate.objects.get().code]), secure=True).status_code)"
)


def fill():
    """A small world: someone promoted, with certificate, pay change and notice, and an uploaded file."""
    from assessments.grading.models import PanelMember

    cycle = make_published_cycle()
    make_bands(cycle.dealer)
    for seat in PanelMember.SEATS[cycle.track]:
        examiner = make_employee(seat)
        PanelMember.objects.create(cycle=cycle, seat=seat, examiner=examiner, signed_at=PUBLISHED_AT, signed_by=examiner.user)
    award = make_award(cycle)
    follow_up_publication(cycle_id=cycle.pk, at=PUBLISHED_AT)
    default_storage.save("training/材料.txt", ContentFile(b"outline"))
    return award


def manage(data, url, *arguments):
    environment = os.environ | {"LMS_DATA_DIR": str(data), "LMS_DATABASE_URL": url, "LMS_MEDIA_ROOT": str(data / "media")}
    environment["PYTHONWARNINGS"] = "default"
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def drill(tmp_path, url):
    award = fill()
    archive = tmp_path / "backups" / "pitlane.tar.gz"
    call_command("backup", str(archive))
    data = tmp_path / "elsewhere"
    data.mkdir()
    restored = manage(data, url, "restore", str(archive))
    assert restored.returncode == 0, restored.stderr
    proved = manage(data, url, "check_integrity", "--files")
    assert proved.returncode == 0, proved.stdout + proved.stderr
    verified = manage(data, url, "shell", "-v0", "-c", CHECK)
    assert "verified 200" in verified.stdout, verified.stderr
    assert (data / "media" / "training" / "材料.txt").read_bytes() == b"outline"
    again = manage(data, url, "restore", str(archive))
    assert again.returncode == 1
    assert "--yes" in again.stderr
    assert manage(data, url, "restore", str(archive), "--yes").returncode == 0
    return award


@pytest.fixture
def emptied_afterwards(transactional_db):
    """On SQLite the tables are emptied row by row, which the triggers would refuse; they come back by themselves."""
    yield
    triggers.drop_all()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's drill")
def test_drill_on_sqlite(tmp_path, emptied_afterwards):
    drill(tmp_path, f"sqlite:///{tmp_path}/elsewhere/pitlane.sqlite3")


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's drill")
def test_drill_on_postgresql(tmp_path):
    name = f"{connection.settings_dict['NAME']}_drill"
    values = connection.settings_dict
    login = values["USER"] + (f":{values['PASSWORD']}" if values["PASSWORD"] else "")
    url = f"postgresql://{login}@{values['HOST'] or '127.0.0.1'}:{values['PORT'] or 5432}/{name}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        drill(tmp_path, url)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.django_db
def test_a_backup_never_overwrites_another(tmp_path):
    file = tmp_path / "there.tar.gz"
    file.write_bytes(b"precious")
    with pytest.raises(CommandError, match="never overwrites"):
        call_command("backup", str(file))
    assert file.read_bytes() == b"precious"


@pytest.mark.django_db
def test_restore_refuses_a_database_that_holds_something(tmp_path):
    file = tmp_path / "any.tar.gz"
    file.write_bytes(b"")
    with pytest.raises(CommandError, match="--yes"):
        call_command("restore", str(file))


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"no archive at all", b"\x1f\x8b\x08\x00broken"])
def test_restore_refuses_what_is_no_backup_and_changes_nothing(tmp_path, content):
    employee = make_employee()
    file = tmp_path / "bad.tar.gz"
    file.write_bytes(content)
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("restore", str(file), yes=True)
    employee.refresh_from_db()


@pytest.mark.django_db
def test_restore_refuses_an_archive_of_something_else(tmp_path):
    file = tmp_path / "else.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        archive.add(__file__, "holiday.py")
    with pytest.raises(CommandError, match="not a backup of Pitlane"):
        call_command("restore", str(file), yes=True)


@pytest.mark.parametrize(
    ("name", "ours"),
    [("database", True), ("media/a/b.pdf", True), ("media/../../etc/passwd", False), ("/etc/passwd", False), ("../x", False), ("x", False)],
)
def test_an_archive_cannot_write_elsewhere(name, ours):
    assert is_ours(name) is ours
