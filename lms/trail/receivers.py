"""News of others that the audit log keeps: who signed in or failed to, whose password changed, what the course studio did."""

from datetime import timedelta

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db.models.signals import post_save
from django.utils import timezone
from wagtail.models import ModelLogEntry, PageLogEntry

from lms.audit.actions import record_event
from lms.audit.models import Event
from lms.common.typed import folded
from lms.people.backends import users_called
from lms.trail.studio import record_entry

# Of many failures on one account, one in this time is recorded: whoever guesses for days must not fill the log.
QUIET_FOR = timedelta(minutes=5)


def connect():
    user_logged_in.connect(signed_in, dispatch_uid="trail")
    user_login_failed.connect(failed, dispatch_uid="trail")
    account.password_changed.connect(password_changed, dispatch_uid="trail")
    account.password_set.connect(password_changed, dispatch_uid="trail")
    account.password_reset.connect(password_reset, dispatch_uid="trail")
    for log in (PageLogEntry, ModelLogEntry):
        post_save.connect(studio_acted, sender=log, dispatch_uid="trail")


def _address(request):
    return {"address": get_adapter().get_client_ip(request)} if request is not None and request.META.get("REMOTE_ADDR") else {}


def signed_in(sender, request, user, **kwargs):
    record_event("sign_in.succeeded", target=user, by=user, after=_address(request))


def failed(sender, credentials, request=None, **kwargs):
    """Only for an account that there is: a name that is nobody's may be anything, a password too."""
    name = folded(credentials.get("username") or credentials.get("email") or "").lower()
    matches = list(users_called(name)[:2]) if name else []
    if len(matches) == 1 and not _failed_just_now(matches[0]):
        record_event("sign_in.failed", target=matches[0], by=None, after=_address(request))


def _failed_just_now(user):
    of_this = Event.objects.filter(target_type=user._meta.label_lower, target_id=str(user.pk), verb="sign_in.failed")
    return of_this.filter(at__gt=timezone.now() - QUIET_FOR).exists()


def password_changed(sender, request, user, **kwargs):
    record_event("sign_in.password_changed", target=user, by=user)


def password_reset(sender, request, user, **kwargs):
    record_event("sign_in.password_reset", target=user, by=user)


def studio_acted(sender, instance, created, **kwargs):
    if created:
        record_entry(instance)
