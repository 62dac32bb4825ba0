from django.conf import settings
from django.utils import translation
from django.utils.cache import patch_vary_headers
from csp.middleware import CSPMiddleware


class LanguageMiddleware:
    """The language a person chose; before sign-in the one in the cookie, then the browser's."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = getattr(request.user, "language", "") or translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", language)
        return response


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strict policy everywhere; Wagtail's admin, which still writes inline scripts, gets its own."""

    def process_response(self, request, response):
        if request.path.startswith("/studio/"):
            response._csp_update = settings.ADMIN_CONTENT_SECURITY_POLICY
        return super().process_response(request, response)
