"""The plan of a quarter as it is read and shown: the facts in one reading, their timetable, and its words. `plan_quarter` writes it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.training.calendar import AM, HOLIDAY, OWN_SESSION, PM, TOO_CLOSE
from courses.training.doubts import NIGHT, OTHER_QUARTER, Wish, doubts_of
from courses.training.kinds import names_kept_apart
from courses.training.models import Programme, Session
from courses.training.queries.doubts import say, years_without_holidays
from courses.training.queries.turns import absences_of, last_presented, later_turns, presenters_of
from courses.training.rota import Presenter
from courses.training.timetable import Booked, Facts, Week, nothing_left, timetable_of
from lms.common.quarters import bounds, quarter_of
from lms.common.zones import zone_named
from lms.people.choices import HOLIDAY_NAMES
from lms.people.models import Employee
from lms.people.queries import holidays_between

Status = Session.Status
WEEK = timedelta(days=7)
# What saving the plan does to a session, in a word.
CHANGES = {
    "new": gettext_lazy("New"),
    "changed": gettext_lazy("Changed"),
    "dropped": gettext_lazy("Cancelled"),
    "skipped": gettext_lazy("Left out"),
    "same": gettext_lazy("As planned"),
}


@dataclass
class PlanRow:
    """One week of the timetable with its records."""

    week: Week
    session: Session | None
    presenter: Employee | None

    @property
    def words(self):
        """Why it is not on its weekday, or not at all."""
        return words_of(self.week.day)

    @property
    def happens(self):
        if self.week.change == "stays":
            return " · ".join([self.session.get_status_display(), _("stays")])
        return CHANGES[self.week.change]


@dataclass
class Plan:
    programme: Programme
    year: int
    quarter: int
    rows: list[PlanRow]
    findings: list[str]
    unlisted: list[int]  # years of which the public holidays are not entered

    @property
    def digest(self):
        """Two plans with the same digest do the same: what was looked at is what will be done."""
        said = [(week.wanted, week.on, week.change, week.is_guest, week.presenter) for week in (row.week for row in self.rows)]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:20]

    def count(self, *changes):
        return sum(row.week.change in changes for row in self.rows)

    @property
    def new(self):
        return self.count("new")

    @property
    def changed(self):
        return self.count("changed")

    @property
    def dropped(self):
        return self.count("dropped")

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
    """Days that the programme keeps from the others that take the floor away: the most that one of them asks for (T1)."""
    if not programme.rules.keeps_apart:
        return 0
    asked = Programme.objects.filter(
        Q(status=Programme.Status.OPEN) | Q(pk=programme.pk), dealer=programme.dealer_id, kind__in=names_kept_apart()
    )
    return asked.aggregate(most=Max("gap_days"))["most"] or 0


def sessions_in_the_way(programme, first, last):
    """(day, half) of the other programmes' sessions at the dealer from `first` to `last`: those from which days are kept, and those
    from which only the half-day is (T1)."""
    others = Session.objects.filter(dealer=programme.dealer_id, on__range=(first, last)).exclude(status=Status.CANCELLED)
    apart, beside, kept_apart = [], [], names_kept_apart() if programme.rules.keeps_apart else ()
    for on, half, kind in others.exclude(programme=programme).values_list("on", "half", "programme__kind"):
        (apart if kind in kept_apart else beside).append((on, half))
    return apart, beside


def plan_of(programme, year, quarter, at):
    """What planning the quarter now would give. Sessions confirmed, held, closed, cancelled, past or arranged by hand stay (T1, T3)."""
    first, last = bounds(year, quarter)
    sessions = _sessions_of(programme, first, last)
    people = presenters_of(programme, first, last)
    facts = _facts(programme, first, last, at, sessions, people)
    weeks = timetable_of(facts)
    records = {session.pk: session for session in sessions}
    names = {one.presenter_id: one.presenter for one in sessions} | {one.pk: one for one in people}
    rows = [PlanRow(week, week.booked and records[week.booked.pk], names.get(week.presenter)) for week in weeks]
    return Plan(programme, year, quarter, rows, _findings(programme, facts, rows, at), years_without_holidays(first, last))


def _sessions_of(programme, first, last):
    """The programme's sessions of the quarter with the day that the week's rhythm gives them, one a week."""
    sessions = (
        programme.sessions.annotate(wanted=Coalesce("moved_from", "on")).filter(wanted__range=(first, last)).select_related("presenter")
    )
    return list({session.wanted: session for session in sessions.order_by("wanted", "pk")}.values())


def _facts(programme, first, last, at, sessions, people):
    """All that the timetable depends on, read at once."""
    gap = gap_of(programme)
    margin = WEEK + timedelta(days=gap)
    booked = [_booked(session, at) for session in sessions]
    had = last_presented(programme, first, sessions)
    taken, beside = sessions_in_the_way(programme, first - margin, last + margin)
    return Facts(
        first,
        last,
        programme.weekday,
        half_of(programme.starts_at),
        gap,
        programme.guest_every_month,
        _not_before(programme, at),
        holidays_between(first - WEEK, last + WEEK),
        taken=taken,
        beside=beside,
        own=_own_days(programme, [one.pk for one in booked if not one.stays], first - WEEK, last + WEEK),
        booked=booked,
        people=[Presenter(one.pk, one.hired_on, one.number, had.get(one.pk)) for one in people],
        absences=absences_of(people, first - WEEK, last + WEEK),
        later=later_turns(programme, last, sessions),
        week=programme.week,
    )


def _booked(session, at):
    is_to_come = session.status == Status.PLANNED and session.starts_at > at
    return Booked(
        session.pk,
        session.wanted,
        session.on,
        session.presenter_id,
        session.is_guest,
        stays=not is_to_come or bool(session.by_hand or session.material_at or session.guest_name),
        by_hand=session.by_hand,
        is_live=session.status != Status.CANCELLED,
        may_change=is_to_come,
    )


def _not_before(programme, at):
    today = local_day(at, programme.dealer)
    begun = moment(today, programme.starts_at, programme.dealer) <= at
    return today + timedelta(days=1) if begun else today


def _own_days(programme, free, first, last):
    """The days of the programme's sessions but those that are free to move."""
    mine = programme.sessions.filter(on__range=(first, last)).exclude(status=Status.CANCELLED).exclude(pk__in=free)
    return frozenset(mine.values_list("on", flat=True))


def wish_on(programme, day, facts, at):
    """That a session of the plan be on the day, at the programme's hour."""
    begin = moment(day, programme.starts_at, programme.dealer)
    end = begin + timedelta(minutes=programme.minutes)
    return Wish(begin, end, local_day(at, programme.dealer), facts.holidays, quarter=quarter_of(facts.first))


def _asked_of_the_plan(programme, facts, rows, at):
    """What is asked of a day or an hour, where the plan itself decided: whoever saves it has read it."""
    wishes = [wish_on(programme, row.week.on, facts, at) for row in rows if row.week.on and not row.week.stays]
    nights = [say(NIGHT, wish) for wish in wishes[:1] if NIGHT in doubts_of(wish)]
    return nights + [say(OTHER_QUARTER, wish) for wish in wishes if OTHER_QUARTER in doubts_of(wish)]


def _findings(programme, facts, rows, at):
    findings = [row.words for row in rows if row.week.change in ("skipped", "dropped")]
    findings += _asked_of_the_plan(programme, facts, rows, at)
    if not facts.people:
        findings.append(_("Nobody at the dealer can present yet: the sessions are planned without a presenter."))
    if nothing_left(facts, rows):
        findings.append(_("The quarter is over, or no session of it is left to plan."))
    return findings
