"""Reference data with a Chinese and an English name; people read the one in their language.

And sentences that are written when nobody reads them, such as what a job refuses: `gettext` here gives text as Django's does, which
remembers of what it was made, so that `in_both` can say it in either language. Cut, or joined by other means than below, it is plain text.
"""

from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _translated
from django.utils.translation import ngettext as _counted


def in_language(zh, en):
    """`zh` or `en` by the active language; the other one where it is empty."""
    return zh or en if _is_chinese() else en or zh


def _is_chinese():
    return (get_language() or "zh").startswith("zh")


class Said(str):
    """A translated text that knows how to be said again, in the language of then."""

    def __new__(cls, text, again):
        said = super().__new__(cls, text)
        said.again = again
        return said

    def __mod__(self, values):
        return Said(super().__mod__(values), lambda: self.again() % {name: _again(value) for name, value in values.items()})


def said(words):
    """What `words()` gives, now and again."""
    return Said(words(), words)


def gettext(template):
    return said(lambda: _translated(template))


def ngettext(one, many, count):
    return said(lambda: _counted(one, many, count))


def joined(between, parts):
    """Texts, or records with a name in either language, in one text."""
    return _joined(lambda: between, parts)


def listed(parts):
    """The items of one list with the separator of the language: 甲、乙 or one, two."""
    return _joined(lambda: in_language("、", ", "), parts)


def clauses(parts):
    """Clauses side by side: 甲；乙 or one; two."""
    return _joined(lambda: in_language("；", "; "), parts)


def sentences(parts):
    """Whole sentences one after the other: 甲。乙。 or One. Two."""
    return _joined(lambda: "" if _is_chinese() else " ", parts)


def _joined(between, parts):
    parts = list(parts)
    return said(lambda: between().join(str(_again(part)) for part in parts))


def _again(value):
    return value.again() if isinstance(value, Said) else value


def in_both(words):
    """{"zh", "en"}: what a lazily translated text, or one of `gettext` here, says in either language."""
    said = {}
    for key, code in (("zh", "zh-hans"), ("en", "en")):
        with override(code):
            said[key] = str(_again(words))
    return said


def names_of(record):
    """The two names of a record, as notices hold them: each reader gets the one of their language."""
    return {"zh": record.name_zh, "en": record.name_en or record.name_zh}


def offered(language):
    """The language if it is one of ours, else empty: one that is no longer offered counts as none chosen."""
    return language if language in dict(settings.LANGUAGES) else ""


class Bilingual:
    """For a model with `name_zh` and `name_en`."""

    @property
    def name(self):
        return in_language(self.name_zh, self.name_en)

    def __str__(self):
        return self.name
