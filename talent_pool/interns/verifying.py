"""What the rules say of a set of rotations. It knows nothing of how they came about: a plan, a hand, a change since.

Each rule is a function from stays and the floor to what breaks it; `broken` asks them all.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from talent_pool.interns.floor import days_of, most_hours, overlap

FULL, TWICE, TERM, BREAK, OUT_OF_USE = "full", "twice", "term", "break", "out_of_use"
LEVEL, CERTIFICATE, COURSE, MINOR, HOURS = "asks_level", "asks_certificate", "asks_course", "high_risk", "hours"
NO_MENTOR, OWN_MENTOR, MENTOR_GONE, MENTOR_AWAY = "no_mentor", "own_mentor", "mentor_gone", "mentor_away"
MENTOR_LOAD, MENTOR_LEVEL, MENTOR_TRACK, MENTOR_CERTIFICATE = "mentor_load", "mentor_level", "mentor_track", "mentor_certificate"
OF_MENTORS = {NO_MENTOR, OWN_MENTOR, MENTOR_GONE, MENTOR_AWAY, MENTOR_LOAD, MENTOR_LEVEL, MENTOR_TRACK, MENTOR_CERTIFICATE}


@dataclass(frozen=True)
class Broken:
    """One rule broken by one stay, from `on` on."""

    rule: str
    intern: int
    place: int
    mentor: int | None
    on: date


@dataclass(frozen=True)
class _Known:
    floor: object
    places: dict
    interns: dict
    mentors: dict


def broken(stays, floor):
    """Everything that is not as the rules ask; `stays` are those of the floor's interns, all of them."""
    known = _Known(
        floor,
        {one.pk: one for one in floor.places},
        {one.pk: one for one in floor.interns},
        {one.pk: one for one in floor.mentors},
    )
    alone = [found for stay in stays for rule in ALONE for found in rule(stay, known)]
    return alone + _full(stays, known) + _twice(stays) + _load(stays, known)


def _say(rule, stay, on=None):
    return Broken(rule, stay.intern, stay.place, stay.mentor, on or stay.first)


# --- Of one stay alone ------------------------------------------------------------------------------------------------


def _term(stay, known):
    intern = known.interns[stay.intern]
    if stay.first < intern.first or stay.last > intern.last:
        yield _say(TERM, stay)
    for begin, end in intern.pauses:
        if overlap(stay.first, stay.last, begin, end):
            yield _say(BREAK, stay, max(begin, stay.first))


def _station(stay, known):
    place = known.places.get(stay.place)
    if place is None or not place.in_use:
        yield _say(OUT_OF_USE, stay)


def _asked(stay, known):
    place, intern = known.places.get(stay.place), known.interns[stay.intern]
    if place is None:
        return
    if intern.level_in(place.asks_track) < place.asks_level:
        yield _say(LEVEL, stay)
    if place.asks_certificate and not intern.holds(place.asks_certificate, stay.first):
        yield _say(CERTIFICATE, stay)
    if place.asks_course is not None and place.asks_course not in intern.courses:
        yield _say(COURSE, stay)
    if place.is_high_risk and intern.is_minor(stay.first):
        yield _say(MINOR, stay)


def _hours(stay, known):
    intern, floor = known.interns[stay.intern], known.floor
    if stay.hours > most_hours(intern, stay.first, stay.last, floor.holidays, floor.limits):
        yield _say(HOURS, stay)


def _mentor(stay, known):
    mentor = known.mentors.get(stay.mentor)
    if stay.mentor is None:
        yield _say(NO_MENTOR, stay)
    elif mentor is None:
        yield _say(MENTOR_GONE, stay)
    else:
        yield from _mentor_there(stay, mentor, known)
        yield from _mentor_may(stay, mentor, known)


def _mentor_there(stay, mentor, known):
    if mentor.pk == known.interns[stay.intern].person:
        yield _say(OWN_MENTOR, stay)
    if mentor.until and mentor.until < stay.last:
        yield _say(MENTOR_GONE, stay, max(mentor.until, stay.first))
    for begin, end in mentor.away:
        if overlap(stay.first, stay.last, begin, end) > known.floor.limits.mentor_away_days:
            yield _say(MENTOR_AWAY, stay, max(begin, stay.first))


def _mentor_may(stay, mentor, known):
    place = known.places.get(stay.place)
    if place is None:
        return
    if place.mentor_track and mentor.track != place.mentor_track:
        yield _say(MENTOR_TRACK, stay)
    elif mentor.level_in(place.mentor_track) < place.mentor_level:
        yield _say(MENTOR_LEVEL, stay)
    if place.mentor_certificate and not mentor.holds(place.mentor_certificate, stay.last):
        yield _say(MENTOR_CERTIFICATE, stay)


ALONE = (_term, _station, _asked, _hours, _mentor)


# --- Of all stays together --------------------------------------------------------------------------------------------


def _by_day(stays, key):
    """{(key, day): stays of that day}"""
    found = defaultdict(list)
    for stay in stays:
        for day in days_of(stay.first, stay.last):
            found[key(stay), day].append(stay)
    return found


def _first_days(rule, over):
    """Each stay once, with the first day on which the rule is broken by it."""
    found = {}
    for (_key, day), stays in sorted(over, key=lambda item: item[0][1]):
        for stay in stays:
            found.setdefault(stay, _say(rule, stay, day))
    return list(found.values())


def _full(stays, known):
    capacity = {place.pk: place.capacity for place in known.floor.places}
    others = set(known.floor.others)
    rows = _by_day([*stays, *others], lambda stay: stay.place).items()
    over = [(key, [one for one in there if one not in others]) for key, there in rows if len(there) > capacity.get(key[0], 0)]
    return _first_days(FULL, [row for row in over if row[0][0] in capacity])


def _twice(stays):
    over = [(key, there) for key, there in _by_day(stays, lambda stay: stay.intern).items() if len(there) > 1]
    return _first_days(TWICE, over)


def _load(stays, known):
    others = set(known.floor.others)
    rows = _by_day([one for one in [*stays, *others] if one.mentor in known.mentors], lambda stay: stay.mentor).items()
    over = []
    for (pk, day), there in rows:
        mentor = known.mentors[pk]
        if len({one.intern for one in there}) + mentor.busy > mentor.most:
            over.append(((pk, day), [one for one in there if one not in others]))
    return _first_days(MENTOR_LOAD, over)
