"""The term of an agreement, its places, and how long a date of birth is held: pure rules, proven on made-up days."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talent_pool.schools import ages
from talent_pool.schools.ages import age_on, asks_for_ages, erasable, still_asked
from talent_pool.schools.terms import HOLDS, SOON, State, graduation_year, places_of, stage_of, state_on
from tests.each import each

FIRST, LAST = date(2025, 9, 1), date(2028, 8, 31)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2025, 8, 31), State.AHEAD),
        (FIRST, State.IN_FORCE),
        (LAST - timedelta(days=91), State.IN_FORCE),
        (LAST - timedelta(days=90), State.ENDING),
        (LAST, State.ENDING),
        (LAST + timedelta(days=1), State.EXPIRED),
    ],
)
def test_both_the_first_and_the_last_day_belong_to_the_term(on, state):
    assert state_on(on, FIRST, LAST) == state


def test_an_early_end_is_the_last_day_and_its_warning_counts_back_from_it():
    early = date(2026, 11, 30)
    assert state_on(early, FIRST, LAST, early) == State.ENDING
    assert state_on(early + timedelta(days=1), FIRST, LAST, early) == State.ENDED
    assert state_on(early - SOON - timedelta(days=1), FIRST, LAST, early) == State.IN_FORCE


@given(DAYS, DAYS, st.integers(0, 2000), st.none() | st.integers(0, 2000))
def test_an_agreement_holds_on_just_the_days_of_its_term(on, first, days, early):
    last = first + timedelta(days=days)
    ended_on = None if early is None else min(last, first + timedelta(days=early))
    assert (state_on(on, first, last, ended_on) in HOLDS) == (first <= on <= (ended_on or last))


@given(DAYS, st.lists(st.integers(0, 900), min_size=1, max_size=6), DAYS)
def test_of_renewals_that_follow_one_another_at_most_one_holds_on_any_day(first, lengths, on):
    """What `renew_agreement` asks: each begins after the last day of the one before."""
    terms, begins = [], first
    for length in lengths:
        terms.append((begins, begins + timedelta(days=length)))
        begins = terms[-1][1] + timedelta(days=1)
    holding = sum(state_on(on, *term) in HOLDS for term in terms)
    assert holding == (terms[0][0] <= on <= terms[-1][1])


@pytest.mark.parametrize(("days", "stage"), [(91, None), (90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)])
def test_the_warning_is_that_of_the_stage_reached(days, stage):
    assert stage_of(days) == stage


@given(st.integers(0, 40), st.lists(st.integers(2024, 2030)))
def test_each_student_takes_one_place_of_the_year_they_graduate_in(quota, graduations):
    found = places_of(quota, graduations)
    assert sum(one.taken for one in found) == len(graduations)
    assert {one.year: one.taken for one in found} == Counter(graduations)
    assert all(one.is_over == (one.taken > quota) for one in found)
    assert all(one.left + min(one.taken, quota) == quota for one in found)


@pytest.mark.parametrize(("on", "year"), [(date(2026, 8, 31), 2026), (date(2026, 9, 1), 2027), (date(2026, 12, 31), 2027)])
def test_the_next_to_graduate_are_those_of_the_coming_summer(on, year):
    assert graduation_year(on) == year


# --- Ages ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born_on", "on", "age"),
    [
        (date(2010, 11, 26), date(2026, 11, 25), 15),
        (date(2010, 11, 26), date(2026, 11, 26), 16),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_someone_is_a_year_older_on_the_day(born_on, on, age):
    assert age_on(born_on, on) == age


@given(DAYS, st.integers(0, 9000), st.booleans(), st.booleans())
def test_a_date_of_birth_goes_where_the_record_is_over_or_an_adult_is_asked_no_more(born_on, days, is_asked, is_over):
    on = born_on + timedelta(days=days)
    expected = is_over or (age_on(born_on, on) >= 18 and not is_asked)
    assert erasable(born_on, on, is_asked=is_asked, is_over=is_over) == expected


@given(DAYS, st.integers(0, 6574))
def test_a_minors_date_of_birth_stays_while_they_are_here(born_on, days):
    on = min(born_on + timedelta(days=days), born_on.replace(day=1, year=born_on.year + 18) - timedelta(days=1))
    assert not erasable(born_on, max(on, born_on), is_asked=False, is_over=False)


def test_a_room_above_says_whose_age_is_still_asked(monkeypatch):
    monkeypatch.setattr(ages, "_asked", [])
    asks_for_ages(lambda people, on: [pk for pk in people if pk % 2])
    asks_for_ages(lambda people, on: [4] if on.year == 2026 else [])
    assert still_asked({1, 2, 3, 4}, date(2026, 1, 1)) == {1, 3, 4}
    assert still_asked({1, 2, 3, 4}, date(2027, 1, 1)) == {1, 3}
    assert each(ages._asked)
