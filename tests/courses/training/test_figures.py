from datetime import date, datetime, time

import pytest
from django.utils import timezone

from courses.training.figures import attendance
from courses.training.models import Attendance
from lms.people.actions import record_departure, transfer_employee
from lms.people.actions.writing import line_of, remember_all
from lms.people.standing import PLACE
from tests.factories import make_dealer, make_employee
from tests.factories.training import make_floor, make_programme, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-25T10:00+08:00")]

FIRST, SECOND, CHANGED = date(2026, 10, 15), date(2026, 11, 5), date(2026, 11, 10)


@pytest.fixture
def floor():
    """Three advisors: one stays and came both times, one was missing and leaves, one was missing and moves to the other dealer."""
    floor = make_floor(advisors=3, technicians=0)
    make_dealer("YT02")
    remember_all([line_of(one, "hired", one.hired_on, None, says=PLACE, status="active") for one in floor.advisors])
    programme, (stays, goes, moves) = make_programme(floor), floor.advisors
    for day in (FIRST, SECOND):
        session = make_session(programme, on=day, status="closed")
        for one, state in ((stays, "present"), (goes, "absent"), (moves, "absent")):
            Attendance.objects.create(session=session, employee=one, state=state)
    return floor


def on_the_tile(floor, day):
    at = timezone.make_aware(datetime.combine(day, time(12)))
    return [tile["value"] for tile in attendance(floor.manager.user, floor.manager, at)]


def test_the_attendance_of_a_past_day_is_that_of_the_staff_of_then(floor):
    _stays, goes, moves = floor.advisors
    assert on_the_tile(floor, date(2026, 11, 25)) == [33]
    who = {"by": make_employee("group_hr").user, "at": timezone.now()}
    record_departure(employee=goes, left_on=CHANGED, leaving="resigned", **who)
    transfer_employee(employee=moves, dealer=make_dealer("YT02"), on=CHANGED, **who)
    assert on_the_tile(floor, date(2026, 11, 25)) == [100]
    assert on_the_tile(floor, date(2026, 11, 9)) == [33]


def test_an_intern_in_a_technicians_post_and_a_later_session_do_not_count(floor):
    intern = make_employee("advisor", dealer=floor.dealer, kind="intern")
    late = make_session(floor.advisors[0].dealer.programmes.get(), on=date(2026, 11, 19), status="closed")
    Attendance.objects.create(session=late, employee=intern, state="absent")
    Attendance.objects.create(session=late, employee=floor.advisors[0], state="present")
    assert on_the_tile(floor, date(2026, 11, 18)) == [33]
    assert on_the_tile(floor, date(2026, 11, 25)) == [42]  # 42.86, cut
