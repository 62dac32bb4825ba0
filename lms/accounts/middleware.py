from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from lms.common.bilingual import offered


class LanguageMiddleware:
    """The language a person chose; before sign-in the one in the cookie, then the browser's."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = offered(getattr(request.user, "language", "")) or translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", language)
        return response


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strict policy everywhere; the course studio has one of its own, and its rich text editor a third."""

    EDITOR = ("/studio/pages/", "/studio/localize/")

    def process_response(self, request, response):
        if request.path.startswith(self.EDITOR):
            response._csp_update = settings.ADMIN_EDITOR_CONTENT_SECURITY_POLICY
        elif request.path.startswith("/studio/"):
            response._csp_update = settings.ADMIN_CONTENT_SECURITY_POLICY
        return super().process_response(request, response)


class TemporaryPasswordMiddleware:
    """Who signed in with a password that HR handed over chooses one of their own before anything else."""

    ALWAYS_OPEN = ("account_change_password", "account_logout", "set_language", "health")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if getattr(request.user, "temporary_until", None) and request.path not in map(reverse, self.ALWAYS_OPEN):
            messages.info(request, _("This password was handed to you. Choose one that only you know; then you can go on."))
            return redirect("account_change_password")
        return self.get_response(request)


class PrivateResponseMiddleware:
    """What a signed-in person is shown or downloads stays with them: no cache in between and none on a shared device keeps it.

    An answer that says for itself how it may be kept (a picture, for the browser of this person only) is left as it is.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "no-store, private"
        return response
