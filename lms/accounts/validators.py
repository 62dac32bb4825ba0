import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SHORTEST_PART = 3  # signs; a shorter one is in every other word
OWN_SIGNS = 6  # signs of a password that must be left when all that is known of the person is taken out
DIFFERENT_SIGNS = 5


def plain(text):
    """Letters and digits alone, in one spelling: full-width, capitals, spaces and punctuation make no other password."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def known_parts(user):
    """What anyone at work knows of a person: number, its digits, name, both halves of the e-mail address; forwards and backwards."""
    mail, _at, host = user.email.partition("@")
    whole = [user.username, mail, host.partition(".")[0], str(user.get_full_name())]
    pieces = [
        piece for text in whole for piece in (text, *re.split(r"[\W_]+", text), *re.findall(r"\d+", text), *re.findall(r"[^\W\d_]+", text))
    ]
    parts = {part for piece in pieces for part in (plain(piece), plain(piece).lstrip("0"))}
    parts |= {part[::-1] for part in parts}
    return sorted((part for part in parts if len(part) >= SHORTEST_PART), key=len, reverse=True)


class PersonalPartsValidator:
    """Refuses a password made of what is known of the person, however often repeated, turned round or followed by a few digits."""

    def validate(self, password, user=None):
        left = plain(password)
        if len(set(left)) < DIFFERENT_SIGNS:
            raise ValidationError(_("This password repeats a few characters. Use at least five different ones."), code="password_repeats")
        if user is None:
            return
        found = [part for part in known_parts(user) if part in left]
        for part in found:
            left = left.replace(part, "\0")
        if found and len(re.sub(r"[\d\0]", "", left)) < OWN_SIGNS:
            raise ValidationError(
                _("This password is made of your number, name or e-mail address. Choose one that nobody can work out."),
                code="password_personal",
            )

    def get_help_text(self):
        return _("Your password can't be made of your number, name or e-mail address, however repeated.")
