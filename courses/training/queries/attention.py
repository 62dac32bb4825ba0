"""What wants attention among a dealer's sessions, in words: for the board, and for Today of whoever organises them."""

from datetime import timedelta

from django.utils import formats
from django.utils.translation import gettext as _

from courses.training.choices import MATERIAL_DUE_DAYS
from courses.training.models import Session
from courses.training.queries.doubts import clash_words, clashes_among, years_without_holidays
from courses.training.queries.presenting import Unfit, leaves_of, unfit_presenters
from courses.training.rota import is_away
from lms.common.registries import bookings_of
from lms.people.calendar import is_workday

Status = Session.Status
COMING = (Status.PLANNED, Status.CONFIRMED)
GUEST_FOUND = timedelta(days=21)


def material_due_on(session):
    return session.on - timedelta(days=MATERIAL_DUE_DAYS)


def attention_of(sessions, holidays, today):
    """What wants attention, each {text, session, swap or names}: no words where all is well. `holidays` are those of the sessions' days.

    Five statements, and one where a year's holidays may be missing.
    """
    coming = [session for session in sessions if session.status in COMING and session.on >= today]
    leaves = leaves_of(coming)
    unfit = unfit_presenters(coming, leaves)
    findings = _unlisted(coming) + _rooms_taken(coming)
    for session in coming:
        say = _say(session)
        if session.pk in unfit:
            findings.append(_presenter_unfit(session, coming, unfit, leaves))
        if _lacks_presenter(session, today):
            findings.append({"text": _("%(session)s: nobody presents yet.") % say, "session": session})
        if not session.material_at and today > material_due_on(session):
            findings.append({"text": _("%(session)s: the material is missing; it was due two days before.") % say, "session": session})
        if session.on in holidays and not is_workday(session.on, holidays):
            findings.append({"text": _("%(session)s is on a public holiday. Move it.") % say, "session": session})
    for session in sessions:
        if session.status in COMING and session.on < today:
            findings.append(
                {
                    "text": _("%(session)s is over but was never started. Move it to a day to come, or cancel it.") % _say(session),
                    "session": session,
                }
            )
        if session.status == Status.HELD and session.on < today:
            findings.append({"text": _("%(session)s was held and is not closed yet.") % _say(session), "session": session})
    return findings


def _rooms_taken(coming):
    """Sessions whose room something else wants at that time. One statement for each kind of thing that has a room."""
    placed = [session for session in coming if session.room]
    if not placed:
        return []
    bookings = bookings_of(placed[0].dealer, min(one.starts_at for one in placed), max(one.ends_at for one in placed))
    return [
        {"text": f"{_say(session)['session']}: {clash_words(booking)}", "session": session}
        for session in placed
        for booking in clashes_among(session, bookings)
    ]


def _lacks_presenter(session, today):
    """A guest is found in the weeks before; a colleague is known from the planning on."""
    return not session.presenter and not session.guest_name and (not session.is_guest or session.on - today <= GUEST_FOUND)


def _say(session):
    kind = session.programme.get_kind_display()
    return {"session": f"{kind}, {formats.date_format(session.on, 'MONTH_DAY_FORMAT')}"}


def _presenter_unfit(session, coming, unfit, leaves):
    """Only between two who are here and in the programme can a swap help, and only for whoever is away."""
    words = {**_say(session), "name": session.presenter.name, "why": unfit[session.pk].label}
    other = _other_turn(session, coming, unfit, leaves) if unfit[session.pk] == Unfit.LEAVE else None
    if other is None:
        return {"text": _("%(session)s: %(name)s %(why)s. Name another presenter.") % words, "session": session, "names": True}
    words["other"] = other.presenter.name
    text = _("%(session)s: %(name)s %(why)s. %(other)s could swap; both keep their number of turns.") % words
    return {"text": text, "session": session, "swap": other}


def _other_turn(session, coming, unfit, leaves):
    return next(
        (
            other
            for other in sorted(coming, key=lambda other: abs(other.on - session.on))
            if session.status == other.status == Status.PLANNED
            and other.programme_id == session.programme_id
            and other.presenter_id not in (None, session.presenter_id)
            and other.pk not in unfit
            and not is_away(leaves, other.presenter_id, session.on)
            and not is_away(leaves, session.presenter_id, other.on)
        ),
        None,
    )


def _unlisted(coming):
    """Years with sessions to come whose public holidays nobody has entered: dates that fall on one don't move."""
    days = [session.on for session in coming]
    years = years_without_holidays(min(days), max(days)) if days else []
    return [{"text": unlisted_words(year), "adds_holidays": True} for year in years]


def unlisted_words(year):
    words = _("The public holidays of %(year)s are not entered yet: dates that fall on one do not move. Enter them, then plan again.")
    return words % {"year": year}
