"""A student becomes an intern and goes back to school, of one record."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from lms.audit.models import Event
from lms.common.states import Refused, WrongHands
from lms.people.actions import become_intern, become_staff, go_back_to_school
from lms.people.models import Employee, EmploymentEvent, Position
from tests.factories import make_dealer, make_employee, make_student

pytestmark = pytest.mark.django_db
FIRST = date(2026, 11, 2)
NINE = datetime(2026, 11, 16, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def dealer():
    return make_dealer("YT01")


@pytest.fixture
def hr(dealer):
    return make_employee("hr_officer", dealer=dealer).user


@pytest.fixture
def student(dealer):
    return make_student(dealer=dealer).person


def roles_of(person):
    return set(person.user.groups.values_list("name", flat=True))


def test_a_student_becomes_an_intern_with_post_role_and_sign_in_of_the_same_record(dealer, hr, student):
    name = student.user.username
    become_intern(employee=student, dealer=dealer, on=FIRST, by=hr, at=NINE)
    student = Employee.objects.get(pk=student.pk)
    assert (student.kind, student.position.code, student.dealer) == ("intern", "intern", dealer)
    assert roles_of(student) == {"intern"}
    assert student.user.username == name


def test_the_history_says_what_they_are_from_the_first_day_on(dealer, hr, student):
    become_intern(employee=student, dealer=dealer, on=FIRST, by=hr, at=NINE, reason="第1批")
    line = student.history.get()
    assert (line.kind, line.on, line.person_kind, line.reason) == ("intern", FIRST, "intern", "第1批")
    assert line.says_position
    assert not line.says_dealer
    assert Event.objects.get(verb="person.became_intern").about == student.pk


def test_an_intern_goes_back_to_school_and_keeps_the_record(dealer, hr, student):
    become_intern(employee=student, dealer=dealer, on=FIRST, by=hr, at=NINE)
    go_back_to_school(employee=student, by=hr, at=NINE)
    student = Employee.objects.get(pk=student.pk)
    assert (student.kind, student.position.code) == ("student", "student")
    assert roles_of(student) == {"student"}
    assert [line.kind for line in student.history.all()] == ["intern", "school"]


def test_a_second_internship_later_is_of_the_same_record_too(dealer, hr, student):
    become_intern(employee=student, dealer=dealer, on=FIRST, by=hr, at=NINE)
    go_back_to_school(employee=student, by=hr, at=NINE)
    become_intern(employee=student, dealer=dealer, by=hr, at=NINE)
    assert Employee.objects.get(pk=student.pk).kind == "intern"
    assert [line.kind for line in student.history.all()] == ["intern", "school", "intern"]


def test_repeating_it_changes_nothing(dealer, hr, student):
    for _time in range(2):
        become_intern(employee=student, dealer=dealer, on=FIRST, by=hr, at=NINE)
    assert student.history.count() == 1


def test_whoever_became_staff_stays_staff(dealer, hr, student):
    become_intern(employee=student, dealer=dealer, on=FIRST, by=hr, at=NINE)
    advisor = Position.objects.get(code="advisor")
    become_staff(employee=student, number="N1", position=advisor, by=hr, at=NINE)
    go_back_to_school(employee=student, by=hr, at=NINE)
    assert Employee.objects.get(pk=student.pk).kind == "staff"


def test_staff_do_not_become_interns(dealer, hr):
    with pytest.raises(Refused, match="既不是学生"):
        become_intern(employee=make_employee(dealer=dealer), dealer=dealer, by=hr, at=NINE)


def test_whoever_has_left_is_brought_back_first(dealer, hr, student):
    Employee.objects.filter(pk=student.pk).update(status="left", left_on=FIRST)
    with pytest.raises(Refused, match="已离职"):
        become_intern(employee=student, dealer=dealer, by=hr, at=NINE)


def test_hr_of_another_dealer_does_not_take_them(dealer, student):
    there = make_dealer("YT02")
    with pytest.raises(WrongHands):
        become_intern(employee=student, dealer=there, by=make_employee("hr_officer", dealer=there).user, at=NINE)
    assert not EmploymentEvent.objects.exists()


def test_without_a_post_of_that_role_it_says_where_to_add_one(dealer, hr, student):
    Position.objects.filter(code="intern").delete()
    with pytest.raises(Refused, match="实习生"):
        become_intern(employee=student, dealer=dealer, by=hr, at=NINE)
