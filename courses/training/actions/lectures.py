"""A session without a rhythm is arranged alone: senior technicians give lectures at schools."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from courses.training.actions.programmes import LONGEST, SHORTEST, tell_presenter
from courses.training.actions.sessions import check_new_day, check_new_time
from courses.training.actions.shared import lock_dealer, require_no_doubts, require_organiser
from courses.training.kinds import ONCE
from courses.training.models import Programme, Session
from courses.training.queries.doubts import wish_of
from courses.training.queries.plans import half_of, moment
from courses.training.queries.presenting import stand_ins_for
from lms.audit.actions import record_event
from lms.common.states import Refused


@transaction.atomic
def arrange_lecture(*, programme, place, on, starts_at, minutes, presenter, by, at, title="", sure=False):
    """One lecture at a place outside the house. The half-day is its own at the dealer, as of any session (T1): the presenter is away."""
    require_organiser(by, programme)
    dealer = lock_dealer(programme.dealer_id)
    programme = Programme.objects.select_related("dealer", "audience").get(pk=programme.pk)
    _check(programme, place, minutes)
    begin = moment(on, starts_at, dealer)
    length = timedelta(minutes=minutes)
    session = Session(
        programme=programme, dealer=dealer, on=on, half=half_of(starts_at), starts_at=begin, ends_at=begin + length, by_hand=True,
        room=place.strip(), title=title.strip(), presenter=presenter,
    )  # fmt: skip
    check_new_time(begin, length, at)
    check_new_day(session, on, session.half)
    _check_presenter(session, presenter)
    require_no_doubts(wish_of(session, begin, begin + length, at), sure)
    session.save()
    after = {"on": on, "starts_at": begin, "presenter": presenter.pk, "place": session.room}
    record_event("training.lecture_arranged", target=session, by=by, at=at, after=after)
    tell_presenter(session)
    return session


def _check(programme, place, minutes):
    if programme.status != Programme.Status.OPEN:
        raise Refused(_("This programme is closed. Open a new one first."))
    if programme.rules.every != ONCE:
        raise Refused(_("The sessions of this programme follow its rhythm: plan the quarter instead."))
    if not place.strip():
        raise Refused(_("Say where the lecture is given."), field="place")
    if not SHORTEST <= minutes <= LONGEST:
        raise Refused(_("A session lasts from %(least)s to %(most)s minutes.") % {"least": SHORTEST, "most": LONGEST}, field="minutes")


def _check_presenter(session, presenter):
    could = {one.pk for one in stand_ins_for(Session(programme=session.programme, dealer=session.dealer, on=session.on))}
    if presenter.pk not in could:
        words = _("%(name)s can't give it: lectures are given by senior technicians of the dealer who are here that day.")
        raise Refused(words % {"name": presenter.name}, field="presenter")
