import logging

from django.core.exceptions import BadRequest, ValidationError
from django.db import DataError, IntegrityError
from django.http import Http404, HttpResponse

from lms.common.outside import can_name_a_record, read_json, whole_number

logger = logging.getLogger(__name__)
RECORD = "pk"  # what Wagtail calls the number of a record in its addresses, though it takes any text for it

UTF_8 = "utf-8"  # written so, as browsers do; Django itself takes no other spelling

WAGTAILS = ("/studio/", "/documents/", "/media/")


class BoundedRequestMiddleware:
    """What no browser sends is refused before anybody reads it.

    A cookie with a sign that no database keeps (NUL, which a quoted value can hold) is none of ours: it was never sent. A body in
    another writing than UTF-8 is not read: Python knows “charsets” such as hex and zlib, and others that let half characters in.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.content_params.get("charset", "utf-8").strip().lower() != UTF_8:
            return HttpResponse("Requests are read as UTF-8 only.\n", status=415, content_type="text/plain")
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\x00" not in name + value}
        return self.get_response(request)


def _values(parameters):
    return [value for values in parameters.lists() for value in values[1]]


def _check_message(body):
    try:
        read_json(body)
    except ValueError as error:
        raise BadRequest from error


class BoundedAddressMiddleware:
    """No address names a record by a number that no column holds, or by text with NUL: there is no such page.

    Ours are written with `<number:…>` and our forms are bounded; this is for those of Wagtail, which hand on to Python and to the
    database whatever stands there. What they stumble over all the same is the sender's fault, and is logged.
    """

    STUMBLES = (ValueError, TypeError, KeyError, AttributeError, OverflowError, ValidationError, DataError, IntegrityError)

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, arguments, named):
        given = [*arguments, *named.values()]
        if any("\x00" in str(value) for value in given):
            raise Http404
        if request.path.startswith(WAGTAILS) and not all(map(can_name_a_record, [*given, *_values(request.GET)])):
            raise Http404
        if request.path.startswith("/studio/") and request.content_type == "application/json" and request.body:
            _check_message(request.body)
        if request.path.startswith("/studio/") and isinstance(named.get(RECORD), str) and whole_number(named[RECORD]) is None:
            raise Http404

    def process_exception(self, request, exception):
        if request.path.startswith("/studio/") and isinstance(exception, self.STUMBLES):
            logger.exception("The studio could not read what was sent to %s", request.path)
            raise BadRequest from exception
