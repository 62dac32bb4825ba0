"""What the sweep sends. Each reminder has a key of its own, so that however often this runs it goes out once."""

from datetime import timedelta

from courses.training.actions.shared import url_of, words_for
from courses.training.choices import MATERIAL_DUE_DAYS, MATERIAL_REMINDER_DAYS
from courses.training.models import Session
from courses.training.permissions import may_open
from courses.training.queries.figures import still_owed
from courses.training.queries.plans import local_day
from courses.training.queries.sessions import openers_at
from lms.notifications.actions import Telling, notify_all

Status = Session.Status
REFLECTION_SOON = timedelta(days=1)
# A reminder that a failure left out is made up for, but not for what is long past.
REFLECTIONS_BACK = timedelta(days=30)


def send_reminders(*, at):
    """Remind presenters of missing material 7, 2 and 0 days before it is due and tell the organiser when it is overdue (T4);
    remind of reflections a day before they are due and when they are overdue (T6). Returns how many were told now."""
    return notify_all([*_material(at), *_reflections(at)])


def _material(at):
    longest = timedelta(days=MATERIAL_DUE_DAYS + max(MATERIAL_REMINDER_DAYS) + 1)
    missing = Session.objects.filter(
        status__in=[Status.PLANNED, Status.CONFIRMED], material_at__isnull=True, starts_at__gt=at, starts_at__lt=at + longest
    )
    sessions = missing.select_related("programme__organiser", "presenter", "dealer").order_by("pk")
    openers = openers_at({session.dealer_id for session in sessions if not _has_organiser(session)})
    return [telling for session in sessions if (telling := _of_material(session, _organisers(session, openers), at))]


def _organisers(session, openers):
    """Whoever runs it; where they have gone, whoever may say who runs it now."""
    if _has_organiser(session):
        return [session.programme.organiser]
    return [one for one in openers if may_open(one.user, session.dealer_id, session.programme.kind)]


def _has_organiser(session):
    organiser = session.programme.organiser
    return organiser.is_here and organiser.dealer_id == session.dealer_id


def _of_material(session, organisers, at):
    due_on = session.on - timedelta(days=MATERIAL_DUE_DAYS)
    days = (due_on - local_day(at, session.dealer)).days
    context = words_for(session) | {
        "due_on": due_on.isoformat(),
        "days": days,
        "presenter": session.presenter.name if session.presenter else "",
    }
    if days < 0:
        people, kind, key = organisers, "training_material_overdue", f"{session.pk}:{due_on}"
    else:
        stage = min((stage for stage in MATERIAL_REMINDER_DAYS if days <= stage), default=None)
        if stage is None:
            return None
        # A guest lecture's material is handed in by the organiser.
        people = [session.presenter] if session.presenter else organisers
        kind, key = "training_material_due", f"{session.pk}:{due_on}:{stage}"
    return Telling(kind=kind, people=people, key=key, context=context, url=url_of(session))


def _reflections(at):
    owed = still_owed().filter(due_at__lt=at + REFLECTION_SOON, due_at__gt=at - REFLECTIONS_BACK)
    by_session = {}
    for reflection in owed.select_related("session__programme", "employee").order_by("session", "pk"):
        stage = "overdue" if reflection.due_at < at else "soon"
        by_session.setdefault((reflection.session_id, stage), []).append(reflection)
    return [_of_reflections(stage, rows) for (_session, stage), rows in by_session.items()]


def _of_reflections(stage, rows):
    session = rows[0].session
    context = words_for(session) | {"due_at": rows[0].due_at.isoformat(), "overdue": stage == "overdue"}
    people = [row.employee for row in rows]
    return Telling(kind="training_reflection_due", people=people, key=f"{session.pk}:{stage}", context=context, url=url_of(session))
