"""Which days are worked, nationwide. Plain data, no database."""

from collections.abc import Mapping
from datetime import date

from chinese_calendar import constants


def published_days(first: date, last: date) -> dict[date, tuple[str, bool]]:
    """The public holidays and make-up working days that the calendar package knows, as rows: day → (name, is a make-up working day)."""
    rows = {day: (name, False) for day, name in constants.holidays.items() if first <= day <= last}
    return rows | {day: (name, True) for day, name in constants.workdays.items() if first <= day <= last}


def is_workday(day: date, holidays: Mapping[date, tuple[str, bool]]) -> bool:
    """`holidays` are the rows of the calendar: day → (name, is a make-up working day). Without a row the week decides."""
    if day in holidays:
        return holidays[day][1]
    return day.weekday() < 5
