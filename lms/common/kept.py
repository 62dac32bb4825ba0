"""What was sent after the session had ended is kept until its sender has signed in again, and then filled in again, not sent (ADR 25);
and what was refused, when its sender reads on in the other language.

Every form names whom its page was made for, signed (`page_of`), so that it needs neither a cookie nor a session to know whose the words
are. They wait in the session of whoever signs in next in this browser, for a while; anyone else signs in, and they are gone.
"""

import time
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.exceptions import SuspiciousOperation
from django.http import QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from lms.common import limits

FIELD = "page_of"
SENT, HAD_FILES = "sent_here", "had_files"  # by the button of the other language
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
    owner, sent = _owner(request.POST.get(FIELD, "")), _worth_keeping(request.POST)
    if owner is None or request.user.pk not in (None, owner) or _size(sent) > limits.KEPT:
        return False
    _put(request, owner, request.get_full_path(), sent, files=bool(request.FILES), was_away=True)
    return True


def sent_here(request):
    """What the form sent that this page answers: (one text for `keep_sent`, whether files were with it). Nothing on any other page."""
    if request is None or request.method != "POST" or not request.user.is_authenticated:
        return "", False
    try:
        sent, files = _worth_keeping(request.POST), bool(request.FILES)
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        return "", False
    return (_dict_of(sent).urlencode(), files) if _size(sent) <= limits.KEPT else ("", False)


def keep_sent(request, path):
    """Keep what `sent_here` gave for the page at `path`, which asks for it next."""
    sent = _worth_keeping(QueryDict(request.POST.get(SENT, "")))
    if sent and request.user.is_authenticated and _size(sent) <= limits.KEPT:
        _put(request, request.user.pk, path, sent, files=HAD_FILES in request.POST, was_away=False)


def _worth_keeping(fields):
    return {name: values for name, values in fields.lists() if not any(never in name for never in _NEVER)}


def _put(request, owner, path, sent, **more):
    request.session[_KEPT] = {"for": owner, "at": time.time(), "path": path, "sent": sent, **more}


def _dict_of(sent):
    fields = QueryDict(mutable=True)
    for name, values in sent.items():
        fields.setlist(name, values)
    return fields


def is_kept(request):
    """Whether something waits for this page."""
    return request.session.get(_KEPT, {}).get("path") == request.get_full_path()


def _size(sent):
    return sum(len(name) + sum(map(len, values)) for name, values in sent.items())


def take(request):
    """What waits for this page of the person signed in, once; None where nothing does.

    (what was sent, whether files were with it, whether its sender had been away)
    """
    kept = request.session.get(_KEPT)
    if kept is None:
        return None
    if kept["for"] != request.user.pk or time.time() - kept["at"] > FOR_HOURS * 3600:
        del request.session[_KEPT]
        return None
    if request.method != "GET" or kept["path"] != request.get_full_path():
        return None
    del request.session[_KEPT]
    return _dict_of(kept["sent"]), kept["files"], kept.get("was_away", True)


def came_from(request):
    """The page of ours whose button was pressed; the first page where nobody says."""
    referer = urlsplit(request.headers.get("Referer", ""))
    path = f"{referer.path}?{referer.query}" if referer.query else referer.path
    return path if referer.netloc == request.get_host() and path.startswith("/") and not path.startswith("//") else "/"
