"""The weeks of an internship: which there are, whose they are, when they are late."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from talent_pool.interns.weeks import is_late, mentor_of_week, monday_of, number_of, week_of, weeks_until
from tests.each import each

WEDNESDAY = date(2026, 11, 4)
MONDAYS = [date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)]
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
lengths = st.integers(0, 200)


def test_the_first_week_is_that_of_the_first_day():
    assert week_of(WEDNESDAY, 1) == MONDAYS[0]
    assert number_of(WEDNESDAY, MONDAYS[2]) == 3


def test_a_log_is_owed_for_each_week_begun():
    assert weeks_until(WEDNESDAY, date(2026, 12, 1), date(2026, 11, 16)) == MONDAYS
    assert weeks_until(WEDNESDAY, date(2026, 12, 1), date(2026, 11, 15)) == MONDAYS[:2]


def test_none_is_owed_before_the_first_week_or_after_the_last():
    assert weeks_until(WEDNESDAY, date(2026, 12, 1), date(2026, 11, 1)) == []
    assert weeks_until(WEDNESDAY, date(2026, 11, 15), date(2027, 1, 1)) == MONDAYS[:2]


def test_none_is_owed_for_a_week_wholly_in_a_break():
    away = [(date(2026, 11, 9), date(2026, 11, 15))]
    assert weeks_until(WEDNESDAY, date(2026, 12, 1), date(2026, 11, 16), away) == [MONDAYS[0], MONDAYS[2]]
    nearly = [(date(2026, 11, 9), date(2026, 11, 14))]
    assert weeks_until(WEDNESDAY, date(2026, 12, 1), date(2026, 11, 16), nearly) == MONDAYS


def test_a_log_is_late_from_the_next_monday_on():
    assert not is_late(MONDAYS[0], date(2026, 11, 8))
    assert is_late(MONDAYS[0], date(2026, 11, 9))


def test_a_week_is_in_the_hands_of_the_last_rotation_in_it():
    rotations = [(date(2026, 11, 4), date(2026, 11, 11), "a"), (date(2026, 11, 12), date(2026, 11, 30), "b")]
    assert [mentor_of_week(rotations, monday) for monday in each(MONDAYS)] == ["a", "b", "b"]
    assert mentor_of_week(rotations, date(2026, 12, 7)) is None


@given(days, lengths, lengths)
def test_every_week_so_far_has_its_own_number_from_one_on(first, length, gone):
    last, today = first + timedelta(days=length), first + timedelta(days=gone)
    mondays = weeks_until(first, last, today)
    assert [number_of(first, monday) for monday in mondays] == list(range(1, len(mondays) + 1))
    assert {monday.weekday() for monday in each(mondays)} == {0}
    assert mondays[-1] == monday_of(min(last, today))
    assert all(week_of(first, number) == monday for number, monday in enumerate(mondays, 1))
