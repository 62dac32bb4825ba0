"""The application's role, as the owner makes it with the command: it works, and what is only added to stays."""

import subprocess
import sys

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from lms.common import triggers
from tests.each import each
from tests.factories import make_employee

ROLE = "pitlane_app_of_the_test"


@pytest.mark.parametrize("role", ["", "a b", 'x"; DROP TABLE audit_event; --', "Pitlane", "x" * 64])
def test_a_name_that_is_no_plain_role_is_refused(role):
    with pytest.raises(CommandError, match="small Latin letters"):
        call_command("database_grants", role=role)


def test_every_table_is_granted_and_none_that_is_only_added_to_may_be_changed(capsys):
    call_command("database_grants", role=ROLE)
    said = capsys.readouterr().out
    (changes,) = [line for line in said.splitlines() if "DELETE" in line]
    (adds,) = [line for line in said.splitlines() if line.startswith("GRANT SELECT, INSERT ON")]
    for one in each(triggers.append_only_tables()):
        assert f" {one.table}," in adds.replace(" TO", ",")
        assert f" {one.table}," not in changes.replace(" TO", ",")
    assert "TRUNCATE" not in said
    assert "accounts_user_groups" in changes
    assert "pitlane_cache" in changes


@pytest.fixture
def application(transactional_db):
    """A connection as the application's role, after the owner ran what the command prints, twice."""
    if connection.vendor != "postgresql":
        pytest.skip("roles are PostgreSQL's")
    make_employee(number="YT0042")
    grants = subprocess.run(
        [sys.executable, "manage.py", "database_grants", "--role", ROLE], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    ).stdout
    values = connection.settings_dict
    place = {"host": values["HOST"], "port": values["PORT"] or 5432, "dbname": values["NAME"], "user": values["USER"]}
    with psycopg.connect(**place, password=values["PASSWORD"], autocommit=True) as owner:
        owner.execute(f"DO $$ BEGIN CREATE ROLE {ROLE} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
        owner.execute(grants)
        owner.execute(grants)
        with psycopg.connect(**place, password=values["PASSWORD"], autocommit=True) as there:
            there.execute(f"SET SESSION AUTHORIZATION {ROLE}")
            yield there
        owner.execute(f"DROP OWNED BY {ROLE}; DROP ROLE {ROLE}")


def refused(there, sql):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        there.execute(sql)


@pytest.mark.services
def test_the_application_reads_and_writes(application):
    application.execute("UPDATE people_employee SET phone = '1' WHERE number = 'YT0042'")
    added = "INSERT INTO audit_event (at, verb, target_type, target_id, target_label, before, after) VALUES (now(), 'x', 'x', '1', 'x', '{}', '{}')"
    assert application.execute(added).rowcount == 1
    assert application.execute("SELECT count(*) FROM audit_event WHERE verb = 'x'").fetchone() == (1,)
    assert application.execute("DELETE FROM pitlane_cache").rowcount == 0
    assert application.execute("SELECT count(*) > 0 FROM django_migrations").fetchone() == (True,)


@pytest.mark.services
def test_the_application_cannot_change_what_is_only_added_to_nor_switch_its_guards_off(application):
    for one in each(triggers.append_only_tables()):
        column = application.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name <> 'id' LIMIT 1", [one.table]
        ).fetchone()[0]
        refused(application, f'UPDATE {one.table} SET "{column}" = NULL')
        refused(application, f"DELETE FROM {one.table}")
        refused(application, f"TRUNCATE {one.table} CASCADE")
        refused(application, f"ALTER TABLE {one.table} DISABLE TRIGGER pitlane_{one.table}_no_update")
        refused(application, f"DROP TRIGGER pitlane_{one.table}_no_update ON {one.table}")
        refused(application, f"DROP TABLE {one.table} CASCADE")


@pytest.mark.services
def test_the_application_makes_nothing_and_stands_above_no_trigger(application):
    refused(application, "CREATE TABLE mine (id int)")
    refused(application, "DROP FUNCTION pitlane_grading_leveldecision_no_update() CASCADE")
    refused(application, "SET session_replication_role = replica")
    refused(application, "DELETE FROM django_migrations")
