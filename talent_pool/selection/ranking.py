"""The order of interns by what they reached (C4): plain functions on plain data, every number a Decimal.

Scores have two digits and weights are whole per cent, so a composite has four and is exact: nobody is rounded over another.
"""

from dataclasses import dataclass
from decimal import Decimal

PARTS = ("internship", "coursework", "graduation")
PLACES = Decimal("0.0001")


@dataclass(frozen=True)
class Ranked:
    """One intern: `parts` is {part: score or None}. Whoever lacks a part that weighs has neither composite nor place."""

    key: object
    parts: dict
    composite: Decimal | None
    place: int | None


def missing_of(parts, weights):
    """Which parts are not there yet, in the order of the formula; one that weighs nothing is not asked for."""
    return [part for part in PARTS if weights[part] and parts.get(part) is None]


def composite_of(parts, weights):
    """The sum of the parts by their weights in per cent, of 100; None where one is missing, which is never a 0."""
    if missing_of(parts, weights):
        return None
    total = sum(weights[part] * parts[part] for part in PARTS if weights[part])
    return (total / 100).quantize(PLACES)


def ranked(entries, weights):
    """`Ranked` of each of `entries` ({key: parts}), the best first; equal ones share a place (1, 2, 2, 4), those without one come last."""
    composites = {key: composite_of(parts, weights) for key, parts in entries.items()}
    have = sorted((one for one in composites.values() if one is not None), reverse=True)
    first = {composite: have.index(composite) + 1 for composite in set(have)}
    rows = [Ranked(key, parts, composites[key], first.get(composites[key])) for key, parts in entries.items()]
    return sorted(rows, key=lambda row: (row.place is None, row.place or 0))


def ties(places):
    """{place: keys} of the places that several share; `places` is {key: place or None}."""
    shared: dict = {}
    for key, place in places.items():
        if place is not None:
            shared.setdefault(place, []).append(key)
    return {place: keys for place, keys in sorted(shared.items()) if len(keys) > 1}


def settled(places, decisions):
    """{key: place} once ties are decided: `decisions` is {place: keys in their order}. Those of a tie that is open go on sharing theirs."""
    found = dict(places)
    for place, keys in ties(places).items():
        order = decisions.get(place, [])
        if set(order) == set(keys):
            found |= {key: place + step for step, key in enumerate(order)}
    return found


def open_ties(places, decisions):
    """The ties of `ties` that nobody has decided yet."""
    return {place: keys for place, keys in ties(places).items() if set(decisions.get(place, [])) != set(keys)}
