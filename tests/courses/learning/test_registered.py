"""Courses on a person's page, in the coming weeks, and before a leave."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.learning.actions import enrol
from courses.learning.effects import falls_due
from courses.learning.feed import courses as feed
from courses.learning.models import Completion
from courses.learning.panels import courses as panel
from courses.learning.panels import looks_after_learning
from lms.common.registries import Change
from tests.each import each
from tests.factories import make_course, make_employee

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = timezone.localdate(timezone=SHANGHAI)
START = datetime.combine(TODAY, datetime.min.time(), tzinfo=SHANGHAI)
END = START + timedelta(days=33)
DUE = TODAY + timedelta(days=8)


@pytest.fixture
def leader():
    return make_employee("service_manager")


@pytest.fixture
def reader():
    return make_employee()


def given(reader, leader, *, due_on=DUE):
    return enrol(employee=reader, course=make_course(), by=leader.user, at=timezone.now(), due_on=due_on)


def complete(enrolment):
    values = {"employee": enrolment.employee, "course": enrolment.course, "completed_at": timezone.now()}
    return Completion.objects.create(revision_id=1, **values)


def test_a_course_is_due_at_the_end_of_its_day_until_it_is_completed(reader, leader):
    given(reader, leader)
    given(reader, leader, due_on=None)
    given(reader, leader, due_on=TODAY + timedelta(days=60))
    (entry,) = feed(reader, START, END)
    assert timezone.localtime(entry.starts_at).strftime("%Y-%m-%d %H:%M") == f"{DUE} 23:59"
    complete(reader.enrolments.get(due_on=DUE))
    assert not list(feed(reader, START, END))


def test_a_leave_names_what_falls_due_in_it_and_a_departure_nothing(reader, leader):
    given(reader, leader)
    (one,) = falls_due(Change("leave", reader, DUE, DUE), leader.user)
    assert one.url
    assert not list(falls_due(Change("leave", reader, DUE + timedelta(days=1), DUE + timedelta(days=6)), leader.user))
    assert not list(falls_due(Change("departure", reader, DUE), leader.user))


def test_the_panel_shows_what_is_due_first_and_what_is_done_last(reader, leader, django_assert_num_queries):
    done, later, first = given(reader, leader), given(reader, leader, due_on=None), given(reader, leader)
    complete(done)
    reader.user.get_all_permissions()
    with django_assert_num_queries(1):
        shown = panel(reader, reader.user, START)
    assert [one.pk for one in shown["shown"]] == [first.pk, later.pk, done.pk]
    assert (shown["completed"], shown["enrolled"]) == (1, 3)


def test_without_a_course_there_is_no_panel(reader):
    assert panel(reader, reader.user, START) is None


def test_it_is_for_oneself_and_for_whoever_gives_courses(reader, leader):
    assert looks_after_learning(reader.user, reader)
    assert looks_after_learning(leader.user, reader)
    assert not looks_after_learning(make_employee().user, reader)


def test_all_that_the_panel_counts_is_listed_in_it(reader, leader, sign_in):
    for _course in range(9):
        given(reader, leader)
    shown = panel(reader, leader.user, timezone.now())
    assert (shown["enrolled"], len(shown["shown"]), len(shown["more"])) == (9, 8, 1)
    page = sign_in(leader).get(reverse("person", args=[reader.pk]), headers={"accept-language": "en"}).content.decode()
    slugs = [one.course.slug for one in [*shown["shown"], *shown["more"]]]
    assert all(reverse("course", args=[slug]) in page for slug in each(slugs))
