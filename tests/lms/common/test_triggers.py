import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from lms.audit.actions import record_event
from lms.audit.models import Event
from lms.common import trigger_store, triggers
from lms.people.models import Employee
from tests.factories import make_employee

pytestmark = pytest.mark.django_db
POSTGRESQL = connection.vendor == "postgresql"
KEY = ("grading_leveldecision", "pitlane_grading_leveldecision_no_update")


def by_hand(*statements):
    """What a person with the database's password could run."""
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)


def drop(table, name):
    with connection.cursor() as cursor:
        trigger_store.of(connection).drop(cursor, table, name)


def create(trigger):
    with connection.cursor() as cursor:
        trigger_store.of(connection).create(cursor, trigger)


def test_every_registered_trigger_is_in_the_database():
    assert triggers.present() == {trigger.name for trigger in triggers.registered()}
    assert triggers.differences() == {}


def test_a_missing_trigger_is_told_and_put_back():
    drop(*KEY)
    assert triggers.told(triggers.differences()) == ["grading_leveldecision_no_update on grading_leveldecision: missing"]
    triggers.create_all()
    assert triggers.differences() == {}


def test_a_trigger_that_no_room_registers_any_more_is_told_and_goes():
    create(triggers.Trigger("award_of_old", "grading_leveldecision", "INSERT", "1 = 0", "Long gone"))
    assert triggers.differences() == {("grading_leveldecision", "pitlane_award_of_old"): "stale"}
    triggers.create_all()
    assert triggers.differences() == {}


def test_a_trigger_whose_rule_was_weakened_is_told_and_made_anew():
    create(
        triggers.Trigger(
            "grading_leveldecision_no_update", "grading_leveldecision", "UPDATE", "1 = 0", "Level decisions are only ever added to"
        )
    )
    assert triggers.differences() == {KEY: "changed"}
    triggers.create_all()
    assert triggers.differences() == {}


def test_a_trigger_that_speaks_at_another_event_is_told():
    drop(*KEY)
    create(
        triggers.Trigger(
            "grading_leveldecision_no_update", "grading_leveldecision", "DELETE", "1 = 1", "Level decisions are only ever added to"
        )
    )
    assert triggers.differences() == {KEY: "changed"}


@pytest.mark.skipif(not POSTGRESQL, reason="only PostgreSQL switches triggers off")
def test_a_trigger_switched_off_is_told_and_switched_on():
    by_hand("ALTER TABLE grading_leveldecision DISABLE TRIGGER pitlane_grading_leveldecision_no_update")
    assert triggers.differences() == {KEY: "disabled"}
    triggers.create_all()
    assert triggers.differences() == {}


@pytest.mark.skipif(not POSTGRESQL, reason="on SQLite a trigger has no function")
def test_the_functions_of_triggers_that_are_gone_go_too():
    create(triggers.Trigger("award_of_old", "grading_leveldecision", "INSERT", "1 = 0", "Long gone"))
    by_hand("CREATE FUNCTION somebody_elses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$")
    triggers.create_all()
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname FROM pg_proc WHERE proname IN ('pitlane_award_of_old', 'somebody_elses')")
        assert cursor.fetchall() == [("somebody_elses",)]


def test_the_second_time_nothing_is_made(django_assert_max_num_queries):
    triggers.create_all()
    with django_assert_max_num_queries(12) as captured:
        triggers.create_all()
    assert not [query["sql"] for query in captured if query["sql"].startswith(("CREATE", "DROP", "ALTER"))]


def test_triggers_of_others_are_left_alone():
    create(triggers.Trigger("x", "grading_leveldecision", "INSERT", "1 = 0", "x"))
    assert not triggers.is_ours("insert_wagtailsearch_indexentry_fts")
    theirs = others()
    triggers.create_all()
    triggers.drop_all()
    assert others() == theirs
    triggers.create_all()


def others():
    with connection.cursor() as cursor:
        return {name for _table, name in trigger_store.of(connection).found(cursor) if not triggers.is_ours(name)}


def test_an_unmarked_trigger_of_the_first_release_goes():
    name = "grading_award_no_update"
    if POSTGRESQL:
        by_hand(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
            f"CREATE TRIGGER {name} BEFORE UPDATE ON grading_leveldecision FOR EACH ROW EXECUTE FUNCTION {name}()",
        )
    else:
        by_hand(f"CREATE TRIGGER {name} BEFORE UPDATE ON grading_leveldecision BEGIN SELECT RAISE(ABORT, 'x'); END")
    assert triggers.differences() == {("grading_leveldecision", name): "stale"}
    triggers.create_all()
    assert triggers.differences() == {}


def test_a_migration_may_lift_the_triggers_of_a_table_and_only_those():
    event = record_event("person.corrected", target=make_employee(), by=None)
    with triggers.lifted("audit_event"):
        Event.objects.filter(pk=event.pk).update(verb="test.renamed")
        assert set(triggers.differences().values()) == {"missing"}
        assert {table for table, _name in triggers.differences()} == {"audit_event"}
    assert triggers.differences() == {}
    assert Event.objects.get().verb == "test.renamed"


def test_a_migration_that_renames_a_table_lets_go_of_what_stands_on_it_or_speaks_of_it():
    triggers.forget("grading_leveldecision")
    tables = {table for table, _name in triggers.differences()}
    assert tables == {"grading_leveldecision", "pay_paychange", "people_employee"}
    assert "people_employee_starts_without_a_level" in triggers.present()
    triggers.create_all()
    assert triggers.differences() == {}


def test_a_name_that_postgresql_would_cut_is_refused():
    with pytest.raises(ValueError, match="longer than 63"):
        triggers.register(triggers.Trigger("x" * 60, "grading_leveldecision", "INSERT", "1 = 0", "x"))


def test_an_audit_event_cannot_be_edited_or_deleted_even_by_raw_sql():
    event = record_event("person.corrected", target=make_employee(), by=None)
    for sql in ("UPDATE audit_event SET verb = 'x' WHERE id = %s", "DELETE FROM audit_event WHERE id = %s"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [event.pk])
    assert Event.objects.get(pk=event.pk).verb == "person.corrected"


@pytest.mark.parametrize("level", [1, 2, 3])
def test_no_update_gives_a_level_without_an_award(level):
    employee = make_employee()
    with pytest.raises(IntegrityError), transaction.atomic():
        Employee.objects.filter(pk=employee.pk).update(service_level=level)


def test_nobody_arrives_with_a_level():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_employee(technical_level=2)


def test_a_refusal_by_a_trigger_is_an_error_of_the_database_that_says_why():
    event = record_event("person.corrected", target=make_employee(), by=None)
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(verb="x")
