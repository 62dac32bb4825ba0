"""Which kinds of training programme there are for a topic to serve. The training room says so when it starts; of each, only the
name and its words are known here."""

from django.utils.functional import Promise

_kinds: dict[str, str | Promise] = {}


def programme_kind(name, words):
    _kinds[name] = words


def forget(name):
    """For tests, which declare kinds of their own."""
    _kinds.pop(name, None)


def choices():
    """Pairs of name and words, in the reader's language."""
    return list(_kinds.items())
