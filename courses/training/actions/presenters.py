"""Someone else presents: named by the organiser with a reason, or nobody any more, where the presenter has gone (T3, §1)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.training.actions.programmes import tell_presenter
from courses.training.actions.shared import lock_session, require_organiser, url_of, words_for
from courses.training.models import Session
from courses.training.queries.presenting import confirmed_by_the_gone, stand_ins_for
from courses.training.queries.shown import turn_shown
from lms.audit.actions import record_event
from lms.audit.meanwhile import check_shown
from lms.common.states import Refused, WrongState, advance
from lms.notifications.actions import notify

Status = Session.Status


@transaction.atomic
def name_presenter(*, session, presenter, reason, shown=None, by, at):
    """Give a coming session to another presenter. Its topic and material stay with it; both are told, the former one with the reason."""
    require_organiser(by, session.programme)
    session = lock_session(session, Status.PLANNED, Status.CONFIRMED)
    check_shown(shown, turn_shown(session), session)
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why someone else presents: it stays on record, and the former presenter reads it."), field="reason")
    _check(session, presenter, at)
    former, session.presenter, session.by_hand = session.presenter, presenter, True
    session.save(update_fields=["presenter", "by_hand"])
    before, after = {"presenter": former and former.pk}, {"presenter": presenter.pk, "reason": reason[:200]}
    record_event("training.presenter_named", target=session, by=by, at=at, before=before, after=after)
    tell_presenter(session)
    if former and former.is_here:
        context = words_for(session) | {"reason": reason[:200]}
        notify(kind="training_turn_passed", people=[former], key=f"{session.pk}:{presenter.pk}", context=context, url=url_of(session))
    return session


def _check(session, presenter, at):
    if session.starts_at <= at:
        raise Refused(_("This session has begun; its presenter stays as it is."), field="presenter")
    if session.is_guest:
        raise Refused(_("A guest lecture has no presenter of your own. Name the guest instead."), field="presenter")
    if presenter not in stand_ins_for(session):
        words = {"name": presenter.name}
        raise Refused(_("%(name)s takes no turns in this programme, presents it already, or is away that day.") % words, field="presenter")


def unconfirm_sessions(*, at):
    """Nothing stays confirmed in the name of someone who has left or is no longer in the programme: it is planned again. Part of the
    sweep; one statement where there are none."""
    found = confirmed_by_the_gone(timezone.localdate(at))
    return sum(_unconfirm(session, at) for session in found)


def _unconfirm(session, at):
    try:
        with transaction.atomic():
            advance(session, start=Status.CONFIRMED, end=Status.PLANNED)
            record_event("training.session_unconfirmed", target=session, by=None, at=at, after={"presenter": session.presenter_id})
        return True
    except WrongState:  # somebody else was quicker
        return False
