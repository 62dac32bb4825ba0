"""When sessions are (T1): working days, weekly dates, and where a date goes that cannot stay. Plain data, no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekdays

from lms.people.calendar import is_workday

AM, PM = "am", "pm"

# Why a session is not on its weekday, or not at all. The screen has a sentence for each.
HOLIDAY, TOO_CLOSE, OWN_SESSION, TOO_LATE = "holiday", "too_close", "own_session", "too_late"


@dataclass(frozen=True)
class Day:
    """One week's answer. `on` is None where no day of the week would do; `reason` says why it is not `wanted`.

    `holiday` names the holiday, `other` is the day of the other programme's session that was in the way.
    """

    wanted: date
    on: date | None
    reason: str = ""
    holiday: str = ""
    other: date | None = None


def is_allowed(day: date, weekday: int, holidays: Mapping[date, tuple[str, bool]]) -> bool:
    """May a session of a programme held on `weekday` be on `day`? A programme on Saturdays may be held on Saturdays."""
    return is_workday(day, holidays) or (day.weekday() == weekday and day not in holidays)


def dates_of(first: date, last: date, weekday: int, week: int | None = None) -> list[date]:
    """The days that the rhythm gives: the weekday of every week, or of each month its first, second … one."""
    rule = rrule(MONTHLY, dtstart=first, until=last, byweekday=weekdays[weekday](week)) if week else None
    return [moment.date() for moment in rule or rrule(WEEKLY, dtstart=first, until=last, byweekday=weekday)]


def in_the_way(day: date, half: str, taken: Iterable[tuple[date, str]], gap_days: int) -> date | None:
    """The day of the other programme's session that shares the half-day or is closer than `gap_days`, the nearest one."""
    close = [on for on, other_half in taken if abs((on - day).days) < gap_days or (on == day and other_half == half)]
    return min(close, key=lambda on: abs((on - day).days), default=None)


def nearest_first(wanted: date) -> list[date]:
    """The days of that week, nearest first; of two equally near ones the earlier."""
    monday = wanted - timedelta(days=wanted.weekday())
    return sorted((monday + timedelta(days=n) for n in range(7)), key=lambda day: (abs((day - wanted).days), day))


def session_days(
    first: date,
    last: date,
    weekday: int,
    holidays: Mapping[date, tuple[str, bool]],
    taken: Iterable[tuple[date, str]] = (),
    gap_days: int = 2,
    half: str = PM,
    own: Iterable[date] = (),
    not_before: date | None = None,
    beside: Iterable[tuple[date, str]] = (),
    week: int | None = None,
) -> list[Day]:
    """The days of a programme from `first` to `last`: one a week, or a month, or a reason why there is none (T1).

    `taken` are the other programmes' sessions from which days are kept, `beside` those of which only the half-day is not shared,
    `own` the days of this programme's sessions that stay as they are.
    A date that cannot stay moves to the nearest allowed day of its week that is not before `not_before`.
    """
    taken, beside, own = list(taken), list(beside), set(own)

    def too_close(day):
        return in_the_way(day, half, taken, gap_days) or in_the_way(day, half, beside, 0)

    dates = dates_of(first, last, weekday, week)
    return [_day_of_week(wanted, weekday, holidays, too_close, own, not_before) for wanted in dates]


def _day_of_week(wanted, weekday, holidays, too_close, own, not_before):
    def fits(day):
        is_free = day not in own and (not_before is None or day >= not_before)
        return is_free and is_allowed(day, weekday, holidays) and too_close(day) is None

    on = next((day for day in nearest_first(wanted) if fits(day)), None)
    if on == wanted:
        return Day(wanted, on)
    if not is_allowed(wanted, weekday, holidays):
        return Day(wanted, on, HOLIDAY, holiday=holidays.get(wanted, ("", False))[0])
    other = too_close(wanted)
    if other is not None:
        return Day(wanted, on, TOO_CLOSE, other=other)
    return Day(wanted, on, OWN_SESSION if wanted in own else TOO_LATE)
