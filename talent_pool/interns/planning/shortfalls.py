"""What a plan could not meet, and why: days at no station, and stations that an intern does not see."""

from dataclasses import dataclass, replace
from datetime import date

from talent_pool.interns.planning.pieces import ONE_DAY, asked_of
from talent_pool.interns.verifying import FULL, NO_MENTOR

NO_TIME = "no_time"  # every week is spent at other stations


@dataclass(frozen=True)
class Gap:
    """Days on which an intern is at no station, and why not at each: ((station, rule), …)."""

    intern: int
    first: date
    last: date
    reasons: tuple = ()


@dataclass(frozen=True)
class Missed:
    """A station that an intern does not see at all, and why."""

    intern: int
    place: int
    rule: str


def gaps_of(intern, idle, places, taken):
    """`idle` are the pieces of the intern's time at no station; those that follow one another for the same reasons are one gap."""
    found = []
    for first, last in idle:
        gap = Gap(intern.pk, first, last, tuple((place.pk, _why(intern, place, first, last, taken)) for place in places))
        if found and (found[-1].reasons, found[-1].last + ONE_DAY) == (gap.reasons, first):
            found[-1] = replace(found[-1], last=last)
        else:
            found.append(gap)
    return found


def _why(intern, place, first, last, taken):
    return asked_of(place, intern, first) or (NO_MENTOR if taken.has_room(place, first, last) else FULL)


def missed_of(intern, pieces, idle, unseen, taken):
    """`unseen` are the stations that the intern is at in none of the pieces."""
    return [Missed(intern.pk, place.pk, _why_never(intern, pieces, idle, place, taken)) for place in unseen] if pieces else []


def _why_never(intern, pieces, idle, place, taken):
    rules = {span: asked_of(place, intern, span[0]) for span in pieces}
    open_to = [span for span, rule in rules.items() if not rule]
    if not open_to:
        return next(iter(rules.values()))
    if not any(taken.is_mentor_for(one, place, last) for one in taken.mentors.values() for _first, last in open_to):
        return NO_MENTOR
    stood = [span for span in idle if span in open_to]
    if not stood:
        return NO_TIME
    return NO_MENTOR if any(taken.has_room(place, *span) for span in stood) else FULL
