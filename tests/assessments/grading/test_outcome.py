"""What components make of a candidate: all passed is passed, whatever each weighs."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.outcome import Part, outcome_of, overall

SCORES = st.decimals(min_value=0, max_value=100, places=2)
PARTS = st.builds(Part, score=SCORES, pass_mark=st.integers(0, 100), weight=st.integers(1, 9))
LACKING = st.builds(Part, score=st.none(), pass_mark=st.integers(0, 100), weight=st.integers(1, 9))
SOME = st.lists(PARTS, min_size=1, max_size=5)


@given(SOME)
def test_passed_means_that_every_component_is_passed(parts):
    assert (outcome_of(parts) == "passed") == all(part.score >= part.pass_mark for part in parts)
    assert outcome_of(parts) in {"passed", "failed"}


@given(SOME, st.lists(st.integers(1, 9), min_size=5, max_size=5))
def test_no_weight_turns_an_outcome(parts, weights):
    others = [Part(part.score, part.pass_mark, weight) for part, weight in zip(parts, weights, strict=False)]
    assert outcome_of(others) == outcome_of(parts)


@given(st.lists(PARTS, max_size=4), LACKING)
def test_who_lacks_a_component_has_missed_and_has_no_overall_figure(parts, lacking):
    assert outcome_of([*parts, lacking]) == outcome_of([]) == "missed"
    assert overall([*parts, lacking]) is overall([]) is None


@given(st.lists(PARTS, max_size=3))
def test_who_was_not_admitted_has_neither_missed_nor_failed(parts):
    assert outcome_of(parts, may_sit=False) == "excluded"


@given(SOME)
def test_the_overall_figure_lies_between_the_scores_and_never_above_what_was_reached(parts):
    figure = overall(parts)
    exact = sum(part.weight * part.score for part in parts) / sum(part.weight for part in parts)
    assert min(part.score for part in parts) <= figure <= max(part.score for part in parts)
    assert exact - Decimal("0.011") < figure <= exact + Decimal("1e-20")


@given(SCORES, st.integers(0, 100))
def test_a_score_a_hundredth_below_the_mark_has_not_reached_it(score, mark):
    assert Part(score, mark).is_passed == (score * 100 >= mark * 100)
    assert not Part(Decimal(mark) - Decimal("0.01"), mark).is_passed
