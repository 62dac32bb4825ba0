"""The timetable of a quarter: which day each week's session is on, and who presents (T1, T3). Plain data, no database."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from courses.training.calendar import Day, dates_of, session_days
from courses.training.rota import Presenter, Slot, assign, guest_days, is_away


@dataclass(frozen=True)
class Booked:
    """A session there is already. `wanted` is the day that the week's rhythm gave it."""

    pk: int
    wanted: date
    on: date
    presenter: int | None = None
    is_guest: bool = False
    stays: bool = False  # confirmed, held, cancelled, begun, or arranged by hand
    by_hand: bool = False
    is_live: bool = True  # not cancelled
    may_change: bool = True  # still only planned, and to come


@dataclass(frozen=True)
class Facts:
    """All that the timetable of a quarter depends on."""

    first: date
    last: date
    weekday: int
    half: str
    gap_days: int
    guest_every_month: bool
    not_before: date
    holidays: Mapping[date, tuple[str, bool]]
    taken: Sequence[tuple[date, str]] = ()  # day and half of the other programmes' sessions from which days are kept
    own: frozenset[date] = frozenset()  # days of this programme's sessions that stay
    booked: Sequence[Booked] = ()
    people: Sequence[Presenter] = ()
    absences: Mapping[int, Sequence[tuple[date, date]]] | None = None
    later: Sequence[Slot] = ()  # turns that are given away in quarters after this one count too
    beside: Sequence[tuple[date, str]] = ()  # those of which only the half-day is not shared
    week: int | None = None  # once a month, in the week of it that has this number; None: every week


@dataclass(frozen=True)
class Week:
    """One week's answer: the session there is, or none, and the day and presenter it is to have."""

    day: Day
    booked: Booked | None = None
    stays: bool = False
    is_guest: bool = False
    presenter: int | None = None

    @property
    def wanted(self):
        return self.day.wanted

    @property
    def on(self):
        return self.day.on

    @property
    def is_open(self):
        """To be given a presenter or a guest."""
        return self.on is not None and not self.stays

    @property
    def takes_place(self):
        return self.is_open or bool(self.stays and self.booked and self.booked.is_live)

    @property
    def is_turn(self):
        """One of our own presents."""
        return self.takes_place and not self.is_guest

    @property
    def change(self):
        """new, changed, same, stays, dropped (there was one, no day fits any more) or skipped."""
        if self.on is None:
            return "dropped" if self.booked else "skipped"
        if self.booked is None:
            return "new"
        if self.stays and self.booked.presenter == self.presenter:
            return "stays"
        before = (self.booked.on, self.booked.presenter, self.booked.is_guest)
        return "same" if before == (self.on, self.presenter, self.is_guest) else "changed"


def timetable_of(facts: Facts) -> list[Week]:
    """What there is stays as it is where it may; planning what this gave gives it again."""
    return with_presenters(with_guests(with_days(facts), facts), facts)


def nothing_left(facts: Facts, weeks: Sequence[Week]) -> bool:
    return not weeks or not dates_of(facts.first, facts.last, facts.weekday, facts.week)


def with_days(facts: Facts) -> list[Week]:
    """A week for each day of the rhythm that is still to come, and for each session there is."""
    days = session_days(
        facts.first,
        facts.last,
        facts.weekday,
        facts.holidays,
        taken=facts.taken,
        gap_days=facts.gap_days,
        half=facts.half,
        own=facts.own,
        not_before=facts.not_before,
        beside=facts.beside,
        week=facts.week,
    )
    fresh = {day.wanted: day for day in days}
    booked = {one.wanted: one for one in facts.booked}
    weeks = [_week(wanted, fresh.get(wanted), booked.get(wanted)) for wanted in sorted(fresh | booked)]
    return [week for week in weeks if week.booked or week.wanted >= facts.not_before]


def _week(wanted, fresh, booked):
    if booked is None or not booked.stays:
        return Week(fresh or Day(wanted, None), booked)
    reason = fresh.reason if fresh else ""
    if booked.by_hand and booked.on != wanted:
        reason = "by_hand"
    return Week(Day(wanted, booked.on, reason), booked, stays=True, is_guest=booked.is_guest, presenter=booked.presenter)


def with_guests(weeks: Sequence[Week], facts: Facts) -> list[Week]:
    """One session a month is a guest lecture, where the programme asks for it."""
    if not facts.guest_every_month:
        return list(weeks)
    there = [week.on for week in weeks if week.stays and week.is_guest and week.takes_place]
    days = guest_days([week.on for week in weeks if week.is_open], there)
    return [replace(week, is_guest=week.on in days) if week.is_open else week for week in weeks]


def with_presenters(weeks: Sequence[Week], facts: Facts) -> list[Week]:
    """Turns by the rota. What is given away already stays, up to the first week that wants someone."""
    turns = [week for week in weeks if week.is_turn]
    wanting = {week.wanted for week in _wanting(turns, facts)}
    weeks = [_as_given(week) if week.is_open and week.wanted not in wanting else week for week in weeks]
    kept = [week for week in weeks if week.is_turn and week.wanted not in wanting and not _is_vacant(week, facts) and week.presenter]
    slots = [Slot(week.on, week.presenter) for week in kept] + list(facts.later)
    given = assign([*slots, *(Slot(week.on) for week in _by_day(weeks) if week.wanted in wanting)], facts.people, facts.absences)
    here = {one.pk for one in facts.people}
    return [replace(week, presenter=_one_of(here, given[week.on])) if week.wanted in wanting else week for week in weeks]


def _wanting(turns, facts):
    """Of the turns that may change, by their days, those from the first on that has nobody who can: a new one, a departure, leave.

    All of them where someone has had no fair share, such as a colleague who came after the planning.
    """
    changeable = _by_day(week for week in turns if week.is_open or _is_vacant(week, facts))
    if not changeable or _is_unfair(turns, changeable[0].on, facts):
        return changeable
    here = {one.pk for one in facts.people}
    for place, week in enumerate(changeable):
        presenter = week.booked.presenter if week.booked else None
        if presenter not in here or is_away(facts.absences or {}, presenter, week.on):
            return changeable[place:]
    return []


def _is_unfair(turns, begin, facts):
    """Whether two who are always here, and were from `begin`, differ by more than one turn."""
    count = Counter(week.booked.presenter for week in turns if week.booked)
    always = [count[one.pk] for one in facts.people if not (facts.absences or {}).get(one.pk) and one.hired_on <= begin]
    return bool(always) and max(always) - min(always) > 1


def _is_vacant(week, facts):
    """It stays on its day, and its presenter presents no more."""
    return week.stays and week.booked.may_change and week.booked.presenter not in {one.pk for one in facts.people}


def _as_given(week):
    return week if week.is_guest else replace(week, presenter=week.booked.presenter)


def _by_day(weeks):
    return sorted(weeks, key=lambda week: week.on or date.max)


def _one_of(here, presenter):
    return presenter if presenter in here else None
