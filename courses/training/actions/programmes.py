from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from courses.training.actions.shared import lock_dealer, require_no_doubts, require_organiser, url_of, words_for
from courses.training.choices import CLOSES_BEFORE_MOST, OPENS_BEFORE_MOST
from courses.training.doubts import TOO_FAR, Wish, is_too_far
from courses.training.kinds import MONTHLY, ONCE, kind_of
from courses.training.models import Programme, Session
from courses.training.permissions import may_open
from courses.training.queries.doubts import say
from courses.training.queries.plans import half_of, local_day, moment, plan_of
from courses.training.queries.shown import check_in_shown
from lms.audiences.actions import change_audience, make_audience
from lms.audiences.models import Audience
from lms.audiences.queries import rule_of, rule_shown
from lms.audiences.rule import Rule, rule_at
from lms.audiences.sentences import sentence_of
from lms.audit.actions import record_event
from lms.audit.meanwhile import check_shown
from lms.common.bilingual import in_both
from lms.common.quarters import first_day
from lms.common.states import Refused, require
from lms.notifications.actions import notify
from lms.people.actions import load_holidays
from lms.people.choices import Role
from lms.people.models import Position

SHORTEST, LONGEST = 15, 240
FIRST = 1


@transaction.atomic
def open_programme(
    *,
    dealer,
    kind,
    organiser,
    starts_at,
    by,
    at,
    weekday=0,
    week=None,
    minutes=60,
    room="",
    guest_every_month=True,
    gap_days=2,
    opens_before=30,
    closes_before=0,
    watcher=None,
    sure=False,
):
    """Open training of one kind at a dealer, for those whom the kind is for; `change_programme_audience` says it otherwise.

    What has no rhythm needs no `weekday`.
    `week` is which one of the month, of a kind that is held monthly. The sessions come with `plan_quarter`.
    """
    require(may_open(by, dealer.pk, kind), _opened_by(kind))
    lock_dealer(dealer.pk)
    _check_times(starts_at, minutes)
    _check_check_in(opens_before, closes_before, minutes)
    check_organiser(dealer, organiser, kind)
    _check_hours(dealer, starts_at, minutes, sure, at)
    _check_none_open(dealer, kind)
    rule = first_rule(dealer, kind)
    programme = Programme.objects.create(
        dealer=dealer,
        kind=kind,
        audience=make_audience(rule=rule, by=by),
        organiser=organiser,
        watcher=watcher,
        weekday=weekday,
        week=(week or FIRST) if kind_of(kind).every == MONTHLY else None,
        starts_at=starts_at,
        minutes=minutes,
        room=room,
        guest_every_month=guest_every_month and kind_of(kind).every != ONCE,
        gap_days=gap_days,
        opens_before=opens_before,
        closes_before=closes_before,
        opened_by=by,
    )
    _record_opened(programme, rule, by, at)
    return programme


def _check_none_open(dealer, kind):
    if Programme.objects.filter(dealer=dealer, kind=kind, status=Programme.Status.OPEN).exists():
        raise Refused(_("This dealer already has an open programme of this kind. Plan its next quarter instead."), field="kind")


def _record_opened(programme, rule, by, at):
    after = {name: getattr(programme, name) for name in ("kind", "weekday", "starts_at", "minutes", "organiser")}
    record_event("training.programme_opened", target=programme, by=by, at=at, after=after | _said(rule))


def _opened_by(kind):
    if kind_of(kind).every == ONCE:
        return _("Visiting lectures are opened by HR, the service manager or the general manager of their own dealer.")
    if Role.GENERAL_MANAGER in kind_of(kind).opened_by:
        return _("Programmes of this kind are opened by the general manager of their own dealer.")
    return _("Programmes are opened by the supervisors and the service manager of their own dealer.")


def first_rule(dealer, kind):
    """Whom a programme of this kind is for at first: those of the dealer whom its kind asks for."""
    return rule_at(dealer.pk, Rule(kind_of(kind).asked(list(Position.objects.all()))))


def _said(rule):
    """For the log, in both languages; people who are named are counted, as the log is no place for names."""
    return {"audience": in_both(lazy(lambda: sentence_of(rule), str)())}


@transaction.atomic
def change_programme_audience(*, programme, rule, by, at, shown=None):
    """Say for whom the programme is from now on. Sessions that were started keep the roll they have."""
    hands = may_open(by, programme.dealer_id, programme.kind)
    require(hands, _("Whom a programme is for is said by those who may open it at their own dealer."))
    lock_dealer(programme.dealer_id)
    check_shown(shown, rule_shown(rule_of(Audience.objects.get(pk=programme.audience_id)), by), programme)
    rule = rule_at(programme.dealer_id, rule)
    before = change_audience(audience=programme.audience, rule=rule, by=by)
    if before != rule:
        record_event("training.audience_changed", target=programme, by=by, at=at, before=_said(before), after=_said(rule))
    return programme


@transaction.atomic
def change_check_in(*, programme, opens_before, closes_before, by, at, shown=None):
    """Say how many minutes before its start the room of a session opens, and how many before its end it is closed without a reason (T5)."""
    require(may_open(by, programme.dealer_id, programme.kind), _opened_by(programme.kind))
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    _check_check_in(opens_before, closes_before, programme.minutes)
    check_shown(shown, check_in_shown(programme), programme)
    values = {"opens_before": opens_before, "closes_before": closes_before}
    before = {name: getattr(programme, name) for name in values}
    if before != values:
        Programme.objects.filter(pk=programme.pk).update(**values)
        record_event("training.check_in_changed", target=programme, by=by, at=at, before=before, after=values)
    return programme


def _check_check_in(opens_before, closes_before, lasts):
    for minutes, most, field in ((opens_before, OPENS_BEFORE_MOST, "opens_before"), (closes_before, CLOSES_BEFORE_MOST, "closes_before")):
        if not 0 <= minutes <= most:
            raise Refused(_("From 0 to %(most)s minutes.") % {"most": most}, field=field)
    if closes_before >= lasts:
        words = _("A session lasts %(minutes)s minutes. Let it be closed fewer minutes than that before its end.")
        raise Refused(words % {"minutes": lasts}, field="closes_before")


def _check_times(starts_at, minutes):
    """A session lies within one half-day (T1 counts in half-days)."""
    if not SHORTEST <= minutes <= LONGEST:
        raise Refused(_("A session lasts from %(least)s to %(most)s minutes.") % {"least": SHORTEST, "most": LONGEST}, field="minutes")
    begin = datetime.combine(date(2000, 1, 1), starts_at)
    end = begin + timedelta(minutes=minutes)
    noon = begin.replace(hour=12, minute=0, second=0)
    border = noon if begin < noon else noon + timedelta(hours=12)
    if end > border:
        raise Refused(
            _(
                "A session lies within one half-day, and this one would run from %(begin)s to %(end)s. "
                "Let it begin earlier, or after noon, or make it shorter."
            )
            % {"begin": f"{begin:%H:%M}", "end": f"{end:%H:%M}"},
            field="starts_at",
        )


def _check_hours(dealer, starts_at, minutes, sure, at):
    """Of the hours alone: what is asked of a day is asked when the quarter is planned."""
    today = local_day(at, dealer)
    begin = moment(today, starts_at, dealer)
    require_no_doubts(Wish(begin, begin + timedelta(minutes=minutes), today, {}), sure)


def check_organiser(dealer, organiser, kind):
    roles = kind_of(kind).organised_by
    if organiser.dealer_id == dealer.pk and organiser.is_here and organiser.position.role in roles:
        return
    words = _("%(name)s cannot organise it: the organiser is the service manager of the dealer.")
    if Role.SUPERVISOR in roles:
        words = _("%(name)s cannot organise it: the organiser is a supervisor or the service manager of the dealer.")
    raise Refused(words % {"name": organiser.name}, field="organiser")


@transaction.atomic
def plan_quarter(*, programme, year, quarter, by, at, seen=None):
    """Make the quarter's sessions, or bring them up to date; what stays is said in `plan_of`. Planning twice changes nothing.

    `seen` is the digest of the plan that was looked at: if it would now be another one, nothing is done.
    """
    require_organiser(by, programme)
    lock_dealer(programme.dealer_id)
    programme = Programme.objects.select_related("dealer").get(pk=programme.pk)
    if programme.status != Programme.Status.OPEN:
        raise Refused(_("This programme is closed. Open a new one first."))
    if programme.rules.every == ONCE:
        raise Refused(_("These sessions have no rhythm: each is arranged alone, from the training board."))
    _check_how_far(programme, year, quarter, at)
    load_holidays(date(year, 1, 1), date(year, 12, 31))
    plan = plan_of(programme, year, quarter, at)
    if seen is not None and plan.digest != seen:
        raise Refused(_("Something has changed since you looked at this plan, so nothing was saved. Here is the plan as it would be now."))
    for row in plan.rows:
        if row.week.change == "dropped":
            _drop(row, by, at)
    made = [_write(row, plan.programme) for row in plan.rows if row.week.change in ("new", "changed")]
    Session.objects.bulk_create([session for session in made if session.pk is None])
    if plan.changes_anything:
        after = {"year": year, "quarter": quarter, **{change: plan.count(change) for change in ("new", "changed", "dropped", "skipped")}}
        record_event("training.quarter_planned", target=programme, by=by, at=at, after=after)
    _tell_presenters(plan, made)
    return plan


def _check_how_far(programme, year, quarter, at):
    first, today = first_day(year, quarter), local_day(at, programme.dealer)
    if is_too_far(first, today):
        begin = moment(first, programme.starts_at, programme.dealer)
        raise Refused(say(TOO_FAR, Wish(begin, begin, today, {})), field="quarter")


def _write(row, programme):
    session = row.session or Session(programme=programme, dealer=programme.dealer, status=Session.Status.PLANNED)
    if not row.week.stays:
        session.on = row.week.on
        session.moved_from = row.week.wanted if row.week.on != row.week.wanted else None
        session.half = half_of(programme.starts_at)
        session.starts_at = moment(row.week.on, programme.starts_at, programme.dealer)
        session.ends_at = session.starts_at + timedelta(minutes=programme.minutes)
        session.room = programme.room
        session.is_guest = row.week.is_guest
    session.presenter = row.presenter
    if session.pk:
        session.save()
    row.session = session
    return session


def _tell_presenters(plan, sessions):
    """Each presenter hears of all their new days at once."""
    days = {}
    for session in sessions:
        if session.presenter_id:
            days.setdefault(session.presenter_id, (session.presenter, []))[1].append(session.starts_at.isoformat())
    contexts = {pk: {"days": moments, "kind": plan.programme.kind} for pk, (_person, moments) in days.items()}
    people = [person for person, _moments in days.values()]
    key = f"{plan.programme.pk}:{plan.year}-{plan.quarter}:{plan.digest}"
    notify(kind="training_turns", people=people, key=key, contexts=contexts, url=reverse("training"))


def _drop(row, by, at):
    session = row.session
    session.status = Session.Status.CANCELLED
    session.cancelled_reason = (row.words or _("No day of the week fits any more."))[:200]
    session.save(update_fields=["status", "cancelled_reason"])
    record_event("training.session_cancelled", target=session, by=by, at=at, after={"reason": session.cancelled_reason})


def tell_presenter(session):
    """The presenter hears of a turn, once for each day it is on."""
    if session.presenter_id:
        key = f"{session.pk}:{session.on.isoformat()}"
        notify(kind="training_turn", people=[session.presenter], key=key, context=words_for(session), url=url_of(session))
