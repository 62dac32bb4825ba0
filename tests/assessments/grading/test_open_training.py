"""A cycle is locked once the training of its quarter that is over has been closed: only closed sessions count (G3, T8)."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from assessments.grading.actions.candidates import compute_eligibility
from assessments.grading.queries.guards import missing_for
from courses.training.models import Session
from tests.each import each
from tests.factories import NINE, make_cycle, make_floor, make_panel, make_programme, make_session

pytestmark = pytest.mark.django_db
OVER, TO_COME = NINE.date() - timedelta(days=1), NINE.date() + timedelta(days=7)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def floor():
    return make_floor()


@pytest.fixture
def cycle(floor):
    """Open, for the quarter of `NINE`; its eligibility is computed when asked for."""
    found = make_cycle(track="service", people=floor.advisors, dealer=floor.dealer)
    make_panel(found)
    return found


def training(cycle):
    return [str(one) for one in missing_for(cycle, at=NINE) if "raining of this quarter" in one]


@pytest.mark.parametrize("status", ["planned", "confirmed", "held"])
def test_what_is_over_and_not_closed_is_missing_for_the_lock(floor, cycle, status):
    make_session(make_programme(floor), on=OVER, status=status)
    (words,) = training(cycle)
    assert "Only closed sessions count" in words
    assert f"{OVER.day} " in words


def test_not_what_is_closed_cancelled_to_come_of_another_quarter_track_or_dealer(floor, cycle):
    programme, before = make_programme(floor), date(OVER.year, (OVER.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)
    for on, status in each([(OVER, "closed"), (OVER - timedelta(days=1), "cancelled"), (TO_COME, "held"), (before, "held")]):
        make_session(programme, on=on, status=status)
    make_session(make_programme(floor, kind="technical", weekday=1), on=OVER, hour=8, status="held")
    make_session(make_programme(make_floor("YT02")), on=OVER, status="held")
    assert training(cycle) == []


def test_eligibility_is_computed_again_after_what_was_closed_since(floor, cycle):
    compute_eligibility(cycle=cycle, by=cycle.opened_by, at=NINE - timedelta(hours=2))
    session = make_session(make_programme(floor), on=OVER, status="closed")
    Session.objects.filter(pk=session.pk).update(closed_at=NINE - timedelta(hours=1), closed_by=floor.supervisor.user)
    assert [words[:28] for words in training(cycle)] == ["Compute eligibility again: t"]
    compute_eligibility(cycle=cycle, by=cycle.opened_by, at=NINE)
    assert training(cycle) == []
