"""The devices that people sign in from: which are known, and what to call them."""

import re
import secrets

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from lms.common.typed import folded

COOKIE = "pitlane_device"
SALT = "lms.accounts.devices"
KEPT_FOR = 180 * 24 * 3600  # seconds
MOST_PEOPLE = 12  # a shared tablet remembers the latest


def _mark(login):
    """A sign-in name as the cookie holds it: recognised again, not to be read."""
    return salted_hmac(SALT, folded(login).lower()).hexdigest()[:32]


def _read(request):
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return {"id": "", "people": []}


def device_known_to(request, login):
    """The number of this device where someone has signed in from it by this name before; else empty."""
    held = _read(request)
    return held["id"] if _mark(login) in held["people"] else ""


def remember_device(request, response, user):
    """Whoever signed in with all that was asked has their own guesses here from now on, whatever others do to their name elsewhere."""
    held = _read(request)
    marks = [_mark(login) for login in (user.username, user.email) if login]
    people = [*marks, *(mark for mark in held["people"] if mark not in marks)][:MOST_PEOPLE]
    value = signing.dumps({"id": held["id"] or secrets.token_hex(8), "people": people}, salt=SALT)
    response.set_cookie(COOKIE, value, max_age=KEPT_FOR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


# The first that is found in what a browser says of itself.
SYSTEMS = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS|OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh|Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux|X11", "Linux"),
]
BROWSERS = [
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("Edg", "Edge"),
    ("HuaweiBrowser", "Huawei"),
    ("MiuiBrowser", "Xiaomi"),
    ("OPR|Opera", "Opera"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS", "Chrome"),
    ("Safari", "Safari"),
]


def device_in_words(user_agent):
    """“Chrome on Windows”; what a browser does not say is left out."""
    system, browser = (_first(names, user_agent) for names in (SYSTEMS, BROWSERS))
    if system and browser:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return system or browser or _("Unknown device")


def _first(names, user_agent):
    return next((name for pattern, name in names if re.search(pattern, user_agent)), "")
