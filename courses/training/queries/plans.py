"""The plan of a quarter: the sessions there are, and what planning would make of them. Reads only; `plan_quarter` writes it."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.utils import formats
from django.utils.translation import gettext as _

from courses.training.calendar import AM, HOLIDAY, OWN_SESSION, PM, TOO_CLOSE, Day, session_days, weekly_dates
from courses.training.choices import HOLIDAY_NAMES
from courses.training.models import Programme, Session
from courses.training.queries.sessions import holidays_between
from courses.training.queries.turns import absences_of, give_away, last_presented, presenters_of
from lms.common.quarters import bounds
from lms.common.zones import zone_named
from lms.people.models import Employee

Status = Session.Status
WEEK = timedelta(days=7)


@dataclass
class PlanRow:
    """One week: the session there is (or none), and the day and presenter it would have."""

    wanted: date
    day: Day
    session: Session | None = None
    stays: bool = False
    is_guest: bool = False
    presenter: Employee | None = None
    # new, changed, same, stays, dropped (there was one, no day fits any more) or skipped; settled once, before anything is written.
    change: str = ""

    @property
    def on(self):
        return self.day.on

    def what_changes(self):
        if self.on is None:
            return "dropped" if self.session else "skipped"
        if self.session is None:
            return "new"
        if self.stays and self.session.presenter_id == self._presenter_id:
            return "stays"
        now = (self.session.on, self.session.presenter_id, self.session.is_guest)
        return "same" if now == (self.on, self._presenter_id, self.is_guest) else "changed"

    @property
    def _presenter_id(self):
        return self.presenter.pk if self.presenter else None

    @property
    def words(self):
        """Why it is not on its weekday, or not at all."""
        return words_of(self.day)


@dataclass
class Plan:
    programme: Programme
    year: int
    quarter: int
    rows: list[PlanRow] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    @property
    def digest(self):
        """Two plans with the same digest do the same: what was looked at is what will be done."""
        said = [(row.wanted, row.on, row.change, row.is_guest, row._presenter_id) for row in self.rows]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:20]

    def count(self, *changes):
        return sum(row.change in changes for row in self.rows)

    @property
    def changes_anything(self):
        return self.count("new", "changed", "dropped") > 0


def words_of(day):
    names = {
        "wanted": formats.date_format(day.wanted, "SHORT_DATE_FORMAT"),
        "on": formats.date_format(day.on, "SHORT_DATE_FORMAT") if day.on else "",
        "holiday": HOLIDAY_NAMES.get(day.holiday, day.holiday) or _("a day off"),
        "other": formats.date_format(day.other, "SHORT_DATE_FORMAT") if day.other else "",
    }
    if day.on is None and day.reason == HOLIDAY:
        return _("%(wanted)s is %(holiday)s and no other day of that week fits: the week is left out.") % names
    if day.on is None:
        return _("No day of the week of %(wanted)s is a working day far enough from the other programme: the week is left out.") % names
    sentences = {
        HOLIDAY: _("Moved from %(wanted)s, which is %(holiday)s."),
        TOO_CLOSE: _("Moved from %(wanted)s, too close to the other programme's session on %(other)s."),
        OWN_SESSION: _("Moved from %(wanted)s, where this programme already has a session."),
        "by_hand": _("Moved from %(wanted)s by hand."),
    }
    return sentences.get(day.reason, _("Moved from %(wanted)s.")) % names if day.on != day.wanted else ""


def local_day(at, dealer):
    return at.astimezone(zone_named(dealer.time_zone)).date()


def half_of(starts_at):
    return AM if starts_at.hour < 12 else PM


def moment(on, time, dealer):
    return datetime.combine(on, time, zone_named(dealer.time_zone))


def gap_of(programme):
    """Days that sessions of the dealer's programmes keep apart: the most that one of them asks for (T1)."""
    asked = Programme.objects.filter(Q(status=Programme.Status.OPEN) | Q(pk=programme.pk), dealer=programme.dealer_id)
    return asked.aggregate(most=Max("gap_days"))["most"] or 0


def sessions_in_the_way(programme, first, last):
    """(day, half) of the other programmes' sessions at the dealer from `first` to `last`."""
    others = Session.objects.filter(dealer=programme.dealer_id, on__range=(first, last)).exclude(status=Status.CANCELLED)
    return list(others.exclude(programme=programme).values_list("on", "half"))


def plan_of(programme, year, quarter, at):
    """What planning the quarter now would give. Sessions confirmed, held, closed, cancelled, past or arranged by hand stay (T1, T3)."""
    first, last = bounds(year, quarter)
    gap = gap_of(programme)
    margin = WEEK + timedelta(days=gap)
    existing = _existing(programme, first, last)
    people = presenters_of(programme, first)
    absences = absences_of(people, first - WEEK, last + WEEK)
    kept = {wanted: session for wanted, session in existing.items() if _stays(session, at)}
    holidays = holidays_between(first - WEEK, last + WEEK)
    not_before = _not_before(programme, at)
    days = session_days(
        first,
        last,
        programme.weekday,
        holidays,
        taken=sessions_in_the_way(programme, first - margin, last + margin),
        gap_days=gap,
        half=half_of(programme.starts_at),
        own=_own_days(programme, kept, existing, first - WEEK, last + WEEK),
        not_before=not_before,
    )
    plan = Plan(programme, year, quarter)
    plan.rows = _rows(days, existing, kept, not_before)
    give_away(plan, people, absences, last_presented(programme, first, existing.values()), at)
    for row in plan.rows:
        row.change = row.what_changes()
    plan.findings = _findings(plan, holidays, people)
    return plan


def _existing(programme, first, last):
    """The programme's sessions of the quarter by the day that the week's rhythm gives them."""
    sessions = (
        programme.sessions.annotate(wanted=Coalesce("moved_from", "on")).filter(wanted__range=(first, last)).select_related("presenter")
    )
    return {session.wanted: session for session in sessions.order_by("wanted", "pk")}


def _stays(session, at):
    arranged = session.by_hand or session.material_at or session.guest_name
    return session.status != Status.PLANNED or session.starts_at <= at or bool(arranged)


def _not_before(programme, at):
    today = local_day(at, programme.dealer)
    begun = moment(today, programme.starts_at, programme.dealer) <= at
    return today + timedelta(days=1) if begun else today


def _own_days(programme, kept, existing, first, last):
    free = [session.pk for wanted, session in existing.items() if wanted not in kept]
    mine = programme.sessions.filter(on__range=(first, last)).exclude(status=Status.CANCELLED).exclude(pk__in=free)
    return set(mine.values_list("on", flat=True))


def _rows(days, existing, kept, not_before):
    fresh = {day.wanted: day for day in days}
    rows = []
    for wanted in sorted(fresh | existing):
        session = existing.get(wanted)
        if wanted in kept:
            reason = "by_hand" if session.by_hand and session.on != wanted else fresh[wanted].reason if wanted in fresh else ""
            rows.append(PlanRow(wanted, Day(wanted, session.on, reason), session, True, session.is_guest, session.presenter))
        elif wanted not in fresh:
            rows.append(PlanRow(wanted, Day(wanted, None), session))
        elif session or wanted >= not_before:
            rows.append(PlanRow(wanted, fresh[wanted], session))
    return rows


def _findings(plan, holidays, people):
    findings = [row.words for row in plan.rows if row.change in ("skipped", "dropped")]
    first, last = bounds(plan.year, plan.quarter)
    if not any(day.year == first.year for day in holidays):
        findings.append(
            _(
                "The public holidays of %(year)s are not in the calendar yet: dates that fall on one will not move. "
                "Enter them, or plan again then."
            )
            % {"year": first.year}
        )
    if not people:
        findings.append(_("Nobody at the dealer can present yet: the sessions are planned without a presenter."))
    if not weekly_dates(first, last, plan.programme.weekday) or not plan.rows:
        findings.append(_("The quarter is over, or no session of it is left to plan."))
    return findings
