import logging
import time
from smtplib import SMTPException

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.internal import ratelimit
from django.urls import reverse

from lms.accounts.devices import device_known_to, remember_device

logger = logging.getLogger(__name__)
FRESH = 5 * 60  # seconds after the password was given, during which it is not asked for again


class Adapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """People come from HR's import, never by themselves."""
        return False

    def set_password(self, user, password):
        """Called when people choose a password themselves: from then on it is their own."""
        user.temporary_until = None
        super().set_password(user, password)

    def get_password_change_redirect_url(self, request):
        return reverse("today")

    def pre_authenticate(self, request, **credentials):
        """Guesses count by name and by address; those from a device that the person has signed in from count by themselves.

        So whoever guesses at a name from elsewhere, from however many addresses, locks nobody out of their own device.
        """
        name = credentials.get("email") or credentials.get("username") or ""
        device = device_known_to(request, name)
        if not device:
            return super().pre_authenticate(request, **credentials)
        key = f"{device}:{name.lower()}"
        usage = ratelimit.consume(request, app="allauth.account", action="login_failed_on_known_device", key=key)
        if not usage:
            raise self.validation_error("too_many_login_attempts")
        self._login_failed_rl_usage = usage  # given back by allauth when the password is right

    def post_login(self, request, user, **kwargs):
        response = super().post_login(request, user, **kwargs)
        remember_device(request, response, user)
        return response

    def is_reauthentication_required(self, *, app, **kwargs):
        """The password is asked for again before the second factor is touched, unless it was given a moment ago."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        records = get_authentication_records(self.request, self.request.user)
        return not any(time.time() - record["at"] < FRESH for record in records)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """That something was changed is told by mail to the address on record; when no mail goes out, the change stands all the same."""
        try:
            super().send_notification_mail(template_prefix, user, context, email or user.email)
        except (SMTPException, OSError):
            logger.exception("A mail about a change to someone's sign-in was not sent")
