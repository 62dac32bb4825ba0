"""The training board: weeks by days, with what wants attention in words. The number of statements does not grow with the sessions."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.training.kinds import kind_of, kinds
from courses.training.models import Session
from courses.training.queries.attention import COMING, attention_of, material_due_on
from lms.common.tones import tone_of
from lms.people.choices import HOLIDAY_NAMES
from lms.people.queries import holidays_between

Status = Session.Status


@dataclass
class Cell:
    on: date
    sessions: list[Session] = field(default_factory=list)
    holiday: str = ""
    make_up: bool = False
    today: bool = False


@dataclass
class Week:
    monday: date
    cells: list[Cell]
    is_now: bool = False

    @property
    def number(self):
        return self.monday.isocalendar().week

    @property
    def days(self):
        """16–20, or 30/11–4/12 over the end of a month."""
        last = self.cells[-1].on
        if last.month == self.monday.month:
            return f"{self.monday.day}–{last.day}"
        return f"{formats.date_format(self.monday, 'MONTH_DAY_FORMAT')} – {formats.date_format(last, 'MONTH_DAY_FORMAT')}"


@dataclass
class Board:
    first: date
    last: date
    sessions: list[Session]
    weekdays: list[int]
    weeks: list[Week]
    findings: list[dict]

    @property
    def has_today(self):
        return len(self.weeks) > 1 and any(week.is_now for week in self.weeks)

    @property
    def inside(self):
        """The sessions of the period itself: its first and last week may show some of the ones beside it."""
        return [session for session in self.sessions if self.first <= session.on <= self.last]

    @property
    def live(self):
        return [session for session in self.inside if session.status != Status.CANCELLED]

    @property
    def turns(self):
        """(presenter, kind of training, number of turns) of the period, most turns first."""
        turns = Counter((session.presenter, session.programme.kind) for session in self.live if session.presenter)
        rows = sorted(((one, kind, number) for (one, kind), number in turns.items()), key=lambda row: (row[1], -row[2], row[0].number))
        return [(one, kind_of(kind), number) for one, kind, number in rows]

    @property
    def kinds(self):
        """The kinds of training of the period, for the key: all that there are where nothing is shown."""
        shown = {session.programme.kind for session in self.sessions}
        return [kind for kind in kinds() if kind.name in shown] or kinds()


def board_of(sessions, first, last, today):
    """`sessions` is a queryset of what the reader sees; the board shows whole weeks from `first` to `last`. Three statements."""
    monday, sunday = first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
    shown = list(sessions.filter(on__range=(monday, sunday)).order_by("starts_at", "pk"))
    holidays = holidays_between(monday, sunday)
    weekend = {day.weekday() for day, (_name, works) in holidays.items() if works} | {session.on.weekday() for session in shown}
    weekdays = sorted({0, 1, 2, 3, 4} | weekend)
    this_monday = today - timedelta(days=today.weekday())
    by_day = defaultdict(list)
    for session in shown:
        session.chip = chip_of(session, today)
        by_day[session.on].append(session)
    weeks = [
        Week(start, [_cell(start + timedelta(days=n), by_day, holidays, today) for n in weekdays], start == this_monday)
        for start in (monday + timedelta(weeks=n) for n in range((sunday - monday).days // 7 + 1))
    ]
    return Board(first, last, shown, weekdays, weeks, attention_of(shown, holidays, today))


def _cell(day, by_day, holidays, today):
    name, works = holidays.get(day, ("", False))
    label = str(HOLIDAY_NAMES.get(name, name))
    return Cell(day, by_day.get(day, []), "" if works else label, works, day == today)


def chip_of(session, today):
    """How a session looks on the board: its class, its two lines, its badge in words and tone."""
    kind = session.programme.rules
    css = "guest" if session.is_guest else kind.tone
    if session.status == Status.CANCELLED:
        css += " cancelled"
    topic = session.title or (session.topic.name if session.topic else _("topic still open"))
    badge, tone = _badge(session, today)
    return {
        "css": css.strip(),
        "title": f"{kind.short} · {topic}",
        "who": who_presents(session),
        "badge": badge,
        "tone": tone,
    }


def who_presents(session):
    if session.is_guest:
        return _("Guest: %(name)s") % {"name": session.guest_name} if session.guest_name else _("Guest lecturer to be named")
    if session.presenter is None:
        return _("Nobody presents yet")
    if session.status in COMING and not session.presenter.is_here:
        return _("Nobody presents yet: %(name)s has left") % {"name": session.presenter.name}
    return session.presenter.name


def _badge(session, today):
    if session.status not in COMING:
        return session.get_status_display(), tone_of(session.status)
    if not session.material_at and today > material_due_on(session):
        return _("Material missing"), "bad"
    if session.status == Status.CONFIRMED and (session.presenter is None or session.presenter.is_here):
        return _("Confirmed"), "good"
    if session.material_at:
        return _("Material in"), "good"
    if (material_due_on(session) - today).days <= 7:
        return _("Material due %(day)s") % {"day": formats.date_format(material_due_on(session), "MONTH_DAY_FORMAT")}, "warn"
    return _("Planned"), ""


def lead_of(board):
    """The line under the heading: how much is planned, and whether anything is amiss."""
    number = len(board.live)
    planned = ngettext("%(number)s session", "%(number)s sessions", number) % {"number": number}
    kept = _("all rules kept")
    if not board.findings:
        return f"{planned} · {kept}"
    amiss = ngettext("%(number)s thing wants attention", "%(number)s things want attention", len(board.findings))
    return f"{planned} · {amiss % {'number': len(board.findings)}}"
