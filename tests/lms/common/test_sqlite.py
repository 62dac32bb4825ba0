"""Migrations with the triggers on: what SQLite rebuilds works, and a migration that fails leaves every one of them."""

import sqlite3

import pytest
from django.apps import apps
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from lms.common import triggers

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL alters a table with its triggers on"),
]


class Broke(Exception):
    pass


@pytest.fixture(autouse=True)
def as_it_was(tmp_path, transactional_db):
    """Schema and all, whatever a test does to it."""
    kept = sqlite3.connect(tmp_path / "kept")
    connection.ensure_connection()
    connection.connection.backup(kept)
    yield
    connection.close()
    connection.ensure_connection()
    kept.backup(connection.connection)
    kept.close()
    connection.close()


def migrate(*operations, app="grading", fail=False):
    """What a migration with these operations does; `fail` breaks it at its end."""
    before = ProjectState.from_apps(apps)
    with connection.schema_editor(atomic=True) as editor:
        for operation in operations:
            after = before.clone()
            operation.state_forwards(app, after)
            operation.database_forwards(app, editor, before, after)
            before = after
        if fail:
            raise Broke


def note(default=""):
    return migrations.AddField("leveldecision", "note", models.CharField(max_length=20, default=default))


def test_a_table_that_others_look_into_is_rebuilt_and_every_trigger_stands_at_once():
    migrate(note())
    assert triggers.differences() == {}


def test_what_fails_half_way_leaves_every_trigger_on():
    with pytest.raises(Broke):
        migrate(note(), fail=True)
    assert triggers.differences() == {}


def test_a_trigger_that_speaks_of_a_column_that_goes_waits_for_the_end_of_migrate():
    migrate(migrations.RemoveField("attendancecorrection", "after"), app="training")
    key = ("training_attendancecorrection", "pitlane_training_attendancecorrection_no_update")
    assert triggers.differences() == {key: "missing"}
    migrate(migrations.AlterField("session", "room", models.CharField(max_length=70)), app="training")  # SQLite parses each trigger then


def test_a_table_that_goes_takes_what_speaks_of_it_along():
    migrate(migrations.DeleteModel("paychange"), app="pay")
    migrate(migrations.DeleteModel("leveldecision"))
    assert {table for table, _name in triggers.differences()} == {"people_employee"}
    migrate(migrations.AlterField("employee", "name", models.CharField(max_length=90)), app="people")
    assert {table for table, _name in triggers.differences()} == {"people_employee"}
