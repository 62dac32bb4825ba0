"""An event knows whom and where it concerns, and who ran the command that recorded it."""

import runpy
import sys
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from lms.audit.actions import event_of, record_event, record_events
from lms.audit.models import Event
from lms.audit.running import running
from lms.people.actions import record_leave
from lms.people.models import Employee
from tests.factories import make_dealer, make_employee

pytestmark = pytest.mark.django_db
MANAGE = Path(__file__).parents[3] / "manage.py"


def test_an_event_about_a_person_names_them_and_their_dealer():
    person = make_employee()
    record_leave(employee=person, starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 3), by=make_employee("hr_officer").user, at=None)
    event = Event.objects.get(verb="person.leave_recorded")
    assert (event.about, event.dealer) == (person.pk, person.dealer_id)


def test_what_is_not_at_hand_is_asked_for_once_for_many(django_assert_num_queries):
    for _each in range(12):
        make_employee()
    users = [person.user for person in Employee.objects.select_related("user")]
    bare = [type(user).objects.get(pk=user.pk) for user in users]
    with django_assert_num_queries(2):
        record_events([event_of("sign_in.password_changed", target=user, by=user) for user in bare])
    assert set(Event.objects.values_list("about", "dealer")) == set(Employee.objects.values_list("pk", "dealer"))


def test_what_is_at_hand_costs_no_statement(django_assert_num_queries):
    people = [make_employee() for _each in range(12)]
    with django_assert_num_queries(1):
        record_events([event_of("person.corrected", target=person, by=None) for person in people])


def test_whoever_signs_in_without_a_post_is_at_no_dealer(django_user_model):
    user = django_user_model.objects.create_superuser("root", password="Steady-hands-42")
    event = record_event("sign_in.password_changed", target=user, by=user)
    assert (event.about, event.dealer) == (None, None)


def test_an_event_of_a_command_says_who_ran_it():
    with running(["manage.py", "import_employees", "staff.xlsx", "--apply"]):
        event = record_event("person.corrected", target=make_employee(), by=None)
    assert event.run_by.endswith(": manage.py import_employees staff.xlsx --apply")
    assert "@" in event.run_by
    assert record_event("person.corrected", target=make_employee(), by=None).run_by == ""


@pytest.mark.parametrize("command", ["serve", "runserver", "sweep", "seed_demo"])
def test_what_others_do_in_a_command_is_not_done_by_whoever_typed_it(command):
    with running(["manage.py", command]):
        assert record_event("person.corrected", target=make_employee(), by=None).run_by == ""


def test_a_password_on_the_command_line_is_not_kept():
    with running(["manage.py", "x", "--password", "geheim-1", "--new-password=geheim-2", "--port=1"]):
        run_by = record_event("person.corrected", target=make_employee(), by=None).run_by
    assert run_by.endswith(": manage.py x --password … --new-password=… --port=1")


@pytest.fixture
def type_in(monkeypatch):
    """`type_in("check")`: manage.py with these words. A command closes the connections when it ends; the test's stays."""
    monkeypatch.setattr("django.db.connections.close_all", lambda: None)

    def type_in(*words):
        monkeypatch.setattr(sys, "argv", ["manage.py", *words])
        runpy.run_path(str(MANAGE), run_name="__main__")

    return type_in


def test_the_console_is_on_record_before_it_can_change_anything(type_in):
    dealer = make_dealer()
    code = f"from lms.people.models import Dealer; Dealer.objects.filter(pk={dealer.pk}).update(city='Suzhou')"
    type_in("shell", "-v", "0", "-c", code)
    dealer.refresh_from_db()
    event = Event.objects.get(verb="console.ran")
    assert dealer.city == "Suzhou"
    assert event.after["command"].startswith("manage.py shell -v 0 -c from lms.people")
    assert event.run_by.partition(": ")[2] == event.after["command"][: 200 - event.run_by.index(":") - 2]


def test_a_command_of_ours_is_no_event_by_itself(type_in):
    type_in("check", "--tag", "models")
    assert not Event.objects.filter(verb="console.ran").exists()


def test_a_command_that_mends_a_database_without_a_log_runs_all_the_same(type_in, capsys):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_event RENAME TO audit_elsewhere")
    try:
        type_in("shell", "-c", "pass")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_elsewhere RENAME TO audit_event")
    assert "not on record" in capsys.readouterr().err
