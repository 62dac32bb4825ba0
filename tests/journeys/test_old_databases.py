"""A database of an earlier release is taken over whole: nothing that people earned, were promised or did is lost.

Two of them in every run; all that there are with `OLD_DATABASES=all` in the environment, about five minutes.
"""

import json
import os
from contextlib import closing, contextmanager

import psycopg
import pytest
from django.conf import settings

from assessments.questions.kinds.response import response_of
from tests.journeys.old_databases import (
    answered,
    build_as_then,
    columns_in,
    connect,
    files,
    fill,
    find_folder,
    fingerprint,
    manage,
    run,
    same,
    unpack,
)

RUNNING = "demo-0.1.0-sat-with-attempts-running.sqlite3.xz"
ALWAYS = {RUNNING, "demo-0.1.0-published.sqlite3.xz"}  # those that differ most
# One process: the exams whose time is over are handed in and marked, then everything is checked.
SWEEP_AND_CHECK = """
from datetime import datetime, timezone
from django.core.management import call_command
from lms.home.sweep import sweep
done = sweep(at=datetime(2026, 12, 5, tzinfo=timezone.utc))
assert None not in done.values(), done
call_command("check_integrity")
"""
# A programme is for those whom it was for when its kind was called like a track.
AUDIENCES = """
from datetime import date
from courses.training.models import Programme
from courses.training.queries.sessions import staff_of
from lms.audiences.queries import means
from lms.people.models import Employee
from lms.people.queries import present_staff
on = date(2026, 12, 5)
for programme in Programme.objects.all():
    was = present_staff(programme.dealer).filter(position__track=programme.kind, hired_on__lte=on).order_by("number")
    assert list(was) == list(staff_of(programme, on)) != [], programme
for one in Employee.objects.select_related("position").exclude(status="left").exclude(position__is_outside=True):
    here = Programme.objects.filter(dealer=one.dealer_id)
    assert set(here.filter(means(one, on))) == set(here.filter(kind=one.position.track)), one
"""
ANSWERS = """
SELECT t.id, r.number, r.version_id, CAST(r.response AS TEXT), r.sequence FROM answers_response r JOIN exams_attempt t ON t.sheet_id = r.sheet_id
 WHERE t.id IN ({}) ORDER BY t.id, r.number
"""
pytestmark = pytest.mark.skipif(not files(), reason=f"{find_folder()} with databases of earlier releases is not here")


chosen = [file for file in files() if file.name in ALWAYS or os.environ.get("OLD_DATABASES") == "all"]
each_file = pytest.mark.parametrize("packed", chosen, ids=lambda file: file.name.split(".sqlite3")[0])


def running_attempts(url):
    with closing(connect(url)) as database:
        return [pk for (pk,) in database.execute("SELECT id FROM exams_attempt WHERE status = 'in_progress' ORDER BY id").fetchall()]


def answers_of(url, attempts):
    with closing(connect(url)) as database:
        rows = database.execute(ANSWERS.format(", ".join(map(str, attempts or [0])))).fetchall()
    return [(*row[:3], response_of(json.loads(row[3])), row[4]) for row in rows]


def take_over(url, folder, columns):
    """Migrate it; nothing precious differs. Then what was under way ends, and every rule holds."""
    before, running = fingerprint(url, columns), running_attempts(url)
    manage(url, folder, "migrate", "--no-input", "-v0")
    given = answers_of(url, running)
    assert list(same(before, fingerprint(url, columns, moved=True))) == []
    for room in ("exams", "checks"):
        as_it_was, as_it_is = answered(url, room)
        assert as_it_was == as_it_is
    run(url, folder, AUDIENCES)
    assert "rules hold" in run(url, folder, SWEEP_AND_CHECK)
    assert answers_of(url, running) == given
    assert states_of(url, running) == {pk: "marked" for pk in running}
    return given


def states_of(url, attempts):
    with closing(connect(url)) as database:
        states = dict(database.execute("SELECT id, status FROM exams_attempt").fetchall())
    return {pk: states[pk] for pk in attempts}


@each_file
def test_an_old_database_is_taken_over_on_sqlite(packed, tmp_path):
    file = unpack(packed, tmp_path)
    given = take_over(f"sqlite:///{file}", tmp_path, columns_in(file))
    assert len(given) == (14 if packed.name == RUNNING else 0)


class Server:
    """The server of the suite, where databases of our own come and go."""

    def __init__(self):
        if not settings.DATABASE_URL.startswith("postgres"):
            pytest.skip("needs PostgreSQL: LMS_DATABASE_URL")
        self.url, _slash, name = settings.DATABASE_URL.partition("?")[0].rpartition("/")
        self.name = f"{name}_old_{os.getpid()}"

    @contextmanager
    def database(self, name, template="template1"):
        with psycopg.connect(f"{self.url}/postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            yield f"{self.url}/{name}"
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def as_then(tmp_path_factory):
    """An empty database with the tables of that release; it takes a minute, so it is made once."""
    server, folder = Server(), tmp_path_factory.mktemp("then")
    with server.database(server.name) as url:
        build_as_then(unpack(chosen[0], folder), url, folder)
        yield server


@pytest.mark.services
@each_file
def test_a_copy_of_it_on_postgresql_is_taken_over(packed, tmp_path, as_then):
    file = unpack(packed, tmp_path)
    columns = columns_in(file)
    with as_then.database(f"{as_then.name}_filled", template=as_then.name) as url:
        fill(file, url)
        assert list(same(fingerprint(f"sqlite:///{file}", columns), fingerprint(url, columns))) == []
        given = take_over(url, tmp_path, columns)
        assert len(given) == (14 if packed.name == RUNNING else 0)
        numbers_go_on(url)


def numbers_go_on(url):
    """The sequences were set right: a new row gets a number that none has."""
    with closing(connect(url)) as database:
        last = database.execute("SELECT max(id) FROM audit_event").fetchone()[0]
        assert database.execute("SELECT nextval(pg_get_serial_sequence('audit_event', 'id'))").fetchone()[0] == last + 1
