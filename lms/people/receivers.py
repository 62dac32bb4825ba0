"""What follows when somebody signs in, and sets up, uses or removes a second factor."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from lms.audit.actions import record_event
from lms.people.actions.second_factor import CONFIRMED
from lms.people.middleware import FACTOR, WATCH, position_of, watch_of
from lms.people.permissions import employee_of


@receiver(user_logged_in)
def session_begun(request, user, **kwargs):
    request.session[WATCH] = watch_of(user, time.time(), position_of(user))


@receiver(authenticator_added)
def second_factor_added(request, user, authenticator, **kwargs):
    """The session that set it up has it; every other one was begun without, and ends."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return
    request.session[FACTOR] = authenticator.pk
    request.session.pop(CONFIRMED, None)
    for session in UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key):
        session.end()
    _record("person.second_factor_added", user, authenticator)


@receiver(authenticator_used)
def second_factor_used(request, user, authenticator, **kwargs):
    request.session[FACTOR] = authenticator.pk


@receiver(authenticator_removed)
def second_factor_removed(request, user, authenticator, **kwargs):
    _record("person.second_factor_removed", user, authenticator)


def _record(verb, user, authenticator):
    record_event(verb, target=employee_of(user) or user, by=user, after={"type": authenticator.type})
