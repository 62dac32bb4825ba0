"""Which days are worked, nationwide. Plain data, no database."""

from collections.abc import Mapping
from datetime import date

from chinese_calendar import constants


def published_days(first: date, last: date) -> dict[date, tuple[str, bool]]:
    """The public holidays and make-up working days that the calendar package knows, as rows: day → (name, is a make-up working day)."""
    rows = {day: (name, False) for day, name in constants.holidays.items() if first <= day <= last}
    return rows | {day: (name, True) for day, name in constants.workdays.items() if first <= day <= last}


# Days off by law whatever is published: month and day → name. The others follow the moon, or are agreed anew each year.
FIXED = {(1, 1): "New Year's Day", (5, 1): "Labour Day", (10, 1): "National Day", (10, 2): "National Day", (10, 3): "National Day"}


def fixed_days(first: date, last: date) -> dict[date, tuple[str, bool]]:
    years = range(first.year, last.year + 1)
    days = {date(year, *month_and_day): (name, False) for year in years for month_and_day, name in FIXED.items()}
    return {day: row for day, row in days.items() if first <= day <= last}


def known_days(first: date, last: date) -> dict[date, tuple[str, bool]]:
    """What is known without anybody's entering it."""
    return fixed_days(first, last) | published_days(first, last)


def is_workday(day: date, holidays: Mapping[date, tuple[str, bool]]) -> bool:
    """`holidays` are the rows of the calendar: day → (name, is a make-up working day). Without a row the week decides."""
    if day in holidays:
        return holidays[day][1]
    return day.weekday() < 5
