"""Who presents when (T3). Plain data, no database."""

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


def next_presenter(people: Iterable[Presenter], last: Mapping[int, date | None]) -> Presenter | None:
    """Who presented longest ago: never presented first, then the hire date, then the number."""
    return min(people, key=lambda one: (last.get(one.pk) or date.min, one.hired_on, one.number), default=None)


def assign(
    slots: Sequence[Slot], people: Sequence[Presenter], absences: Mapping[int, Iterable[tuple[date, date]]] | None = None
) -> dict[date, int | None]:
    """Presenter of each slot, the whole quarter ahead.

    Whoever is away keeps the place at the head of the queue and presents on coming back. Whoever has a fixed session
    coming within one round is not asked again before it: the fixed one is their turn. Between people who are always here
    the number of turns never differs by more than one.
    """
    absences = absences or {}
    last = {one.pk: one.last for one in people}
    ordered = sorted(slots, key=lambda slot: slot.on)
    given = {}
    for place, slot in enumerate(ordered):
        chosen = slot.fixed
        if chosen is None:
            here = [one for one in people if one.hired_on <= slot.on and not is_away(absences, one.pk, slot.on)]
            soon = {later.fixed for later in ordered[place + 1 : place + len(here)]}
            presenter = next_presenter([one for one in here if one.pk not in soon] or here, last)
            chosen = presenter.pk if presenter else None
        given[slot.on] = chosen
        if chosen is not None:
            last[chosen] = slot.on
    return given


def guest_days(open_days: Iterable[date], guests: Iterable[date] = ()) -> set[date]:
    """In each month one session is a guest lecture: the last that is still open, unless the month has one already."""
    months = {(day.year, day.month) for day in guests}
    last_of_month = {}
    for day in sorted(open_days):
        last_of_month[day.year, day.month] = day
    return {day for month, day in last_of_month.items() if month not in months}
