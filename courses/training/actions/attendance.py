from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.training import tokens
from courses.training.actions.reflections import owe_reflections
from courses.training.actions.shared import lock_session, require_code_time, require_open, require_organiser
from courses.training.choices import LATE_AFTER
from courses.training.models import COUNTS_AS_ATTENDED, Attendance, AttendanceCorrection, Session
from courses.training.permissions import may_note_attendance
from courses.training.queries.sessions import other_organisers
from courses.training.queries.shown import states_shown
from lms.audit.actions import event_of, record_event, record_events
from lms.audit.meanwhile import check_shown
from lms.common.states import Refused, WrongHands
from lms.people.permissions import employee_of

Status, State, Method = Session.Status, Attendance.State, Attendance.Method
HERE = [State.PRESENT, State.LATE, State.LEFT_EARLY]
CALLED = [State.EXPECTED, State.PRESENT, State.LATE, State.LEFT_EARLY, State.EXCUSED, State.ABSENT]
CORRECTED_TO = [State.PRESENT, State.LATE, State.LEFT_EARLY, State.EXCUSED, State.ABSENT, State.MADE_UP]


@transaction.atomic
def check_in(*, token, by, at):
    """The person behind `by` was here, says the code on the wall (T5). Doing it twice changes nothing. Returns the attendance."""
    session = _session_of(token)
    _check_code(session, token, at)
    attendance = _attendance_of(session, by)
    if attendance.state in HERE:
        return attendance
    before, attendance.session = attendance.state, session
    attendance.state = State.LATE if at > session.starts_at + LATE_AFTER else State.PRESENT
    attendance.method, attendance.noted_at, attendance.noted_by = Method.QR, at, by
    attendance.save(update_fields=["state", "method", "noted_at", "noted_by"])
    record_event("training.checked_in", target=attendance, by=by, at=at, before={"state": before}, after={"state": attendance.state})
    return attendance


def _session_of(token):
    pk = tokens.session_of(token)
    session = Session.objects.filter(pk=pk).first() if pk is not None else None
    if session is None:
        raise Refused(_("This is no check-in code of ours. Scan the one on the screen in the training room."))
    return lock_session(session)


def _check_code(session, token, at):
    if session.status in (Status.PLANNED, Status.CONFIRMED):
        raise Refused(_("The session has not been started yet. Wait for the organiser to open the room, then scan again."))
    if session.status != Status.HELD:
        raise Refused(_("The session is over and check-in is closed. If you were there, ask the organiser to correct it."))
    require_code_time(session, at)
    if not tokens.is_genuine(session.secret, token):
        raise Refused(_("This is no check-in code of ours. Scan the one on the screen in the training room."))
    if not tokens.is_valid(session.secret, token, at):
        raise Refused(_("This code has expired: it changes every 20 seconds. Scan the one that is on the screen now."))


def _attendance_of(session, by):
    employee = employee_of(by)
    if employee is None or employee.dealer_id != session.dealer_id:
        raise Refused(_("This session is at another dealer. Your own sessions are under Training."))
    attendance = Attendance.objects.filter(session=session, employee=employee).first()
    if attendance is None:
        raise Refused(_("You are not on this session's list of those whom it is for. If that is wrong, tell the organiser."))
    return attendance


@transaction.atomic
def call_roll(*, session, states, by, at, shown=None):
    """Set the state of several people: `states` is {employee id: state} (T5). Only what differs is written; returns how many."""
    require_organiser(by, session.programme)
    session = lock_session(session, Status.HELD)
    require_open(session, at)
    rows = {row.employee_id: row for row in _rows_of(session, states)}
    if set(states) - set(rows):
        raise Refused(_("Someone on this roll is not in the session's audience. Load the page again."))
    _require_others(by, session, rows.values())
    if set(states.values()) - set(CALLED):
        raise Refused(_("The roll knows present, late, left early, excused and absent."))
    changed = [row for pk, row in rows.items() if row.state != states[pk]]
    check_shown(shown, states_shown(changed), *changed)
    before = {row.pk: row.state for row in changed}
    for row in changed:
        row.session = session
        row.state = states[row.employee_id]
        row.method, row.noted_at, row.noted_by = (Method.ROLL, at, by) if row.state != State.EXPECTED else ("", None, None)
    Attendance.objects.bulk_update(changed, ["state", "method", "noted_at", "noted_by"], batch_size=500)
    record_events(
        event_of("training.roll_called", target=row, by=by, at=at, before={"state": before[row.pk]}, after={"state": row.state})
        for row in changed
    )
    return len(changed)


@transaction.atomic
def correct_attendance(*, attendance, state, reason, by, at, shown=None):
    """Change closed attendance by a correction that names who and why (T8). What was stays on record."""
    require_organiser(by, attendance.session.programme)
    session = lock_session(attendance.session, Status.CLOSED)
    attendance = Attendance.objects.select_related("employee", "session").get(pk=attendance.pk)
    _require_others(by, session, [attendance])
    attendance.session = session
    check_shown(shown, states_shown([attendance]), attendance)
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why: a correction stands on record with its reason."), field="reason")
    if state not in CORRECTED_TO or state == attendance.state:
        raise Refused(_("Choose a state that is different from the present one."), field="state")
    if state == State.MADE_UP and attendance.state not in (State.ABSENT, State.EXCUSED, State.NOT_NOTED):
        raise Refused(_("Only what was missed can be made up."), field="state")
    before = attendance.state
    AttendanceCorrection.objects.create(
        attendance=attendance, before=before, after=state, reason=reason[:200], corrected_at=at, corrected_by=by
    )
    Attendance.objects.filter(pk=attendance.pk).update(state=state)
    attendance.state = state
    record_event(
        "training.attendance_corrected",
        target=attendance,
        by=by,
        at=at,
        before={"state": before},
        after={"state": state, "reason": reason},
    )
    if state in COUNTS_AS_ATTENDED:
        owe_reflections(session=session, attendances=_rows_of(session, [attendance.employee_id]), at=at)
    return attendance


def _rows_of(session, employees):
    return Attendance.objects.filter(session=session, employee__in=employees).select_related("employee", "session")


def _require_others(by, session, attendances):
    for row in attendances:
        row.session = session
    if not all(may_note_attendance(by, row) for row in attendances):
        raise WrongHands(not_about_oneself(by, session.dealer))


def not_about_oneself(by, dealer):
    """Why nobody notes their own attendance, and who does."""
    others = [one.name for one in other_organisers(by, dealer)]
    if not others:
        return _(
            "Your own attendance is noted by the check-in or by another organiser, and %(dealer)s has none besides you. "
            "Ask HR to appoint a second one, such as a service manager."
        ) % {"dealer": dealer.name}
    names = pgettext("between two names of a list", ", ").join(others)
    return _("Your own attendance is noted by the check-in or by another organiser: %(names)s.") % {"names": names}
