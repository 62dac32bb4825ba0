"""People are written by one hand: by form, by file or as a proposal, the same is left behind, in as many statements for many as for one."""

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lms.audit.models import Event
from lms.people import actions
from lms.people.importers import import_employees
from lms.people.models import Employee
from tests.each import each
from tests.factories import make_dealer, make_employee, make_position

pytestmark = pytest.mark.django_db

HEADER = ["工号", "姓名", "门店", "岗位", "直属上级", "入职日期", "邮箱", "电话", "状态", "试用期至", "合同起始日", "合同截止日"]
OWN = {"id", "pk", "number", "user", "employee", "username", "reason", "password", "recorded_at", "email", "name", "date_joined"}


@pytest.fixture
def hr():
    return make_employee("hr_officer", name="何静", number="HR1").user


@pytest.fixture
def boss():
    return make_employee("service_supervisor", name="刘敏", number="B1")


def by_form(hr, number, boss):
    actions.hire_employee(
        dealer=make_dealer(), position=make_position("advisor"), number=number, name="李四", hired_on=date(2024, 3, 1), manager=boss,
        email=f"{number}@example.com".lower(), phone="138", status="probation",
        probation_until=date(2024, 6, 1), contract_from=date(2024, 3, 1), by=hr, at=timezone.now(),
    )  # fmt: skip


def by_file(hr, number, *_):
    bring_in(
        hr,
        [number, "李四", "YT01", "服务顾问", "B1", "2024-03-01", f"{number}@example.com", "138", "试用期", "2024-06-01", "2024-03-01", ""],
    )


def bring_in(hr, *rows):
    file = io.StringIO()
    csv.writer(file).writerows([HEADER, *rows])
    outcome = import_employees(file.getvalue().encode(), "p.csv", by=hr, at=timezone.now(), apply=True)
    assert not outcome.refused


def without_own(record):
    return {name: value for name, value in model_to_dict(record, exclude=OWN).items() if name != "groups"}


def left_behind(number):
    """All rows about a person, but for what is theirs alone: keys, number, name, address."""
    person = Employee.objects.get(number=number)
    events = Event.objects.filter(about=person.pk).order_by("verb", "pk")
    return {
        "record": without_own(person) | {"levels": (person.service_level, person.technical_level)},
        "user": without_own(person.user) | {"called": person.user.username == number, "email": person.user.email == person.email},
        "secret": person.user.has_usable_password(),
        "roles": sorted(group.name for group in person.user.groups.all()),
        "history": [without_own(line) | {"by": line.recorded_by_id} for line in person.history.all()],
        "events": [
            (one.verb, one.actor_id, one.dealer, sorted(one.before.items()), sorted(one.after.items() - own(one, person))) for one in events
        ],
    }


def own(event, person):
    return {(name, value) for name, value in event.after.items() if name in ("number", "email", "username") and str(value)}


def test_who_comes_by_form_and_who_comes_by_file_leave_the_same_rows(hr, boss):
    by_form(hr, "F1", boss)
    by_file(hr, "D1")
    form, file = left_behind("F1"), left_behind("D1")
    assert form["events"]
    assert form["history"]
    for part in each(form):
        assert form[part] == file[part], part
    assert [verb for verb, *_rest in form["events"]] == ["person.hired", "person.sign_in_granted"]


def test_who_is_changed_by_form_and_who_by_file_leave_the_same_rows(hr, boss):
    people = [make_employee("advisor", number=number, name="李四", manager=boss) for number in ("F1", "D1")]
    who = {"by": hr, "at": timezone.now()}
    form = people[0]
    actions.transfer_employee(employee=form, position=make_position("service_supervisor"), **who)
    actions.change_status(employee=form, status="probation", **who)
    actions.correct_details(employee=form, phone="139", email="f1@example.com", **who)
    actions.record_contract(employee=form, probation_until=date(2027, 6, 1), **who)
    bring_in(hr, ["D1", "李四", "YT01", "服务主管", "B1", "2024-03-01", "d1@example.com", "139", "试用期", "2027-06-01", "", ""])
    left = [left_behind(number) for number in ("F1", "D1")]
    for part in each(left[0]):
        assert left[0][part] == left[1][part], part
    assert {verb for verb, *_rest in left[1]["events"]} == {
        "person.moved", "person.status_changed", "person.corrected", "person.readdressed", "person.contract_recorded",
    }  # fmt: skip


def test_twenty_are_written_in_as_many_statements_as_two(hr, boss):
    def rows(prefix, count):
        return [[f"{prefix}{n}", f"员工{n}", "YT01", "服务顾问", "B1", "2024-03-01", "", "", ""] for n in range(count)]

    def moved(prefix, count):
        return [[f"{prefix}{n}", f"员工{n}", "YT01", "维修技师", "B1", "2024-03-01", "", "139", "试用期"] for n in range(count)]

    counts = {}
    for prefix, count in (("W", 2), ("A", 2), ("C", 20)):  # the first one warms up what is read once
        for step in (rows, moved):
            with CaptureQueriesContext(
                connection,
            ) as said:
                bring_in(hr, *step(prefix, count))
            counts[prefix, step.__name__] = len(said)
    assert counts["A", "rows"] == counts["C", "rows"]
    assert counts["A", "moved"] == counts["C", "moved"]
