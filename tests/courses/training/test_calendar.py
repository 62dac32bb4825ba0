from datetime import date, timedelta
from itertools import takewhile

from hypothesis import given
from hypothesis import strategies as st

from courses.training.calendar import (
    HOLIDAY,
    TOO_CLOSE,
    Day,
    dates_of,
    in_the_way,
    is_allowed,
    nearest_first,
    session_days,
)
from lms.people.calendar import is_workday, published_days

FRIDAY, THURSDAY, TUESDAY = 4, 3, 1
YEAR_2026 = published_days(date(2026, 1, 1), date(2026, 12, 31))
NEW_YEAR = {date(2027, 1, 1): ("New Year's Day", False)}

days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
halves = st.sampled_from(["am", "pm"])
calendars = st.dictionaries(days, st.tuples(st.just("holiday"), st.booleans()), max_size=40)


def test_a_quarter_of_thursdays_has_one_a_week():
    assert len(dates_of(date(2026, 10, 1), date(2026, 12, 31), THURSDAY)) == 14


def test_of_two_days_equally_near_the_earlier_comes_first():
    assert nearest_first(date(2026, 11, 26))[:3] == [date(2026, 11, 26), date(2026, 11, 25), date(2026, 11, 27)]


def test_a_session_on_new_years_day_moves_to_the_last_of_december():
    (day,) = session_days(date(2027, 1, 1), date(2027, 1, 1), FRIDAY, NEW_YEAR)
    assert day == Day(date(2027, 1, 1), date(2026, 12, 31), HOLIDAY, holiday="New Year's Day")


def test_a_whole_week_of_holidays_is_left_out_and_says_so():
    (day,) = session_days(date(2026, 10, 1), date(2026, 10, 1), THURSDAY, YEAR_2026)
    assert (day.on, day.reason, day.holiday) == (date(2026, 9, 30), HOLIDAY, "National Day")
    (day,) = session_days(date(2026, 10, 1), date(2026, 10, 1), THURSDAY, YEAR_2026, not_before=date(2026, 10, 1))
    assert (day.on, day.reason) == (None, HOLIDAY)


def test_a_session_too_close_to_the_other_programme_moves_away_from_it():
    (day,) = session_days(date(2026, 11, 26), date(2026, 11, 26), THURSDAY, {}, taken=[(date(2026, 11, 25), "pm")], gap_days=2)
    assert day == Day(date(2026, 11, 26), date(2026, 11, 27), TOO_CLOSE, other=date(2026, 11, 25))


def test_a_gap_of_two_days_lets_tuesday_and_thursday_stand():
    assert in_the_way(date(2026, 11, 26), "pm", [(date(2026, 11, 24), "pm")], 2) is None
    assert in_the_way(date(2026, 11, 26), "pm", [(date(2026, 11, 24), "pm")], 3) == date(2026, 11, 24)


def test_without_a_gap_only_the_same_half_day_is_in_the_way():
    assert in_the_way(date(2026, 11, 26), "pm", [(date(2026, 11, 26), "am")], 0) is None
    assert in_the_way(date(2026, 11, 26), "pm", [(date(2026, 11, 26), "pm")], 0) == date(2026, 11, 26)


def test_a_programme_on_saturdays_is_held_on_saturdays_but_not_on_a_holiday():
    saturday = date(2026, 11, 28)
    assert is_allowed(saturday, 5, {})
    assert not is_allowed(saturday, 5, {saturday: ("Feast", False)})
    assert not is_allowed(saturday, 3, {})


@given(
    first=days,
    weeks=st.integers(0, 14),
    weekday=st.integers(0, 6),
    calendar=calendars,
    taken=st.lists(st.tuples(days, halves), max_size=30),
    gap=st.integers(0, 4),
    half=halves,
    own=st.lists(days, max_size=6),
)
def test_every_session_is_on_an_allowed_day_of_its_week_apart_from_the_others(first, weeks, weekday, calendar, taken, gap, half, own):
    last = first + timedelta(weeks=weeks)
    planned = session_days(first, last, weekday, calendar, taken, gap, half, own)
    assert [day.wanted for day in planned] == dates_of(first, last, weekday)
    for day in planned:
        assert (day.reason == "") == (day.on == day.wanted)
    for day in [day for day in planned if day.on]:
        assert day.on.isocalendar()[:2] == day.wanted.isocalendar()[:2]
        assert is_workday(day.on, calendar) or (day.on.weekday() == weekday and day.on not in calendar)
        assert day.on not in own
        for other, other_half in taken:
            assert abs((other - day.on).days) >= gap
            assert (other, other_half) != (day.on, half)


@given(
    first=days, weekday=st.integers(0, 6), calendar=calendars, taken=st.lists(st.tuples(days, halves), max_size=20), gap=st.integers(0, 4)
)
def test_no_nearer_day_of_the_week_would_have_done(first, weekday, calendar, taken, gap):
    for day in session_days(first, first + timedelta(weeks=2), weekday, calendar, taken, gap):
        for nearer in takewhile(lambda other, day=day: other != day.on, nearest_first(day.wanted)):
            assert not is_allowed(nearer, weekday, calendar) or in_the_way(nearer, "pm", taken, gap)
