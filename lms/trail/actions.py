from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from lms.audit.models import Event
from lms.trail.verbs import SIGN_INS

ADDRESSES_KEPT = timedelta(days=180)


def forget_addresses(*, at):
    """Blank from where people signed in half a year ago, and drop what allauth keeps of sessions that have ended. Returns how many.

    The address serves one purpose: to see that somebody else was at the door. That somebody signed in, and when, stays.
    """
    old = Event.objects.filter(verb__in=SIGN_INS, at__lt=at - ADDRESSES_KEPT).exclude(after={})
    ended = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    return old.update(after={}) + ended.delete()[0]
