"""Figures that other rooms ask for, for thousands of people at once."""

from django.db.models import Count, Exists, OuterRef, Q

from courses.training.kinds import names_for_track
from courses.training.models import COUNTS_AS_ATTENDED, Attendance, Reflection, Session
from lms.common.quarters import bounds, quarter_of
from lms.people.queries import tracked_staff_on

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


def left_open(dealer, first, last, *, track, at):
    """The sessions of one `track`'s programmes from `first` to `last` that are over by `at` and neither closed nor cancelled: nothing of
    them counts yet. One statement."""
    unfinished = [Session.Status.PLANNED, Session.Status.CONFIRMED, Session.Status.HELD]
    return _sessions(dealer, first, last, track).filter(ends_at__lt=at, status__in=unfinished)


def closed_after(dealer, first, last, *, track, since, at):
    """Those of them that were closed later than `since`, by `at`: what was reckoned then lacks them. One statement."""
    return _sessions(dealer, first, last, track).filter(status=Session.Status.CLOSED, closed_at__gt=since, closed_at__lte=at)


def _sessions(dealer, first, last, track):
    of_track = Session.objects.filter(dealer=dealer, on__range=(first, last), programme__kind__in=names_for_track(track))
    return of_track.order_by("starts_at")


def counted_at(dealer, day):
    """The attendances that the dealer's figure of the quarter counts as of `day`: of whoever was staff of a track then, at closed
    sessions of their own track's training from the quarter's first day to that one; none that counts neither way. Two statements more."""
    first, last = so_far(day)
    staff = tracked_staff_on(dealer, day)
    by_track = Q(pk__in=[])
    for track in {post.track for post in staff.values()}:
        theirs = [pk for pk, post in staff.items() if post.track == track]
        by_track |= Q(employee__in=theirs, session__programme__kind__in=names_for_track(track))
    rows = Attendance.objects.filter(by_track, session__status=Session.Status.CLOSED, session__on__range=(first, last))
    return rows.exclude(state__in=LEFT_OUT)


def so_far(day):
    """The quarter of the day from its first day to this one, as every page counts it."""
    return bounds(*quarter_of(day))[0], day


def attendances_in(employee_ids, first, last, *, track):
    """{employee id: {"attended", "missed", "not_noted": [attendance ids]}}: the records behind `attendance_in`, and those of which nobody
    has said whether the person was there. One statement."""
    ids = list(employee_ids)
    found: dict = {pk: {"attended": [], "missed": [], "not_noted": []} for pk in ids}
    rows = _closed(ids, first, last, track).exclude(state=State.EXCUSED).order_by("pk")
    for person, pk, state in rows.values_list("employee_id", "pk", "state"):
        kind = "not_noted" if state == State.NOT_NOTED else "attended" if state in COUNTS_AS_ATTENDED else "missed"
        found[person][kind].append(pk)
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


def unscored_for(employee):
    """Reflections that wait for this organiser to read and score them: of the own dealer's open and closed programmes, never one's own."""
    waiting = Reflection.objects.filter(session__programme__organiser=employee, submitted_at__isnull=False, score__isnull=True)
    return waiting.exclude(employee=employee)


def still_owed():
    """Reflections to hand in: of closed lectures, from those who were there or have made it up (T6)."""
    there = Attendance.objects.filter(session=OuterRef("session"), employee=OuterRef("employee"), state__in=COUNTS_AS_ATTENDED)
    return Reflection.objects.filter(Exists(there), session__status=Session.Status.CLOSED, submitted_at__isnull=True)
