from django.db.models import Count, F, OuterRef, Q, Subquery

from courses.training.models import Attendance, AttendanceCorrection, Reflection, Session
from lms.common.integrity import invariant

State = Attendance.State


@invariant("A closed session expects nobody any more (T8)")
def closed_sessions_expect_nobody():
    return Attendance.objects.filter(session__status=Session.Status.CLOSED, state=State.EXPECTED)


@invariant("Corrected attendance is what the last correction says (T8)")
def corrections_are_followed():
    last = AttendanceCorrection.objects.filter(attendance=OuterRef("pk")).order_by("-pk").values("after")[:1]
    return Attendance.objects.annotate(last=Subquery(last)).exclude(last=None).exclude(state=F("last"))


@invariant("Two sessions of a dealer never share a half-day (T1)")
def half_days_are_not_shared():
    live = Session.objects.exclude(status=Session.Status.CANCELLED).order_by()
    shared = live.values("dealer__code", "on", "half").annotate(count=Count("pk")).filter(count__gt=1)
    return [f"{row['dealer__code']} {row['on']} {row['half']}: {row['count']} sessions" for row in shared]


@invariant("A closed session knows when and by whom it was closed")
def closed_sessions_are_signed():
    return Session.objects.filter(Q(status=Session.Status.CLOSED, closed_at=None) | ~Q(status=Session.Status.CLOSED) & ~Q(closed_at=None))


@invariant("A reflection that was scored was handed in (T6)")
def scored_reflections_were_handed_in():
    return Reflection.objects.filter(submitted_at=None).exclude(score=None)
