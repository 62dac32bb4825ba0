"""What was sent after the session had ended is kept until its sender has signed in again, and then filled in again, not sent (ADR 25).

Every form names whom its page was made for, signed (`page_of`), so that it needs neither a cookie nor a session to know whose the words
are. They wait in the session of whoever signs in next in this browser, for a while; anyone else signs in, and they are gone.
"""

import time
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.http import QueryDict

from lms.common import limits

FIELD = "page_of"
SALT = "lms.kept"
_KEPT = "kept"  # in the session
FOR_HOURS = 2
_NEVER = ("password", "csrfmiddlewaretoken", FIELD)  # in the name of a field that is not kept


def page_of(request):
    """The signed name of whoever a page is made for; empty for nobody. Made once a request."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ""
    if not hasattr(request, "_page_of"):
        request._page_of = signing.dumps(user.pk, salt=SALT)
    return request._page_of


def _owner(token):
    try:
        return signing.loads(token, salt=SALT, max_age=settings.SESSION_COOKIE_AGE)
    except signing.BadSignature:
        return None


def keep(request):
    """Keep what a form sent, without files and passwords, for the person its page was made for. False where it can't be kept: whose it
    is is not known, somebody else is signed in, or it is longer than any form of ours."""
    owner = _owner(request.POST.get(FIELD, ""))
    sent = {name: values for name, values in request.POST.lists() if not any(never in name for never in _NEVER)}
    if owner is None or request.user.pk not in (None, owner) or _size(sent) > limits.KEPT:
        return False
    request.session[_KEPT] = {"for": owner, "at": time.time(), "path": request.get_full_path(), "sent": sent, "files": bool(request.FILES)}
    return True


def is_kept(request):
    """Whether something waits for this page."""
    return request.session.get(_KEPT, {}).get("path") == request.get_full_path()


def _size(sent):
    return sum(len(name) + sum(map(len, values)) for name, values in sent.items())


def take(request):
    """What waits for this page of the person signed in, once: (what was sent, whether files were with it); None where nothing does."""
    kept = request.session.get(_KEPT)
    if kept is None:
        return None
    if kept["for"] != request.user.pk or time.time() - kept["at"] > FOR_HOURS * 3600:
        del request.session[_KEPT]
        return None
    if request.method != "GET" or kept["path"] != request.get_full_path():
        return None
    del request.session[_KEPT]
    sent = QueryDict(mutable=True)
    for name, values in kept["sent"].items():
        sent.setlist(name, values)
    return sent, kept["files"]


def came_from(request):
    """The page of ours whose button was pressed; the first page where nobody says."""
    referer = urlsplit(request.headers.get("Referer", ""))
    path = f"{referer.path}?{referer.query}" if referer.query else referer.path
    return path if referer.netloc == request.get_host() and path.startswith("/") and not path.startswith("//") else "/"
