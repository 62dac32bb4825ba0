"""Whom and where a record concerns, found by the paths that its room declares."""

from collections import defaultdict

from lms.audit.verbs import concern_of

BATCH = 500


class _NotAtHand(Exception):
    """The path leads over a relation that was not fetched."""


def places_of(records):
    """{(kind, key as text): (person's key or None, dealer's key or None)} of the records whose kind is declared.

    What the records hold at hand is read from them; for the rest one statement a kind.
    """
    found, asked = {}, defaultdict(dict)
    for record in records:
        kind, concern = record._meta.label_lower, concern_of(record._meta.label_lower)
        if concern is None:
            continue
        try:
            found[kind, str(record.pk)] = _at_hand(record, concern.person), _at_hand(record, concern.dealer)
        except _NotAtHand:
            asked[kind][record.pk] = concern
    for kind, by_key in asked.items():
        found |= _asked_for(kind, by_key)
    return found


def _asked_for(kind, by_key):
    concern, keys = concern_of(kind), list(by_key)
    paths = [concern.person or "pk", concern.dealer or "pk"]
    for start in range(0, len(keys), BATCH):
        for key, person, dealer in concern.model._base_manager.filter(pk__in=keys[start : start + BATCH]).values_list("pk", *paths):
            yield (kind, str(key)), (person if concern.person else None, dealer if concern.dealer else None)


def _at_hand(record, path):
    """The key at the end of a path, without a query."""
    if not path:
        return None
    if path == "pk":
        return record.pk
    name, _sep, rest = path.partition("__")
    cached = record._state.fields_cache
    if not rest and hasattr(record, f"{name}_id"):
        return getattr(record, f"{name}_id")
    if name not in cached:
        raise _NotAtHand
    if cached[name] is None:
        return None
    return _at_hand(cached[name], rest or "pk")
