"""What this room puts on the Today page."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from courses.training.choices import MATERIAL_DUE_DAYS
from courses.training.models import Attendance, Reflection, Session
from courses.training.queries.plans import local_day
from courses.training.queries.sessions import sessions_for
from lms.common.compiled import compiled
from lms.common.registries import due

Status, State = Session.Status, Attendance.State
COMING = (Status.PLANNED, Status.CONFIRMED)


@due
def due_for(employee, at):
    """What the person must do next: sessions of today, their turn to present, reflections, and what an organiser has to see to.

    Two statements, and one more on a day with sessions.
    """
    today = local_day(at, employee.dealer)
    sessions = _around(
        employee=employee.pk, dealer=employee.dealer_id, today=today, first=today - timedelta(days=14), last=today + timedelta(days=9)
    )
    expected = _expected(employee, sessions, today)
    items = []
    for session in sessions:
        items += filter(
            None,
            (_to_attend(session, expected), _to_present(session, employee, today), _to_organise(session, employee, today)),
        )
    return items + _reflections(employee, at)


@compiled
def _around(*, employee, dealer, today, first, last):
    """The dealer's sessions that are of today, or this person's to present or to organise."""
    touching = Q(on=today) | Q(presenter=employee) | Q(programme__organiser=employee)
    sessions = Session.objects.filter(touching, dealer=dealer, status__in=[*COMING, Status.HELD], on__range=(first, last))
    return sessions.select_related("programme").order_by("starts_at")


def _expected(employee, sessions, today):
    """The ids of those of today that are for this person, who is not marked in them yet."""
    of_today = [session.pk for session in sessions if session.on == today]
    if not of_today:
        return set()
    states = [State.PRESENT, State.LATE, State.LEFT_EARLY, State.EXCUSED]
    seen = Attendance.objects.filter(employee=employee, session=OuterRef("pk"), state__in=states)
    found = Session.objects.filter(sessions_for(employee, today), pk__in=of_today).exclude(Exists(seen), status=Status.HELD)
    return set(found.values_list("pk", flat=True))


def _item(session, title, text, action, now, at=None, url=""):
    url = url or reverse("session", args=[session.pk])
    return {"at": at or session.starts_at, "title": title, "text": text, "url": url, "action": action, "now": now}


def _name(session):
    return f"{session.programme.get_kind_display()} · {session.title}" if session.title else session.programme.get_kind_display()


def _where(session):
    begin = timezone.localtime(session.starts_at)
    return " · ".join(filter(None, [formats.time_format(begin, "TIME_FORMAT"), session.room]))


def _to_attend(session, expected):
    if session.pk not in expected:
        return None
    if session.status == Status.HELD:
        return _item(session, _name(session), _("Check-in is open: scan the code on the screen in the room."), _("Check in"), True)
    return _item(session, _name(session), _where(session), _("Look"), False)


def _to_present(session, employee, today):
    if session.presenter_id != employee.pk or session.material_at or session.status not in COMING:
        return None
    due_on = session.on - timedelta(days=MATERIAL_DUE_DAYS)
    text = _("You present on %(day)s. Topic and material are due on %(due)s.") % {
        "day": formats.date_format(session.on, "DATE_FORMAT"),
        "due": formats.date_format(due_on, "DATE_FORMAT"),
    }
    at = session.starts_at - timedelta(days=MATERIAL_DUE_DAYS)
    return _item(
        session, _("Your turn to present"), text, _("Hand in material"), due_on <= today, at, reverse("session_material", args=[session.pk])
    )


def _to_organise(session, employee, today):
    if session.programme.organiser_id != employee.pk:
        return None
    words = {"session": _name(session), "day": formats.date_format(session.on, "DATE_FORMAT")}
    if session.status == Status.HELD:
        return _item(session, _("Close: %(session)s") % words, _("Call the roll for the rest, then close it."), _("Roll call"), True)
    if session.on <= today:
        return _item(session, _("Start: %(session)s") % words, words["day"] + " · " + _where(session), _("Open the room"), True)
    if not session.material_at and session.on - timedelta(days=MATERIAL_DUE_DAYS) < today:
        return _item(session, _("Material missing: %(session)s") % words, _("The session is on %(day)s.") % words, _("See to it"), True)
    return None


def _reflections(employee, at):
    return [
        {
            "at": reflection.due_at,
            "title": _("Write your reflection"),
            "text": reflection.session.title
            or _("Guest lecture on %(day)s") % {"day": formats.date_format(reflection.session.on, "DATE_FORMAT")},
            "url": reverse("reflection", args=[reflection.pk]),
            "action": _("Write"),
            "now": reflection.due_at <= at,
        }
        for reflection in _owed(employee=employee.pk)
    ]


@compiled
def _owed(*, employee):
    return Reflection.objects.filter(employee=employee, submitted_at__isnull=True).select_related("session").order_by("due_at")[:5]
