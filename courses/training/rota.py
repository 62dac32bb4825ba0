"""Who presents when (T3). Plain data, no database."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Presenter:
    """Someone who may present. `last` is the day they last did; None: never."""

    pk: int
    hired_on: date
    number: str
    last: date | None = None


@dataclass(frozen=True)
class Slot:
    """A session to be given away, or one that is already given to `fixed` and stays so."""

    on: date
    fixed: int | None = None


def is_away(absences: Mapping[int, Iterable[tuple[date, date]]], pk: int, on: date) -> bool:
    return any(first <= on <= last for first, last in absences.get(pk, ()))


def queue_of(people: Iterable[Presenter]) -> list[Presenter]:
    """Who presented longest ago is at the head: never presented first, then the hire date, then the number."""
    return sorted(people, key=lambda one: (one.last or date.min, one.hired_on, one.number, one.pk))


def assign(
    slots: Sequence[Slot], people: Sequence[Presenter], absences: Mapping[int, Iterable[tuple[date, date]]] | None = None
) -> dict[date, int | None]:
    """Presenter of each slot, the whole quarter ahead.

    Whoever is away keeps the place in the queue and presents on coming back. A fixed session is one of its presenter's turns,
    taken early or late: it stands for the next turn that would come up. So between people who are always here the number of
    turns, fixed ones included, never differs by more than one, unless more was fixed for someone than their share.
    """
    absences = absences or {}
    queue = queue_of(people)
    fixed = Counter(slot.fixed for slot in slots if slot.fixed is not None)
    given: dict[date, int | None] = {}
    for slot in sorted(slots, key=lambda slot: slot.on):
        given[slot.on] = _take_turn(queue, fixed, absences, slot.on) if slot.fixed is None else slot.fixed
    return given


def _take_turn(queue, fixed, absences, on):
    """The first of the queue who is here and has no fixed session standing for this turn; they go to its end."""
    place = 0
    while place < len(queue):
        one = queue[place]
        if one.hired_on > on or is_away(absences, one.pk, on):
            place += 1
            continue
        queue.append(queue.pop(place))
        if not fixed[one.pk]:
            return one.pk
        fixed[one.pk] -= 1
        place = 0
    return None


def guest_days(open_days: Iterable[date], guests: Iterable[date] = ()) -> set[date]:
    """In each month one session is a guest lecture: the last that is still open, unless the month has one already."""
    months = {(day.year, day.month) for day in guests}
    last_of_month = {}
    for day in sorted(open_days):
        last_of_month[day.year, day.month] = day
    return {day for month, day in last_of_month.items() if month not in months}
