from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from assessments.practicals.actions import close_practicals, record_sheet
from assessments.practicals.models import Criterion, ScoreSheet
from assessments.practicals.queries import mean, practical_scores
from lms.audit.models import Event
from lms.common.states import Refused, WrongHands
from tests.factories import NINE, make_employee, make_practical, make_rubric, points_of

pytestmark = pytest.mark.django_db


def score(practical, marker, share=1, **changes):
    points = points_of(practical.rubric, share) | changes.pop("points", {})
    return record_sheet(practical=practical, marker=marker, points=points, by=marker.user, at=NINE, **changes)


@pytest.fixture
def coach():
    return make_employee("oem_technical_coach")


@pytest.fixture
def practical(coach):
    return make_practical(markers=[coach])


def test_full_points_are_100_and_none_are_0(practical, coach):
    assert score(practical, coach).score == 100
    assert score(practical, coach, share=0).score == 0


def test_the_score_weighs_criteria_by_their_points(practical, coach):
    first, second, third = practical.rubric.criteria.all()
    assert score(practical, coach, points={first.pk: 10, second.pk: 5, third.pk: 2}).score == Decimal("68.00")  # 17 of 25


def test_a_correction_is_a_new_sheet_and_the_latest_counts(practical, coach):
    score(practical, coach, share=0)
    score(practical, coach)
    assert ScoreSheet.objects.count() == 2
    assert practical_scores([practical.pk]) == {practical.pk: Decimal("100.00")}


def test_the_score_is_the_mean_of_the_markers(coach):
    other = make_employee("service_manager")
    practical = make_practical(markers=[coach, other])
    score(practical, coach)
    score(practical, other, share=0)
    assert practical_scores([practical.pk]) == {practical.pk: Decimal("50.00")}


def test_nobody_scored_yet_is_none(practical):
    assert practical_scores([practical.pk]) == {practical.pk: None}


def test_every_criterion_must_be_given(practical, coach):
    points = points_of(practical.rubric)
    left_out = practical.rubric.criteria.last()
    del points[left_out.pk]
    with pytest.raises(match=left_out.name):
        record_sheet(practical=practical, marker=coach, points=points, by=coach.user, at=NINE)
    assert not ScoreSheet.objects.exists()


@pytest.mark.parametrize("points", [-1, 11, 1000])
def test_points_lie_between_0_and_the_most_of_the_criterion(practical, coach, points):
    with pytest.raises(Refused):
        score(practical, coach, points={practical.rubric.criteria.first().pk: points})


def test_points_for_a_criterion_of_another_rubric_are_refused(practical, coach):
    with pytest.raises(Refused):
        score(practical, coach, points={make_practical().rubric.criteria.first().pk: 1})


def test_only_its_markers_score_it(practical):
    with pytest.raises(Refused):
        score(practical, make_employee("oem_technical_coach"))


def test_nobody_scores_their_own_exam():
    """Not even a candidate who examines others, and whom somebody put among the markers."""
    candidate = make_employee("oem_technical_coach")
    with pytest.raises(WrongHands):
        score(make_practical(candidate, markers=[candidate]), candidate)


def test_who_may_no_longer_examine_scores_nothing(practical, coach):
    coach.user.groups.clear()
    with pytest.raises(WrongHands):
        score(practical, coach)


def test_a_closed_practical_takes_no_sheet(practical, coach):
    close_practicals(practicals=[practical.pk])
    with pytest.raises(Refused):
        score(practical, coach)


def test_scoring_leaves_an_audit_event(practical, coach):
    score(practical, coach)
    event = Event.objects.get(verb="practical.scored")
    assert event.actor == coach.user
    assert event.after["score"] == "100.00"


@given(st.lists(st.decimals(min_value=0, max_value=100, places=2), min_size=1, max_size=4))
def test_a_mean_lies_between_the_lowest_and_the_highest_score(scores):
    assert min(scores) <= mean(scores) <= max(scores)


@pytest.mark.parametrize("points", [0, 1001, 32767])
def test_a_criterion_that_gives_nothing_or_too_much_is_refused_when_it_is_saved(points):
    criterion = Criterion(rubric=make_rubric(), name_zh="项", max_points=points)
    with pytest.raises(ValidationError) as error:
        criterion.full_clean()
    assert list(error.value.error_dict) == ["max_points"]
    criterion.max_points = 1
    criterion.full_clean()
