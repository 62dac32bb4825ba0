"""What a leave, a move or a departure leaves open in training."""

from datetime import date

import pytest
from django.urls import reverse

from courses.training.effects import presents, runs
from lms.common.registries import Change
from tests.factories import make_dealer, make_floor, make_position, make_programme, make_session

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 11, 26), date(2026, 12, 3)


@pytest.fixture
def floor():
    return make_floor()


@pytest.fixture
def programme(floor):
    return make_programme(floor)


def leave(person, first=FIRST, last=LAST):
    return Change("leave", person, first, last)


def departure(person, first=FIRST):
    return Change("departure", person, first)


def move(person, **place):
    return Change("move", person, FIRST, **{"dealer": person.dealer, "position": person.position, **place})


def urls(found):
    return [one.url for one in found]


def test_each_turn_in_the_time_is_named_with_its_page(floor, programme):
    advisor = floor.advisors[0]
    inside = [make_session(programme, on=on, presenter=advisor) for on in (FIRST, LAST)]
    make_session(programme, on=date(2026, 12, 10), presenter=advisor)
    make_session(programme, on=date(2026, 12, 17), presenter=floor.advisors[1])
    pages = [reverse("session", args=[session.pk]) for session in inside]
    assert urls(presents(leave(advisor), None)) == pages
    assert len(urls(presents(departure(advisor), None))) == 3


def test_what_is_over_or_cancelled_touches_nobody(floor, programme):
    make_session(programme, presenter=floor.advisors[0], status="cancelled")
    make_session(programme, on=date(2026, 11, 19), presenter=floor.advisors[0])
    assert urls(presents(departure(floor.advisors[0]), None)) == []


def test_a_turn_stays_with_the_post_and_is_left_open_by_any_other(floor, programme):
    advisor = floor.advisors[0]
    make_session(programme, presenter=advisor)
    assert len(urls(presents(move(advisor, position=make_position("service_supervisor")), None))) == 1
    assert len(urls(presents(move(advisor, position=make_position("technician")), None))) == 1
    assert len(urls(presents(move(advisor, dealer=make_dealer("YT02")), None))) == 1


def test_a_programme_is_left_without_organiser_or_watcher(floor):
    programme = make_programme(floor, watcher=floor.manager)
    assert len(urls(runs(departure(floor.supervisor), None))) == len(urls(runs(departure(floor.manager), None))) == 1
    assert urls(runs(departure(floor.advisors[0]), None)) == []
    assert urls(runs(leave(floor.supervisor), None)) == []  # no session in that time
    make_session(programme)
    (one,) = runs(leave(floor.supervisor), None)
    assert "1" in one.text


def test_the_texts_cost_two_statements_however_many_turns(floor, programme, django_assert_num_queries):
    for on in (FIRST, LAST, date(2026, 12, 10)):
        make_session(programme, on=on, presenter=floor.supervisor)
    with django_assert_num_queries(2):
        assert len([*presents(departure(floor.supervisor), None), *runs(departure(floor.supervisor), None)]) == 4
