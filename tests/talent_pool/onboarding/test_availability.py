from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talent_pool.onboarding.availability import Facts, is_covered, why_not_free

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
FREE = Facts(name="李师傅", is_named=True, is_here=True, most=2, load=0, track="technical", levels={"technical": 2, "service": 0, "": 2})


def why(**facts):
    asked = {name: facts.pop(name) for name in ("track", "least_level") if name in facts}
    return why_not_free(FREE._replace(**facts), FIRST, LAST, **asked)


def test_whoever_is_here_named_and_not_full_is_free():
    assert why() == ""
    assert why(load=1, track="technical", least_level=2) == ""


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"is_here": False}, "no longer works at this dealer"),
        ({"is_named": False}, "not named as a mentor"),
        ({"load": 2}, "has 2 newcomers already, and at most 2"),
        ({"load": 3}, "has 3 newcomers"),
        ({"gone_on": LAST}, "works here only until 30 Oct 2026"),
        ({"away": ((FIRST, LAST),)}, "on leave for all of this time"),
        ({"track": "service"}, "does not work in this track"),
        ({"least_level": 3}, "has not reached “Level 3"),
    ],
)
def test_each_reason_is_said_in_words(facts, words):
    assert why(**facts).startswith("李师傅")
    assert words in why(**facts)


def test_who_goes_after_the_last_day_is_free():
    assert why(gone_on=LAST + timedelta(days=1)) == ""


@pytest.mark.parametrize("away", [((FIRST + timedelta(days=1), LAST),), ((FIRST, LAST - timedelta(days=1)),), ()])
def test_a_day_at_work_is_enough(away):
    assert why(away=away) == ""


def test_leave_after_leave_covers_all_of_a_time():
    assert is_covered(FIRST, LAST, [(date(2026, 10, 16), date(2026, 11, 5)), (date(2026, 9, 1), date(2026, 10, 15))])
    assert not is_covered(FIRST, LAST, [(date(2026, 9, 1), date(2026, 10, 14)), (date(2026, 10, 16), LAST)])


DAYS = st.dates(date(2026, 9, 1), date(2026, 12, 1))
SPANS = st.lists(st.tuples(DAYS, DAYS).map(sorted).map(tuple), max_size=6)


@given(DAYS, st.integers(0, 40), SPANS)
def test_a_time_is_covered_just_when_each_of_its_days_is(first, length, spans):
    days = [first + timedelta(days=n) for n in range(length + 1)]
    assert is_covered(first, days[-1], spans) == all(any(begin <= day <= end for begin, end in spans) for day in days)
