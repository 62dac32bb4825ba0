"""Check-in tokens (T5): what the QR code says. Each is good for its 20 seconds and the 20 after, never longer.

A token is `<session>.<step>.<signature>`: the number of the session and the count of 20-second steps since 1970 in base 36,
and an HMAC-SHA256 of both under the session's own secret, cut to 128 bits.
"""

import base64
import hmac
import re
from datetime import datetime

STEP_SECONDS = 20
_NUMBER = re.compile(r"[0-9a-z]{1,12}")  # less than 2**63
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def step_at(at: datetime) -> int:
    return int(at.timestamp()) // STEP_SECONDS


def seconds_left(at: datetime) -> int:
    """Until the code on the wall changes."""
    return STEP_SECONDS - int(at.timestamp()) % STEP_SECONDS


def make_token(secret: str, session: int, at: datetime) -> str:
    return _token(secret, session, step_at(at))


def session_of(token: str) -> int | None:
    """Which session a token claims to be of; None where it is no token at all."""
    parts = _parts(token)
    return parts[0] if parts else None


def is_genuine(secret: str, token: str) -> bool:
    """Was it made by us, whenever that was?"""
    parts = _parts(token)
    return bool(secret and parts) and hmac.compare_digest(_token(secret, parts[0], parts[1]), token)


def is_valid(secret: str, token: str, at: datetime) -> bool:
    """Made by us in this step or the one before."""
    return is_genuine(secret, token) and step_at(at) - _parts(token)[1] in (0, 1)


def _token(secret, session, step):
    said = f"{_base36(session)}.{_base36(step)}"
    mac = hmac.digest(secret.encode(), said.encode(), "sha256")[:16]
    return f"{said}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def _parts(token):
    pieces = token.split(".")
    if len(pieces) != 3 or len(token) > 60 or not token.isascii() or not all(map(_NUMBER.fullmatch, pieces[:2])):
        return None
    return int(pieces[0], 36), int(pieces[1], 36)


def _base36(number):
    if number < 0:
        raise ValueError("Neither a session nor a step is below zero.")
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"
