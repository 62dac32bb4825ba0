"""Figures that other rooms ask for, for thousands of people at once."""

from django.db.models import Count, Q

from courses.training.models import Attendance, Reflection, Session

State = Attendance.State
COUNTS_AS_ATTENDED = [State.PRESENT, State.LATE, State.LEFT_EARLY, State.MADE_UP]


def attendance_in(employee_ids, first, last):
    """{employee id: (attended, expected)} over closed sessions from `first` to `last`, both days included.

    Excused leaves the denominator; present, late, left early and made up count as attended. One statement.
    """
    ids = list(employee_ids)
    rows = (
        Attendance.objects.filter(employee__in=ids, session__status=Session.Status.CLOSED, session__on__range=(first, last))
        .values("employee_id")
        .annotate(
            attended=Count("pk", filter=Q(state__in=COUNTS_AS_ATTENDED)),
            expected=Count("pk", filter=~Q(state=State.EXCUSED)),
        )
        .values_list("employee_id", "attended", "expected")
    )
    found = {pk: (attended, expected) for pk, attended, expected in rows.order_by()}
    return {pk: found.get(pk, (0, 0)) for pk in ids}


def reflections_owed(employee_ids, first, last, at):
    """{employee id: how many reflections are overdue and not handed in}, for sessions from `first` to `last` (T6). One statement."""
    ids = list(employee_ids)
    rows = (
        Reflection.objects.filter(employee__in=ids, session__on__range=(first, last), submitted_at__isnull=True, due_at__lt=at)
        .values("employee_id")
        .annotate(owed=Count("pk"))
        .values_list("employee_id", "owed")
    )
    found = dict(rows.order_by())
    return {pk: found.get(pk, 0) for pk in ids}


def length_of(text):
    """Characters of a reflection that say something: spaces and line ends do not count (T6)."""
    return len("".join(text.split()))
