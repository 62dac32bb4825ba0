"""Figures that other rooms ask for, for thousands of people at once."""

from django.db.models import Count, Exists, OuterRef, Q

from courses.training.kinds import names_for_track
from courses.training.models import COUNTS_AS_ATTENDED, Attendance, Reflection, Session

State = Attendance.State
# Neither there nor missed: excused, or nobody has said.
LEFT_OUT = [State.EXCUSED, State.NOT_NOTED]


def attendance_in(employee_ids, first, last, *, track=""):
    """{employee id: (attended, expected)} over closed sessions from `first` to `last`, both days included; of one
    `track`'s programmes, or of all.

    Excused and not noted leave the denominator; present, late, left early and made up count as attended. One statement.
    """
    ids = list(employee_ids)
    rows = (
        _closed(ids, first, last, track)
        .values("employee_id")
        .annotate(
            attended=Count("pk", filter=Q(state__in=COUNTS_AS_ATTENDED)),
            expected=Count("pk", filter=~Q(state__in=LEFT_OUT)),
        )
        .values_list("employee_id", "attended", "expected")
    )
    found = {pk: (attended, expected) for pk, attended, expected in rows.order_by()}
    return {pk: found.get(pk, (0, 0)) for pk in ids}


def attendances_in(employee_ids, first, last, *, track):
    """{employee id: {"attended": [attendance ids], "missed": [attendance ids]}}: the records behind `attendance_in`. One statement."""
    ids = list(employee_ids)
    found = {pk: {"attended": [], "missed": []} for pk in ids}
    rows = _closed(ids, first, last, track).exclude(state__in=LEFT_OUT).order_by("pk")
    for person, pk, state in rows.values_list("employee_id", "pk", "state"):
        found[person]["attended" if state in COUNTS_AS_ATTENDED else "missed"].append(pk)
    return found


def _closed(ids, first, last, track):
    rows = Attendance.objects.filter(employee__in=ids, session__status=Session.Status.CLOSED, session__on__range=(first, last))
    return rows.filter(session__programme__kind__in=names_for_track(track)) if track else rows


def reflections_owed(employee_ids, first, last, at):
    """{employee id: ids of the reflections overdue and not handed in}, for sessions from `first` to `last` (T6). One statement."""
    ids = list(employee_ids)
    found = {pk: [] for pk in ids}
    rows = still_owed().filter(employee__in=ids, session__on__range=(first, last), due_at__lt=at)
    for person, pk in rows.order_by("pk").values_list("employee_id", "pk"):
        found[person].append(pk)
    return found


def still_owed():
    """Reflections to hand in: of closed lectures, from those who were there or have made it up (T6)."""
    there = Attendance.objects.filter(session=OuterRef("session"), employee=OuterRef("employee"), state__in=COUNTS_AS_ATTENDED)
    return Reflection.objects.filter(Exists(there), session__status=Session.Status.CLOSED, submitted_at__isnull=True)
