"""What is asked before a session is put on a day and an hour: one rule for planning, opening and moving (T1). Plain data, no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lms.common.quarters import quarter_of

# Asked about, and done by whoever says that it is meant.
NIGHT, OTHER_QUARTER, UNLISTED, ROOM_TAKEN = "night", "other_quarter", "unlisted", "room_taken"
# Never done.
HOLIDAY, TOO_FAR = "holiday", "too_far"
REFUSED = (HOLIDAY, TOO_FAR)

# A training is held in these hours of the day, and planned no further ahead.
EARLIEST, LATEST = time(7), time(21)
FARTHEST = timedelta(days=366)


@dataclass(frozen=True)
class Wish:
    """When a session is to be, in its dealer's time, and what is known of that day. `today` is the day on which it is wished for;
    `quarter` the one it belongs to, if any; `listed`: the public holidays of the year are entered."""

    begin: datetime
    end: datetime
    today: date
    holidays: Mapping[date, tuple[str, bool]]
    listed: bool = True
    quarter: tuple[int, int] | None = None
    room_is_taken: bool = False


def doubts_of(wish: Wish) -> list[str]:
    """What speaks against it, the worst first; nothing where all is well."""
    day = wish.begin.date()
    speaks = {
        TOO_FAR: is_too_far(day, wish.today),
        HOLIDAY: day in wish.holidays and not wish.holidays[day][1],
        NIGHT: wish.begin.time() < EARLIEST or wish.end.time() > LATEST or wish.end.date() != day,
        OTHER_QUARTER: wish.quarter is not None and quarter_of(day) != wish.quarter,
        UNLISTED: not wish.listed,
        ROOM_TAKEN: wish.room_is_taken,
    }
    return [doubt for doubt, holds in speaks.items() if holds]


def is_too_far(day: date, today: date) -> bool:
    return day > today + FARTHEST
