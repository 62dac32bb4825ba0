"""A score is never shown, nor kept, as a mark that it did not reach."""

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from hypothesis import example, given
from hypothesis import strategies as st

from assessments.checks.actions import PASS_MARK
from assessments.checks.actions import score_of as score_of_check
from assessments.exams.actions.marks import percentage
from assessments.practicals.queries import mean
from lms.common.scores import percent_of, score_of, shown_score

marks = st.integers(0, 100)
exact_scores = st.fractions(0, 100)
kept_scores = st.decimals(0, 100, places=2)


def read(text):
    """What someone reads who is shown this."""
    return Decimal(text)


@given(st.decimals(0, 100, allow_nan=False, allow_infinity=False, places=6), marks)
@example(Decimal("59.95"), 60)
@example(Decimal("59.995"), 60)
def test_what_is_below_a_mark_is_shown_below_it_and_what_reaches_it_is_shown_so(score, mark):
    assert (read(shown_score(score)) < mark) == (score < mark)


@given(exact_scores, marks)
@example(Fraction(14700, 241), 61)  # 147 of 241 points: 60.9958
def test_what_is_kept_reaches_a_mark_exactly_where_it_was_reached(exact, mark):
    assert (score_of(exact) < mark) == (exact < mark)
    assert (read(shown_score(score_of(exact))) < mark) == (exact < mark)


@given(exact_scores)
def test_what_is_kept_is_a_hundredth_away_at_most(exact):
    assert abs(Fraction(score_of(exact)) - exact) <= Fraction(1, 100)
    assert 0 <= score_of(exact) <= 100


@given(kept_scores)
def test_a_kept_score_is_shown_as_it_is(score):
    assert read(shown_score(score)) == score
    assert score_of(score) == score


@given(st.lists(kept_scores, min_size=1, max_size=3), marks)
@example([Decimal("59.98"), Decimal("60.00"), Decimal("60.01")], 60)
def test_a_mean_of_sheets_reaches_a_mark_only_where_they_do_so_together(scores, mark):
    assert (mean(scores) < mark) == (sum(scores) < mark * len(scores))


@given(st.integers(1, 2000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))), marks)
def test_a_paper_reaches_a_mark_only_by_its_points(points, mark):
    reached, total = points
    assert (percentage(reached, total) < mark) == (100 * reached < mark * total)


@given(st.lists(st.booleans(), min_size=1, max_size=60))
@example([True] * 25 + [False] * 17)  # 59.52
def test_a_check_is_passed_only_where_its_mark_was_reached(right):
    assert (score_of_check(list(map(Fraction, right))) >= PASS_MARK) == (100 * sum(right) >= PASS_MARK * len(right))


@given(st.integers(1, 400).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))), marks)
def test_per_cent_of_attendance_reach_what_is_asked_only_where_they_do(figures, mark):
    part, whole = figures
    assert (percent_of(part, whole) < mark) == (100 * part < mark * whole)


@pytest.mark.parametrize(
    ("score", "shown"),
    [("59.95", "59.95"), ("60.00", "60"), ("59.90", "59.9"), ("100.00", "100"), ("0", "0"), ("59.999", "59.99"), (None, ""), ("", "")],
)
def test_how_it_reads(score, shown):
    value = Decimal(score) if score else score
    assert shown_score(value) == shown
    assert Template("{% load ui %}{{ value|score }}").render(Context({"value": value})) == shown


def test_no_page_of_assessments_rounds_in_a_way_of_its_own():
    """What rounds there is `lms.common.scores`."""
    places = [settings.BASE_DIR / "assessments", settings.BASE_DIR / "templates" / "assessments"]
    files = [path for place in places for path in Path(place).rglob("*") if path.suffix in {".py", ".html", ".typ"} and path.is_file()]
    rounding = re.compile(r"floatformat|\bround\(|\bquantize\(|ROUND_")
    assert files
    assert not [str(path) for path in files if "migrations" not in path.parts and rounding.search(path.read_text())]
