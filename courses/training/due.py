"""What this room puts on the Today page."""

from datetime import timedelta

from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from courses.training.choices import MATERIAL_DUE_DAYS
from courses.training.models import Attendance, Programme, Reflection, Session
from courses.training.permissions import may_open, may_organise
from courses.training.queries.plans import local_day
from courses.training.queries.presenting import left_without_presenter
from courses.training.queries.sessions import sessions_for
from lms.common.registries import due
from lms.people.models import Employee

Status, State = Session.Status, Attendance.State
COMING = (Status.PLANNED, Status.CONFIRMED)


@due
def due_for(employee, at):
    """What the person must do next: sessions of today, their turn to present, reflections, and what an organiser has to see to.

    At most three statements.
    """
    today = local_day(at, employee.dealer)
    sessions = list(
        Session.objects.filter(
            Q(on=today) | Q(presenter=employee) | Q(programme__organiser=employee),
            dealer=employee.dealer_id,
            status__in=[*COMING, Status.HELD],
            on__range=(today - timedelta(days=14), today + timedelta(days=9)),
        )
        .annotate(is_for_me=ExpressionWrapper(sessions_for(employee, today), BooleanField()))
        .select_related("programme")
        .order_by("starts_at")
    )
    seen = _seen(employee, sessions)
    items = []
    for session in sessions:
        items += filter(
            None,
            (_to_attend(session, employee, today, seen), _to_present(session, employee, today), _to_organise(session, employee, today)),
        )
    return items + _reflections(employee, at)


def _seen(employee, sessions):
    held = [session.pk for session in sessions if session.status == Status.HELD]
    if not held:
        return set()
    states = [State.PRESENT, State.LATE, State.LEFT_EARLY, State.EXCUSED]
    return set(Attendance.objects.filter(employee=employee, session__in=held, state__in=states).values_list("session_id", flat=True))


def _item(session, title, text, action, now, at=None, url=""):
    url = url or reverse("session", args=[session.pk])
    return {"at": at or session.starts_at, "title": title, "text": text, "url": url, "action": action, "now": now}


def _name(session):
    return f"{session.programme.get_kind_display()} · {session.title}" if session.title else session.programme.get_kind_display()


def _where(session):
    begin = timezone.localtime(session.starts_at)
    return " · ".join(filter(None, [formats.time_format(begin, "TIME_FORMAT"), session.room]))


def _to_attend(session, employee, today, seen):
    if session.on != today or not session.is_for_me or session.pk in seen:
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


@due
def to_hand_on(employee, at):
    """Sessions to come whose presenter has gone or is away: whoever organises names another. One statement where there are none."""
    user = employee.user
    if user is None or not user.has_perm("training.organise_sessions"):
        return []
    found = left_without_presenter(employee.dealer_id, local_day(at, employee.dealer))
    return [_to_hand_on(session, why) for session, why in found if may_organise(user, session.programme)]


@due
def programmes_to_hand_on(employee, at):
    """Programmes whose organiser or watcher has left or works elsewhere: for whoever may open such ones. One statement."""
    user = employee.user
    if user is None or not user.has_perm("training.open_programmes"):
        return []
    gone = Q()
    for part in ("organiser", "watcher"):
        has_gone = Q(**{f"{part}__status": Employee.Status.LEFT}) | ~Q(**{f"{part}__dealer": F("dealer")})
        gone |= Q(**{f"{part}__isnull": False}) & has_gone
    found = Programme.objects.filter(gone, dealer=employee.dealer_id, status=Programme.Status.OPEN).select_related("organiser", "watcher")
    return [_programme_to_hand_on(one) for one in found if may_open(user, one.dealer_id, one.kind)]


def _programme_to_hand_on(programme):
    people = [one for one in (programme.organiser, programme.watcher) if one]
    gone = [one.name for one in people if not one.is_here or one.dealer_id != programme.dealer_id]
    return {
        "at": None,
        "title": _("Hand on: %(programme)s") % {"programme": programme},
        "text": _("%(names)s has left or works elsewhere. Say who runs it now.") % {"names": ", ".join(gone)},
        "url": reverse("programme_hands", args=[programme.pk]),
        "action": _("Hand on"),
        "now": True,
    }


def _to_hand_on(session, why):
    day = formats.date_format(session.on, "DATE_FORMAT")
    words = {"session": _name(session), "day": day, "name": session.presenter.name, "why": why.label}
    text = _("%(day)s: %(name)s %(why)s.") % words
    url = f"{reverse('session', args=[session.pk])}?presenter=1"
    return _item(session, _("Name another presenter: %(session)s") % words, text, _("Name"), True, url=url)


def _reflections(employee, at):
    owed = Reflection.objects.filter(employee=employee, submitted_at__isnull=True).select_related("session").order_by("due_at")[:5]
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
        for reflection in owed
    ]
