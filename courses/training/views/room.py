import segno
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.training import tokens
from courses.training.actions.attendance import check_in as check_in_now
from courses.training.models import Attendance, Session
from courses.training.queries.boards import who_presents
from courses.training.queries.sessions import attendances_of, sessions_visible_to
from courses.training.views.shared import organised_session
from lms.common.acting import attempt, open_to

HERE = [Attendance.State.PRESENT, Attendance.State.LATE, Attendance.State.LEFT_EARLY]
STOP_POLLING = 286  # what htmx takes for “no more”


@open_to("training.organise_sessions")
@never_cache
def session_room(request, pk):
    """The code on the wall, full screen, with who is in."""
    session = organised_session(request, pk)
    if session.status != Session.Status.HELD:
        messages.info(request, _("The room opens when the session is started, and ends when it is closed."))
        return redirect("session", pk=pk)
    return render(request, "courses/training/room.html", _live(session))


@open_to("training.organise_sessions")
@never_cache
def session_room_live(request, pk):
    """The part of the room that changes: asked for every few seconds."""
    session = organised_session(request, pk)
    if session.status != Session.Status.HELD:
        return render(request, "courses/training/_room_over.html", {"session": session}, status=STOP_POLLING)
    return render(request, "courses/training/_room_live.html", _live(session))


def _live(session):
    at = timezone.now()
    url = settings.BASE_URL.rstrip("/") + reverse("check_in", args=[tokens.make_token(session.secret, session.pk, at)])
    attendances = list(attendances_of(session))
    excused = [row for row in attendances if row.state == Attendance.State.EXCUSED]
    return {
        "session": session,
        "who": who_presents(session),
        # Drawn by segno from an address of our own making.
        "code": mark_safe(segno.make(url, error="m", micro=False).svg_inline(omitsize=True)),  # noqa: S308
        "url": url,
        "seconds": tokens.seconds_left(at),
        "here": sorted((row for row in attendances if row.state in HERE), key=lambda row: row.noted_at, reverse=True),
        "missing": [row for row in attendances if row.state not in HERE and row not in excused],
        "expected": len(attendances) - len(excused),
    }


@open_to("training.attend_sessions")
@never_cache
@require_http_methods(["GET", "POST"])
def check_in(request, token):
    """Where the code leads: one button, then the session with the good news, or the reason why not."""
    if request.method == "POST":
        attendance = attempt(request, check_in_now, _checked_in_words, token=token)
        if attendance:
            return redirect("session", pk=attendance.session_id)
    session = sessions_visible_to(request.user).filter(pk=tokens.session_of(token)).first()
    genuine = session is not None and tokens.is_genuine(session.secret, token)
    context = {
        "session": session if genuine else None,
        "valid": genuine and session.status == Session.Status.HELD and tokens.is_valid(session.secret, token, timezone.now()),
    }
    return render(request, "courses/training/check_in.html", context)


def _checked_in_words(attendance):
    return _("You are checked in: %(state)s.") % {"state": attendance.get_state_display()}
