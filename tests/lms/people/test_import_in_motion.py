"""A file of people who have been moving: it changes no past, nobody's own record, and brings nobody under a newcomer unseen."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from lms.people import actions
from lms.people.importers import import_employees
from lms.people.integrity import records_follow_history
from lms.people.models import Proposal
from tests.factories import make_dealer, make_employee, make_position

pytestmark = pytest.mark.django_db
HEADER = ["工号", "姓名", "门店", "岗位", "直属上级", "入职日期", "状态"]


def who(user):
    return {"by": user, "at": timezone.now()}


@pytest.fixture
def hr():
    for code in ("general_manager", "technician", "advisor"):
        make_position(code)
    return make_employee("hr_officer", name="何静").user


@pytest.fixture
def person(hr):
    values = {
        "dealer": make_dealer(),
        "position": make_position("technician"),
        "number": "X1",
        "name": "张三",
        "hired_on": date(2024, 3, 1),
    }
    return actions.hire_employee(**values, **who(hr))


def bring_in(hr, *rows):
    file = io.StringIO()
    csv.writer(file).writerows([HEADER, *rows])
    return import_employees(file.getvalue().encode(), "people.csv", apply=True, **who(hr))


def columns(outcome):
    return [refusal["column"] for refusal in outcome.refused]


def test_the_day_of_hiring_does_not_pass_a_later_move(hr, person):
    actions.transfer_employee(employee=person, position=make_position("advisor"), on=date(2025, 6, 1), **who(hr))
    assert columns(bring_in(hr, ["X1", "张三", "YT01", "服务顾问", "", "2026-01-01", ""])) == ["入职日期"]
    assert bring_in(hr, ["X1", "张三", "YT01", "服务顾问", "", "2025-06-01", ""]).changed == 1
    assert not list(records_follow_history())


def test_nor_the_departure_of_someone_who_has_left(hr, person):
    actions.record_departure(employee=person, left_on=date(2025, 6, 1), **who(hr))
    assert columns(bring_in(hr, ["X1", "张三", "YT01", person.position.name_zh, "", "2026-01-01", "离职"])) == ["入职日期"]
    person.refresh_from_db()
    assert person.hired_on == date(2024, 3, 1)


CHIEF = ["GM9", "新总", "YT01", "总经理", "", "2026-01-01", ""]


def confirmed(number):
    return actions.confirm_proposal(proposal=Proposal.objects.get(number=number), **who(make_employee("group_hr").user))


def test_nobody_gives_themselves_another_manager_by_way_of_a_newcomer(hr):
    me = hr.employee
    outcome = bring_in(hr, CHIEF, [me.number, me.name, "YT01", me.position.name_zh, "GM9", me.hired_on.isoformat(), ""])
    assert columns(outcome) == ["工号"]
    assert not Proposal.objects.exists()


def test_who_has_left_comes_under_no_newcomer(hr, person):
    actions.record_departure(employee=person, left_on=date(2025, 6, 1), **who(hr))
    bring_in(hr, CHIEF, ["X1", "张三", "YT01", person.position.name_zh, "GM9", "2024-03-01", "离职"])
    confirmed("GM9")
    person.refresh_from_db()
    assert person.manager is None


def test_whoever_confirms_a_newcomer_reads_who_will_report_to_them(hr, person, sign_in):
    bring_in(hr, CHIEF, ["X1", "张三", "YT01", person.position.name_zh, "GM9", "2024-03-01", ""])
    page = sign_in(make_employee("group_hr")).get(reverse("proposal", args=[Proposal.objects.get(number="GM9").pk]))
    assert [member.pk for member in page.context["team"]] == [person.pk]
    assert "张三 · X1" in page.content.decode()
    chief = confirmed("GM9")
    person.refresh_from_db()
    assert person.manager == chief


def test_statements_of_a_check_do_not_grow_with_the_days_of_hiring_that_change(hr, django_assert_max_num_queries):
    numbers = [f"Y{number}" for number in range(12)]
    for number in numbers:
        make_employee("technician", number=number, name="同名", hired_on=date(2024, 3, 1))
    rows = [[number, "同名", "YT01", make_position("technician").name_zh, "", "2024-02-01", ""] for number in numbers]
    file = io.StringIO()
    csv.writer(file).writerows([HEADER, *rows])
    with django_assert_max_num_queries(22):
        outcome = import_employees(file.getvalue().encode(), "people.csv", apply=False, **who(hr))
    assert outcome.changed == 12
