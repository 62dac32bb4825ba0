import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import formats
from django.utils.translation import gettext as _

from courses.training.actions.attendance import call_roll
from courses.training.actions.programmes import tell_presenter
from courses.training.actions.reflections import owe_reflections
from courses.training.actions.shared import (
    lock_dealer,
    lock_session,
    require_its_day,
    require_no_doubts,
    require_open,
    require_organiser,
    url_of,
    words_for,
)
from courses.training.calendar import in_the_way, is_allowed
from courses.training.models import COUNTS_AS_ATTENDED, Attendance, Session
from courses.training.queries.doubts import wish_of
from courses.training.queries.plans import gap_of, half_of, moment, sessions_in_the_way
from courses.training.queries.presenting import Unfit, why_not_presents
from courses.training.queries.sessions import audience_at, excused_from
from courses.training.queries.shown import turn_shown, turns_shown
from lms.audit.actions import record_event
from lms.audit.meanwhile import check_shown
from lms.common.states import Refused, advance
from lms.common.zones import zone_named
from lms.notifications.actions import notify
from lms.people.choices import HOLIDAY_NAMES
from lms.people.queries import holidays_between

Status, State, Method = Session.Status, Attendance.State, Attendance.Method


@transaction.atomic
def confirm_session(*, session, by, at):
    """The session will take place as planned (T8)."""
    require_organiser(by, session.programme)
    if not session.presenter_id and not session.guest_name:
        raise Refused(_("Nobody is to present yet. Name the guest lecturer in the material, or plan the quarter again."))
    why = session.presenter and why_not_presents(session.presenter, session)
    if why:
        raise Refused(_("%(name)s %(why)s. Name another presenter first.") % {"name": session.presenter.name, "why": why.label})
    advance(session, start=Status.PLANNED, end=Status.CONFIRMED)
    record_event("training.session_confirmed", target=session, by=by, at=at)
    return session


@transaction.atomic
def start_session(*, session, by, at):
    """Open the room (T5, T8): the audience is written down, whoever has leave is excused, and check-in can begin."""
    require_organiser(by, session.programme)
    require_open(session, at)
    require_its_day(session, at)
    advance(
        session,
        start=[Status.PLANNED, Status.CONFIRMED],
        end=Status.HELD,
        held_at=at,
        held_by=by,
        secret=secrets.token_urlsafe(32),
    )
    audience = list(audience_at(session))
    excused = excused_from(session, audience)
    Attendance.objects.bulk_create(
        [
            Attendance(session=session, employee=one, state=State.EXCUSED, method=Method.LEAVE, noted_at=at, noted_by=by)
            if one.pk in excused
            else Attendance(session=session, employee=one)
            for one in audience
        ],
        ignore_conflicts=True,
        batch_size=500,
    )
    record_event("training.session_started", target=session, by=by, at=at, after={"audience": len(audience), "excused": len(excused)})
    return session


@transaction.atomic
def close_session(*, session, states=None, early="", by, at, shown=None):
    """End the session (T8), with what was marked on the roll and not saved yet (`states` and `shown`, as for `call_roll`); before its
    end only with the reason, `early`.

    Whoever was neither seen nor excused was absent; whoever presented was there, but nobody says so of themselves by closing: who
    closes and did not check in is not noted. A guest lecture leaves those who were there a reflection to hand in (T6).
    """
    require_organiser(by, session.programme)
    early = _why_early(session, early, at)
    if states:
        call_roll(session=session, states=states, by=by, at=at, shown=shown)
    advance(session, start=Status.HELD, end=Status.CLOSED, closed_at=at, closed_by=by, closed_early_reason=early)
    counts = _note_the_rest(session, by, at)
    there = Attendance.objects.filter(session=session, state__in=COUNTS_AS_ATTENDED)
    owing = owe_reflections(session=session, attendances=there, at=at)
    after = counts | {"reflections": len(owing)} | ({"reason": early} if early else {})
    record_event("training.session_closed", target=session, by=by, at=at, after=after)
    return session


def _why_early(session, reason, at):
    """The reason where there has to be one, else nothing."""
    if at >= session.over_at:
        return ""
    reason = reason.strip()[:200]
    if not reason:
        end = formats.time_format(session.over_at.astimezone(zone_named(session.dealer.time_zone)), "H:i")
        words = _("The session runs until %(end)s. Close it then, or say why it ends early: the reason stands on record.")
        raise Refused(words % {"end": end}, field="early")
    return reason


def _note_the_rest(session, by, at):
    """How many were absent, and how many are not noted."""
    expected = Attendance.objects.filter(session=session, state=State.EXPECTED)
    noted = {"method": Method.CLOSE, "noted_at": at, "noted_by": by}
    not_noted = expected.filter(employee__user=by).update(state=State.NOT_NOTED, **noted)
    expected.filter(employee=session.presenter_id).update(state=State.PRESENT, **noted)
    return {"absent": expected.update(state=State.ABSENT, **noted), "not_noted": not_noted}


@transaction.atomic
def cancel_session(*, session, reason, by, at, shown=None):
    """Call a coming session off, with the reason (T8). Its half-day is free again."""
    require_organiser(by, session.programme)
    session = lock_session(session, Status.PLANNED, Status.CONFIRMED)
    check_shown(shown, turn_shown(session), session)
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why the session is cancelled: everyone who was to come will read it."), field="reason")
    before = session.get_status_display()
    advance(session, start=[Status.PLANNED, Status.CONFIRMED], end=Status.CANCELLED, cancelled_reason=reason[:200])
    record_event("training.session_cancelled", target=session, by=by, at=at, before={"status": before}, after={"reason": reason})
    context = words_for(session) | {"reason": reason}
    _tell_all(session, kind="training_cancelled", key=str(session.pk), context=context)
    return session


def _tell_all(session, **telling):
    """Whoever was to come, and the dealer's groups."""
    notify(people=list(audience_at(session)), group=session.dealer, url=url_of(session), **telling)


@transaction.atomic
def move_session(*, session, on, by, at, starts_at=None, sure=False, shown=None):
    """Put a coming session on another day or time. T1 holds as when planning: working day, own half-day, days apart; what is odd
    about the new time is asked, and done when `sure`."""
    require_organiser(by, session.programme)
    dealer = lock_dealer(session.dealer_id)
    session = lock_session(session, Status.PLANNED, Status.CONFIRMED)
    check_shown(shown, turn_shown(session), session)
    programme = session.programme
    length = session.ends_at - session.starts_at
    time = starts_at or session.starts_at.astimezone(moment(on, programme.starts_at, dealer).tzinfo).time()
    begin = moment(on, time, dealer)
    if begin == session.starts_at:
        raise Refused(_("The day and the time are as they were: nothing was changed, and nobody was told."), field="on")
    check_new_time(begin, length, at)
    check_new_day(session, on, half_of(time))
    require_no_doubts(wish_of(session, begin, begin + length, at), sure)
    before = {"on": session.on, "starts_at": session.starts_at}
    wanted = session.moved_from or session.on
    session.moved_from = wanted if on != wanted else None
    session.on, session.half, session.by_hand = on, half_of(time), True
    session.starts_at, session.ends_at = begin, begin + length
    session.save(update_fields=["on", "half", "moved_from", "by_hand", "starts_at", "ends_at"])
    record_event("training.session_moved", target=session, by=by, at=at, before=before, after={"on": on, "starts_at": begin})
    key = f"{session.pk}:{begin.isoformat()}"
    context = words_for(session) | {"before": before["starts_at"].isoformat()}
    _tell_all(session, kind="training_moved", key=key, context=context)
    return session


def check_new_time(begin, length, at):
    end = begin + length
    if begin <= at:
        raise Refused(_("That time has passed. Choose one that is still to come."), field="on")
    noon = begin.replace(hour=12, minute=0)
    if (begin < noon and end > noon) or end.date() != begin.date():
        raise Refused(
            _("A session lies within one half-day: let it end by noon, or begin after it and end the same day."), field="starts_at"
        )


def check_new_day(session, on, half):
    programme, margin = session.programme, timedelta(days=31)
    holidays = holidays_between(on, on)
    if not is_allowed(on, programme.weekday, holidays):
        name = holidays.get(on, ("", False))[0]
        raise Refused(
            _("%(day)s is no working day (%(why)s). Choose a working day.")
            % {"day": formats.date_format(on, "DATE_FORMAT"), "why": HOLIDAY_NAMES.get(name, name) or _("weekend")},
            field="on",
        )
    gap = gap_of(programme)
    apart, beside = sessions_in_the_way(programme, on - margin, on + margin)
    if in_the_way(on, half, beside, 0) is not None:
        raise Refused(_("Another programme has a session in this half-day. Choose another time."), field="on")
    other = in_the_way(on, half, apart, gap)
    if other is not None:
        raise Refused(
            _(
                "The other programme has a session on %(other)s, and the two keep %(gap)s days apart so that the floor is never empty. "
                "Choose a day further away."
            )
            % {"other": formats.date_format(other, "DATE_FORMAT"), "gap": gap},
            field="on",
        )
    if programme.sessions.filter(on=on).exclude(pk=session.pk).exclude(status=Status.CANCELLED).exists():
        raise Refused(_("This programme already has a session on that day. Choose another one."), field="on")


@transaction.atomic
def swap_presenters(*, session, other, by, at, shown=None):
    """Two presenters take each other's turn, with what they have prepared (T3). Everyone's number of turns stays the same."""
    require_organiser(by, session.programme)
    held = {one.pk: lock_session(one, Status.PLANNED) for one in sorted((session, other), key=lambda one: one.pk)}
    session, other = held[session.pk], held[other.pk]
    check_shown(shown, turns_shown(session, [other]), session, other)
    _check_pair(session, other, at)
    before = {session.pk: {"presenter": session.presenter_id}, other.pk: {"presenter": other.presenter_id}}
    session.material, other.material = other.material.name, session.material.name
    for name in ("presenter", "title", "topic_id", "outline", "course_id", "material_at", "material_by_id"):
        mine, theirs = getattr(session, name), getattr(other, name)
        setattr(session, name, theirs)
        setattr(other, name, mine)
    for one in (session, other):
        one.by_hand = True
        one.save()
        record_event("training.presenters_swapped", target=one, by=by, at=at, before=before[one.pk], after={"presenter": one.presenter_id})
        tell_presenter(one)
    return session, other


def _check_pair(session, other, at):
    if session.programme_id != other.programme_id or session.pk == other.pk:
        raise Refused(_("Presenters are swapped between two sessions of one programme."), field="other")
    if not (session.presenter_id and other.presenter_id) or session.presenter_id == other.presenter_id:
        raise Refused(_("Only two different presenters can swap; a guest lecture has none."), field="other")
    if min(session.starts_at, other.starts_at) <= at:
        raise Refused(_("One of the two sessions has already begun. Only coming sessions are swapped."), field="other")
    for one, presenter in ((session, other.presenter), (other, session.presenter)):
        why = why_not_presents(presenter, one)
        if why == Unfit.LEAVE:
            raise Refused(
                _("%(name)s is on leave on %(day)s and cannot present then. Choose another session to swap with.")
                % {"name": presenter.name, "day": formats.date_format(one.on, "DATE_FORMAT")},
                field="other",
            )
        if why:
            raise Refused(_("%(name)s %(why)s. Name another presenter first.") % {"name": presenter.name, "why": why.label}, field="other")
