from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from courses.observations.choices import MOST_POINTS
from courses.observations.scoring import mean_score, score_of_points

SHEETS = st.dictionaries(st.integers(1, 30), st.tuples(st.integers(1, 5), st.integers(1, 100)), min_size=1)


def score(sheet):
    return score_of_points(
        {item: points for item, (points, _weight) in sheet.items()}, {item: weight for item, (_p, weight) in sheet.items()}
    )


def test_each_item_counts_by_its_weight():
    assert score_of_points({1: 5, 2: 1}, {1: 3, 2: 1}) == Decimal("80.00")
    assert score_of_points({1: 5, 2: 1}, {1: 1, 2: 3}) == Decimal("40.00")


def test_an_item_without_points_counts_neither_way():
    assert score_of_points({1: 4}, {1: 1, 2: 50}) == Decimal("80.00")


def test_of_nothing_there_is_no_score():
    assert score_of_points({}, {1: 1}) is None
    assert mean_score([]) is None


def test_a_score_that_was_not_reached_is_never_rounded_up_to():
    assert score_of_points({1: 5, 2: 4}, {1: 3334, 2: 1}) < 100


@given(SHEETS)
def test_a_score_lies_between_the_least_and_the_most(sheet):
    assert Decimal(100) / MOST_POINTS <= score(sheet) <= 100


@given(SHEETS, st.integers(2, 9))
def test_weights_count_by_their_proportion_alone(sheet, times):
    more = {item: (points, weight * times) for item, (points, weight) in sheet.items()}
    assert score(more) == score(sheet)


@given(SHEETS)
def test_a_better_item_lowers_no_score(sheet):
    item = next(iter(sheet))
    points, weight = sheet[item]
    assert score(sheet | {item: (min(points + 1, MOST_POINTS), weight)}) >= score(sheet)


def test_several_evaluations_come_to_their_mean():
    assert mean_score([Decimal("80.00"), Decimal("90.01")]) == Decimal("85.01")
