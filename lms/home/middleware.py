from lms.home.views import health


class HealthMiddleware:
    """Answers `/healthz` before anything else: by any address, over plain HTTP, without a session."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return health(request) if request.path_info == "/healthz" else self.get_response(request)
