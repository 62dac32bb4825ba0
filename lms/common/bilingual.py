"""Reference data with a Chinese and an English name; people read the one in their language."""

from django.conf import settings
from django.utils.translation import get_language, override


def in_language(zh, en):
    """`zh` or `en` by the active language; the other one where it is empty."""
    if (get_language() or "zh").startswith("zh"):
        return zh or en
    return en or zh


def in_both(words):
    """{"zh", "en"}: what a lazily translated text says in either language, for paper that carries both."""
    said = {}
    for key, code in (("zh", "zh-hans"), ("en", "en")):
        with override(code):
            said[key] = str(words)
    return said


def listed(words):
    """The items of one list with the separator of the language: 甲、乙 or one, two."""
    return in_language("、", ", ").join(map(str, words))


def clauses(words):
    """Clauses side by side: 甲；乙 or one; two."""
    return in_language("；", "; ").join(map(str, words))


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
