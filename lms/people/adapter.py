import base64
import hashlib
import ipaddress
import logging
import secrets

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.people.permissions import needs_second_factor

logger = logging.getLogger(__name__)


def _locks():
    """One key of each secret key of the installation, the present one first."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"second factor:{key}".encode()).digest())) for key in keys])


def passkeys_possible(request):
    """Browsers make passkeys for a host name over HTTPS, and for “localhost”; never for an IP address."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return request.is_secure() or host == "localhost"
    return False


def strong_factors(user):
    """The person's authenticator app and passkeys; recovery codes stand in for them and are none by themselves."""
    return Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("That code is not right. Take the one that the app shows now."),
        "cannot_delete_authenticator": gettext_lazy(
            "You answer for others, so one second step must stay. Set up another first, then remove this one."
        ),
        "cannot_generate_recovery_codes": gettext_lazy("Recovery codes stand in for a second step. Set one up first."),
    }

    def get_totp_label(self, user):
        return user.get_username()

    def encrypt(self, text):
        return _locks().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        """What no key of ours opens becomes a secret that nobody has: its codes are simply wrong."""
        try:
            return _locks().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            logger.error("A second factor was set up under another LMS_SECRET_KEY and no longer works; it must be reset")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def can_delete_authenticator(self, authenticator):
        user = authenticator.user
        return not needs_second_factor(user) or strong_factors(user).exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user, type):
        return _("Passkey %(number)d") % {"number": Authenticator.objects.filter(user=user, type=type).count() + 1}

    def _get_site_name(self):
        return settings.WAGTAIL_SITE_NAME
