"""A room that is booked twice is warned of, unless one invigilator watches over both exams in it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.exams.models import Sitting
from assessments.exams.queries import clashes_of
from tests.factories import make_cycle, make_dealer, make_employee, make_floor, make_programme, make_session
from tests.factories.assessments import NINE, make_blueprint, make_sitting

pytestmark = pytest.mark.django_db
ROOM, HALL = "机考室A", "机考室Ａ "  # the same, as people type


def sit(invigilator=None, **values):
    return make_sitting(**{"blueprint": make_blueprint(), "room": ROOM, "invigilator": invigilator, **values})


@pytest.fixture
def watchers():
    return [make_employee("information_assistant") for _number in range(2)]


def test_two_exams_in_one_room_are_warned_of_on_either_page(watchers, sign_in):
    one, other = sit(watchers[0]), sit(watchers[1], room=HALL)
    client = sign_in(make_employee("hr_officer"))
    for sitting, clash in ((one, other), (other, one)):
        assert [clash.room in words and str(clash) in words for words in clashes_of(sitting)] == [True]
        page = client.get(reverse("sitting", args=[sitting.pk]))
        assert page.context["clashes"] == clashes_of(sitting)
        assert clashes_of(sitting)[0] in page.text


def test_one_invigilator_may_watch_over_two_exams_in_a_room(watchers):
    one, _other = sit(watchers[0]), sit(watchers[0])
    assert clashes_of(one) == []


def test_exams_that_nobody_watches_over_are_warned_of():
    one, _other = sit(), sit()
    assert len(clashes_of(one)) == 1


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"room": "机考室B"},
        {"room": ""},
        {"opens_at": NINE + timedelta(hours=2), "closes_at": NINE + timedelta(hours=4)},
    ],
)
def test_another_room_or_hour_is_no_clash(elsewhere):
    one = sit()
    sit(**elsewhere)
    assert clashes_of(one) == []


def test_another_dealer_s_exam_and_a_closed_one_are_no_clash():
    one, other = sit(), sit()
    sit(dealer=make_dealer("YT02"))
    Sitting.objects.filter(pk=other.pk).update(status="closed")
    assert clashes_of(one) == []


def test_a_training_in_the_room_is_warned_of():
    floor = make_floor()
    session = make_session(make_programme(floor), on=NINE.date(), room=ROOM)
    type(session).objects.filter(pk=session.pk).update(starts_at=NINE, ends_at=NINE + timedelta(hours=1))
    assert len(clashes_of(sit(dealer=floor.dealer))) == 1


def test_whoever_sets_an_exam_in_a_taken_room_is_told_at_once(sign_in):
    cycle = make_cycle("locked")
    opens = timezone.localtime() + timedelta(days=3)
    taken = sit(dealer=cycle.dealer, opens_at=opens, closes_at=opens + timedelta(hours=2))
    sent = {"opens_at": f"{opens:%Y-%m-%dT%H:%M}", "closes_at": f"{opens + timedelta(hours=2):%Y-%m-%dT%H:%M}", "room": HALL}
    page = sign_in(make_employee("hr_officer", dealer=cycle.dealer)).post(reverse("cycle_sitting", args=[cycle.pk, 1]), sent, follow=True)
    assert any(str(taken) in str(message) for message in page.context["messages"])
