"""Sessions that a person attends, presents or organises, and what is due around them."""

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.training.choices import MATERIAL_DUE_DAYS
from courses.training.models import Session
from courses.training.queries.figures import still_owed
from courses.training.queries.plans import local_day
from courses.training.queries.sessions import sessions_for
from lms.common.registries import Booking, Entry, booking, feed

ON = [Session.Status.PLANNED, Session.Status.CONFIRMED, Session.Status.HELD, Session.Status.CLOSED]


@feed
def sessions(employee, start, end):
    """One statement."""
    attends = sessions_for(employee, local_day(start, employee.dealer))
    duties = Q(presenter=employee) | Q(programme__organiser=employee) | Q(programme__watcher=employee)
    found = Session.objects.filter(attends | duties, status__in=ON, starts_at__gte=start, starts_at__lt=end)
    for session in found.select_related("programme").order_by("starts_at"):
        kind = session.programme.get_kind_display()
        yield Entry(
            key=f"session-{session.pk}",
            title=f"{kind} · {session.title}" if session.title else kind,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            url=reverse("session", args=[session.pk]),
            place=session.room,
            note=_part_of(employee, session),
        )


def _part_of(employee, session):
    if session.presenter_id == employee.pk:
        return _("you present")
    return _("you organise") if session.programme.organiser_id == employee.pk else ""


@feed
def material(employee, start, end):
    """When the material of one's own sessions is due (T4). One statement."""
    days = timedelta(days=MATERIAL_DUE_DAYS)
    bare = Session.objects.filter(presenter=employee, material_at=None, status__in=ON[:2])
    for session in bare.filter(starts_at__gte=start + days, starts_at__lt=end + days).select_related("programme"):
        yield Entry(
            key=f"material-{session.pk}",
            title=_("Hand in material"),
            starts_at=session.starts_at - days,
            url=reverse("session_material", args=[session.pk]),
            note=session.programme.get_kind_display(),
        )


@feed
def reflections(employee, start, end):
    """One statement."""
    owed = still_owed().filter(employee=employee, due_at__gte=start, due_at__lt=end)
    for reflection in owed.select_related("session__programme"):
        yield Entry(
            key=f"reflection-{reflection.pk}",
            title=_("Write your reflection"),
            starts_at=reflection.due_at,
            url=reverse("reflection", args=[reflection.pk]),
            note=str(reflection.session),
        )


@booking
def rooms(dealer, start, end):
    """One statement."""
    found = Session.objects.filter(dealer=dealer, status__in=ON[:3], starts_at__lt=end, ends_at__gt=start).exclude(room="")
    for session in found.select_related("programme"):
        yield Booking(
            key=f"session-{session.pk}",
            title=str(session),
            room=session.room,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            url=reverse("session", args=[session.pk]),
        )
