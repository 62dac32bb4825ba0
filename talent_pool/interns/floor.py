"""The floor on which interns rotate, as plain data: stations, interns, mentors, and who is where when. No database, no rules.

Days are inclusive at both ends. What can't be known (a birth date, a last day) is None.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

Span = tuple[date, date]


@dataclass(frozen=True)
class Limits:
    """What the rules say, as numbers: an intern's hours (C5), from which age high-risk work is allowed, and for how many days of a
    rotation on end its mentor may be away before somebody else has to take over."""

    hours_a_day: float = 8
    hours_a_week: float = 40
    works_holidays: bool = False
    mentor_away_days: int = 2


@dataclass(frozen=True)
class Place:
    """A station. `asks_…` of an intern, `mentor_…` of who mentors there; `mentor_track` is whose ladder that level is on."""

    pk: int
    name: str
    capacity: int = 1
    weeks: int = 4
    is_high_risk: bool = False
    in_use: bool = True
    mentor_track: str = ""
    mentor_level: int = 0
    mentor_certificate: str = ""
    asks_track: str = ""
    asks_level: int = 0
    asks_certificate: str = ""
    asks_course: int | None = None
    course_name: str = ""


@dataclass(frozen=True)
class Person:
    """What an intern or a mentor holds. `certificates`: {name: last day it is valid, or None for ever}; `levels`: {track: level}."""

    pk: int
    name: str
    levels: Mapping[str, int] = field(default_factory=dict)
    certificates: Mapping[str, date | None] = field(default_factory=dict)

    def level_in(self, track):
        return self.levels.get(track, 0) if track else max(self.levels.values(), default=0)

    def holds(self, certificate, on):
        """Whether a certificate of this name is valid on the day."""
        if certificate not in self.certificates:
            return False
        expires = self.certificates[certificate]
        return expires is None or expires >= on


@dataclass(frozen=True)
class Intern(Person):
    """`pk` is that of the placement, `person` of the employee. `adult_on` is the day of coming of age; None: birth date unknown."""

    person: int = 0
    first: date = date.min
    last: date = date.max
    pauses: Sequence[Span] = ()
    adult_on: date | None = date.min
    courses: frozenset[int] = frozenset()
    hours_a_day: float = 8
    days_a_week: int = 5
    works_holidays: bool = False

    def is_minor(self, on):
        """Whoever's birth date is not known counts as one."""
        return self.adult_on is None or on < self.adult_on


@dataclass(frozen=True)
class Mentor(Person):
    """`most` interns at once; `away` are spans of leave, `until` the last day at the dealer; `busy` are others they have in hand."""

    track: str = ""
    most: int = 2
    away: Sequence[Span] = ()
    until: date | None = None
    busy: int = 0


@dataclass(frozen=True)
class Stay:
    """An intern at a station with a mentor. `intern` is a placement, `pk` the rotation that it is already, `hours` those planned."""

    intern: int
    place: int
    mentor: int | None
    first: date
    last: date
    hours: int = 0
    pk: int | None = None


@dataclass(frozen=True)
class Floor:
    """All that a plan depends on. `kept` are rotations of these interns that stay as they are, `others` those of other batches, which
    take places and mentors too. Nothing is planned before `not_before`."""

    places: Sequence[Place]
    interns: Sequence[Intern]
    mentors: Sequence[Mentor]
    not_before: date = date.min
    kept: Sequence[Stay] = ()
    others: Sequence[Stay] = ()
    holidays: frozenset[date] = frozenset()
    limits: Limits = Limits()


def overlap(first, last, begin, end):
    """How many days two spans share."""
    return max(0, (min(last, end) - max(first, begin)).days + 1)


def days_of(first, last):
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def monday(day):
    return day - timedelta(days=day.weekday())


def most_hours(intern, first, last, holidays, limits):
    """The most that the intern may work at a station from one day to another: workdays, without holidays, within the limits."""
    free = frozenset() if intern.works_holidays and limits.works_holidays else holidays
    workdays = [day for day in days_of(first, last) if day.weekday() < intern.days_a_week and day not in free]
    a_day = min(float(intern.hours_a_day), float(limits.hours_a_day))
    weeks = {}
    for day in workdays:
        weeks[monday(day)] = min(weeks.get(monday(day), 0) + a_day, float(limits.hours_a_week))
    return int(sum(weeks.values()))
