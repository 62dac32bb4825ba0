"""Quarters of a year, as (year, quarter) pairs; quarter is 1-4."""

from datetime import date, timedelta


def quarter_of(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3 + 1


def bounds(year: int, quarter: int) -> tuple[date, date]:
    """First and last day, both included."""
    first = date(year, 3 * quarter - 2, 1)
    return first, first_day(*following(year, quarter)) - timedelta(days=1)


def first_day(year: int, quarter: int) -> date:
    return date(year, 3 * quarter - 2, 1)


def following(year: int, quarter: int) -> tuple[int, int]:
    return (year + 1, 1) if quarter == 4 else (year, quarter + 1)


def previous(year: int, quarter: int) -> tuple[int, int]:
    return (year - 1, 4) if quarter == 1 else (year, quarter - 1)


def first_of_next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
