"""What people type, paste or send as text: folded in one way at every door, so that what looks alike is alike.

`line` and `prose` are what is kept: as typed, in NFC, without signs that nobody sees. `folded` is for comparing, and for numbers, codes
and sign-in names. What cannot be kept is said by `why_not_text`. Passwords pass by all of this.
"""

import re
import unicodedata
from functools import cache

from django import forms
from django.core.exceptions import ValidationError

from lms.common.bilingual import gettext as _

# Letters and signs that take room and show nothing (Hangul fillers, an empty Braille cell); Unicode does not count them as blanks.
BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
JOINER = "\u200d"  # makes one picture of two, as in 👨‍🔧; between letters it is as invisible as the others
REPLACED = "\ufffd"  # what stands where bytes were no text
ERROR_CELLS = frozenset(
    [
        "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#FIELD!", "#BLOCKED!",
        "#UNKNOWN!",
    ]
)  # fmt: skip
# Control characters but for tabs and line ends, halves of surrogate pairs, and the two that are no characters.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_FULL_WIDTH = {sign: sign + 0xFEE0 for sign in range(ord("!"), ord("~") + 1)}
_TAG = re.compile(r"(<[^>]*>)")
_PLAIN = re.compile(r"[ -~\n\u4e00-\u9fff，。、：；？！（）]*")  # nearly all that is typed; nothing in it changes


def prose(text):
    """Text of several lines as it is kept: NFC, without invisible signs."""
    if _PLAIN.fullmatch(text):
        return text
    text = unicodedata.normalize("NFC", text)
    return "".join(sign for place, sign in enumerate(text) if not _is_invisible(text, place))


def line(text):
    """Text of one line as it is kept: also without blanks around it, and with one blank for several."""
    return " ".join(prose(text).split())


def markup(html):
    """Rich text as it is kept: what stands between the tags is folded as prose is, the tags are left alone."""
    return "".join(part if part.startswith("<") else prose(part) for part in _TAG.split(html))


def folded(text):
    """For comparing, and for numbers, codes and names to sign in with: full-width letters and digits are plain ones (NFKC)."""
    return line(unicodedata.normalize("NFKC", prose(text)))


def spellings(text):
    """How what someone looks for may stand in text that is kept as typed: so, in its plainest form, in full-width signs."""
    plain = folded(text)
    return list(dict.fromkeys([line(text), plain, plain.translate(_FULL_WIDTH)]))


def _is_invisible(text, place):
    sign = text[place]
    if sign == JOINER:
        return not (place and place + 1 < len(text) and _is_picture(text[place - 1]) and _is_picture(text[place + 1]))
    return sign in BLANKS or unicodedata.category(sign) == "Cf"


def _is_picture(sign):
    return unicodedata.category(sign) in ("So", "Sk") or sign == "\ufe0f"


def control_of(text):
    """The first control character in the text as U+0007, or "". Tabs and line ends are none; half a surrogate pair is."""
    found = _CONTROL.search(text)
    return f"U+{ord(found.group()):04X}" if found else ""


def why_not_text(text):
    """Why this text cannot be kept, as a sentence; empty when it can."""
    if control := control_of(text):
        return _("There is a control character in it (%(sign)s), which nobody sees. Delete the text and type it anew.") % {"sign": control}
    return ""


def why_not_name(text):
    """Why nobody and nothing can be called this, as a sentence; empty when they can."""
    text = line(text)
    if reason := why_not_text(text):
        return reason
    if not text:
        return _("Nothing of this name can be seen: it is empty, or made of invisible signs.")
    if text.upper() in ERROR_CELLS:
        return _("“%(text)s” is an error of a spreadsheet, not a name.") % {"text": text}
    return why_not_bytes(text)


def why_not_bytes(text):
    """Why text of a file cannot be kept whose bytes were not all text, as a sentence; empty when they were."""
    if REPLACED in text:
        return _("Some bytes of “%(text)s” are no UTF-8, so nobody can tell what it says. Save the file as “CSV UTF-8” again.") % {
            "text": text
        }
    return ""


def shown(text):
    """Text for a file that holds no control characters (Excel, a mail's subject): each becomes the picture of itself, such as ␇."""
    return _CONTROL.sub(_picture_of, text)


def _picture_of(found):
    sign = found.group()
    return chr(0x2400 + ord(sign)) if sign < " " else "␡" if sign == "\x7f" else REPLACED


class Folding:
    """What a form's field is that takes text: it folds, and refuses what cannot be kept."""

    def to_python(self, value):
        text = super().to_python(value)
        return self.fold(text) if isinstance(text, str) else text

    def fold(self, text):
        return line(text) if self.strip and not isinstance(self.widget, forms.Textarea) else prose(text)

    def run_validators(self, value):
        if isinstance(value, str) and (reason := why_not_text(value)):
            raise ValidationError(reason, code="control_character")
        super().run_validators(value)


class TextField(Folding, forms.CharField):
    """Text in a form. With a `Textarea` it may have several lines; `strip=False` keeps the blanks around it."""


@cache
def folding(kind):
    """A library's class of fields, made to fold."""
    return TextField if kind is forms.CharField else type(f"Folding{kind.__name__}", (Folding, kind), {})


def let_fold(field):
    """Have a field that a library made fold what it takes, in place: forms made of it share it. Passwords pass by."""
    if isinstance(field, forms.CharField) and not isinstance(field, Folding) and not isinstance(field.widget, forms.PasswordInput):
        field.__class__ = folding(type(field))


class NameField(TextField):
    """What someone or something is called: something of it can be seen."""

    def run_validators(self, value):
        super().run_validators(value)
        if value and (reason := why_not_name(value)):
            raise ValidationError(reason, code="no_name")


class SlugField(Folding, forms.SlugField):
    """A code of letters, digits and hyphens."""

    def fold(self, text):
        return folded(text)


class MarkupField(TextField):
    """Rich text, as HTML."""

    def fold(self, text):
        return markup(text)


class AddressField(forms.EmailField):
    """An e-mail address, in its plainest form; its capitals are left to whoever keeps it."""

    def to_python(self, value):
        text = super().to_python(value)
        return folded(text) if isinstance(text, str) else text


class CodeField(TextField):
    """A number, a code: compared in its plainest form."""

    def fold(self, text):
        return folded(text)
