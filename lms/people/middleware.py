import time
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from lms.common.acting import keep_for
from lms.common.zones import zone_named
from lms.people.permissions import employee_of, needs_second_factor, signs

WATCH = "watch"  # in the session: when it was last used, and what its person was then
FACTOR = "second_factor"  # in the session: the number of the second factor that it was signed in with
SIGNERS_EVERY, OTHERS_EVERY = 60, 300  # seconds after which this is looked up and noted again


class DealerTimeZoneMiddleware:
    """Times are shown in the zone of the person's dealer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        employee = employee_of(request.user)
        if employee is None:
            return self.get_response(request)
        with timezone.override(zone_named(employee.dealer.time_zone)):
            return self.get_response(request)


class SignersMiddleware:
    """Sessions of people who answer for others: they end when left alone, and begin with the second factor.

    When a session was last used is noted for everyone, once in a few minutes, for the list of one's own sessions.
    """

    ALWAYS_OPEN = (
        "account_logout",
        "account_change_password",
        "account_reauthenticate",
        "set_language",
        "health",
        "second_factor",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    )

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            watch = _watched(request)
            if watch is None:
                _end_gently(request)
            elif watch["asked"] and FACTOR not in request.session and request.path not in map(reverse, self.ALWAYS_OPEN):
                if request.method == "POST":
                    keep_for(request)
                return redirect(f"{reverse('second_factor')}?{urlencode({'next': request.get_full_path()})}")
        return self.get_response(request)


def _watched(request):
    """What the session notes of its person; None where they left it alone for too long."""
    watch, now, position = request.session.get(WATCH), time.time(), position_of(request.user)
    if watch and watch["signs"] and _is_idle(now - watch["at"]):
        return None
    if watch is None or watch["position"] != position or now - watch["at"] > (SIGNERS_EVERY if watch["signs"] else OTHERS_EVERY):
        watch = _look_again(request, now, position)
    return watch


def position_of(user):
    """A new post is a reason to look again at once."""
    employee = employee_of(user)
    return employee.position_id if employee else 0


def _is_idle(seconds):
    return settings.SIGNER_IDLE_MINUTES > 0 and seconds > settings.SIGNER_IDLE_MINUTES * 60 + SIGNERS_EVERY


def watch_of(user, now, position):
    watched = user.is_superuser or signs(user)
    return {"at": now, "position": position, "signs": watched, "asked": watched and needs_second_factor(user)}


def _look_again(request, now, position):
    user, session = request.user, request.session
    session[WATCH] = watch_of(user, now, position)
    if FACTOR in session and not Authenticator.objects.filter(pk=session[FACTOR], user=user).exists():
        del session[FACTOR]
    if session.session_key:
        UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=timezone.now())
    return session[WATCH]


def _end_gently(request):
    logout(request)
    words = ngettext(
        "You were signed out because nothing happened here for %(minutes)d minute. Sign in, and you go on where you were.",
        "You were signed out because nothing happened here for %(minutes)d minutes. Sign in, and you go on where you were.",
        settings.SIGNER_IDLE_MINUTES,
    )
    messages.info(request, words % {"minutes": settings.SIGNER_IDLE_MINUTES})
