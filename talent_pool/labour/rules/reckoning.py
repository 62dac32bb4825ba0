"""Ages, months and gaps, on plain days."""

from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

DAY = timedelta(days=1)


def birthday(born_on, years):
    """The day on which somebody is that old; whoever was born on 29 February is so on 1 March of a year without one."""
    try:
        return born_on.replace(year=born_on.year + int(years))
    except ValueError:
        return date(born_on.year + int(years), 3, 1)


def is_under(facts, years, on):
    """Whether the person is younger than that on the day; None where no birth date is on record."""
    if facts.born_on is not None:
        return on < birthday(facts.born_on, years)
    if facts.proved_age is not None and facts.proved_age >= years:
        return False
    return None


def last_day(start, months):
    """The last of so many months from `start`: the day before the same date, or the month's last where it has no such date."""
    end = start + relativedelta(months=int(months))
    return end if end.day < start.day else end - DAY


def lasts(start, until, months):
    """Whether from `start` to `until` are at least so many months."""
    return until >= last_day(start, months)


def first_gap(periods, start, end):
    """The first days from `start` to `end` that none of the periods holds: (from, until), or None."""
    day = start
    for period in sorted(periods, key=lambda one: one.from_on):
        if period.from_on > day:
            return day, min(end, period.from_on - DAY)
        if period.until_on is None or period.until_on >= end:
            return None
        day = max(day, period.until_on + DAY)
    return day, end


def share(part, whole):
    """In per cent; of none, whatever there is is all of it."""
    return Decimal(100) * part / whole if whole else Decimal(100 if part else 0)
