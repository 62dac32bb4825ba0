"""Where one is signed in: the list of one's own sessions, and their end."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lms.accounts.devices import device_in_words


@login_required
def my_sessions(request):
    UserSession.objects.create_from_request(request)  # also one that began before the list was kept
    sessions = UserSession.objects.purge_and_list(request.user)
    here = request.session.session_key
    rows = [
        {"session": session, "device": device_in_words(session.user_agent), "is_here": session.session_key == here} for session in sessions
    ]
    rows.sort(key=lambda row: (not row["is_here"], -row["session"].last_seen_at.timestamp()))
    return render(request, "usersessions/sessions.html", {"rows": rows, "others": sum(not row["is_here"] for row in rows)})


@login_required
@require_POST
def session_end(request, pk):
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    if session.session_key == request.session.session_key:
        return redirect("account_logout")
    session.end()
    messages.success(request, _("Signed out there."))
    return redirect("my_sessions")


@login_required
@require_POST
def sessions_end_others(request):
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    for session in others:
        session.end()
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("my_sessions")
