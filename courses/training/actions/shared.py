"""What several verbs of this room need: the right hands, and the locks."""

from datetime import timedelta

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from courses.training.choices import CHECK_IN_AFTER
from courses.training.doubts import REFUSED, doubts_of
from courses.training.models import Session
from courses.training.permissions import may_organise
from courses.training.queries.doubts import say
from lms.common.days import day
from lms.common.states import Refused, WrongState, require
from lms.common.zones import zone_named
from lms.people.choices import Role
from lms.people.models import Dealer


def require_organiser(by, programme):
    require(may_organise(by, programme), _hands(programme))


def _hands(programme):
    if Role.SUPERVISOR in programme.rules.organised_by:
        return _("Sessions are organised by the supervisors and the service manager of their own dealer. Ask one of them.")
    return _("Sessions of this training are organised by the service manager of their own dealer.")


def lock_dealer(dealer_id):
    """Whoever arranges days at a dealer does it alone, so that two programmes planned at the same moment keep T1.

    Taken before any session is locked, by everyone, so that nobody waits in a circle.
    """
    return Dealer.objects.select_for_update(no_key=True).get(pk=dealer_id)


def lock_session(session, *states):
    """The session as it is now, locked, in one of `states`; otherwise `WrongState`."""
    now = Session.objects.select_for_update(no_key=True, of=("self",)).select_related("programme", "dealer", "presenter").get(pk=session.pk)
    if states and now.status not in states:
        raise WrongState(
            _("The session is already “%(state)s”; nothing was changed. Load the page again to see it as it is.")
            % {"state": now.get_status_display()}
        )
    return now


def require_open(session, at):
    """Not before the room opens is a session begun, and nobody noted as having been there (T5)."""
    if at >= session.opens_at:
        return
    opens = session.opens_at.astimezone(zone_named(session.dealer.time_zone))
    words = _("The room opens %(minutes)s minutes before the start, on %(moment)s. Move the session first if it is to be held earlier.")
    raise Refused(words % {"minutes": session.programme.opens_before, "moment": formats.date_format(opens, "DATETIME_FORMAT")})


def require_its_day(session, at):
    """Weeks later nobody knows who was there: what was not begun on its day was not held (T5)."""
    if session.is_past(at):
        words = _("The day of this session, %(day)s, is over, so it can't be started any more. Move it to a day to come, or cancel it.")
        raise Refused(words % {"day": day(session.on)})


def require_code_time(session, at):
    """Whoever kept the code, or looks after it, does not check in once the room is empty (T5)."""
    require_open(session, at)
    if at <= session.ends_at + CHECK_IN_AFTER and not session.is_past(at):
        return
    words = _(
        "Check-in by code ends %(minutes)s minutes after the session. "
        "If you were there, ask an organiser other than yourself to mark you on the roll."
    )
    raise Refused(words % {"minutes": CHECK_IN_AFTER // timedelta(minutes=1)})


def require_no_doubts(wish, sure, *, field="on"):
    """What is never done is refused at `field`; what may be meant is asked about, and done when `sure`."""
    doubts = doubts_of(wish)
    for doubt in REFUSED:
        if doubt in doubts:
            raise Refused(say(doubt, wish), field=field)
    if doubts and not sure:
        raise Refused(" ".join([*(say(doubt, wish) for doubt in doubts), _("Is that meant?")]), field="sure")


def words_for(session):
    """Plain values for a notice about a session; the reader's language and place make them words."""
    return {
        "session": session.pk,
        "kind": session.programme.kind,
        "title": session.title,
        "on": session.on.isoformat(),
        "starts_at": session.starts_at.isoformat(),
        "room": session.room,
    }


def url_of(session):
    return reverse("session", args=[session.pk])
