"""What an agreement is on a day, and whose place in it is taken. Days and numbers in, answers out."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

WARNED_AT = (90, 30, 7)  # days before the last one
SOON = timedelta(days=WARNED_AT[0])


class State(TextChoices):
    AHEAD = "ahead", _("Not yet in force")
    IN_FORCE = "in_force", _("In force")
    ENDING = "ending", _("Ends soon")
    EXPIRED = "expired", _("Expired")
    ENDED = "ended_early", _("Ended early")


TONES = {State.AHEAD: "accent", State.IN_FORCE: "good", State.ENDING: "warn", State.EXPIRED: "bad", State.ENDED: "bad"}
HOLDS = {State.IN_FORCE, State.ENDING}


def state_on(on, starts_on, ends_on, ended_on=None):
    """The state on a day; both the first and the last day belong to the term."""
    if on < starts_on:
        return State.AHEAD
    if ended_on and on > ended_on:
        return State.ENDED
    if on > ends_on:
        return State.EXPIRED
    return State.ENDING if (ended_on or ends_on) - on <= SOON else State.IN_FORCE


def tone_of(agreement, on, *, is_renewed):
    """Of the badge of its state: one that has run out and was renewed is no bad news."""
    state = agreement.state_on(on)
    return "" if is_renewed and state in (State.EXPIRED, State.ENDING) else TONES[state]


def stage_of(days):
    """Which of the warnings is due so many days before the last one; None where none is yet, or the term is over."""
    return min((stage for stage in WARNED_AT if 0 <= days <= stage), default=None)


def graduation_year(on):
    """The year whose classes graduate next: schools end their year in summer."""
    return on.year + (on.month > 8)


@dataclass(frozen=True)
class Places:
    """The places of one year of graduation: how many the agreement gives, how many are taken."""

    year: int
    taken: int
    quota: int

    @property
    def is_over(self):
        return self.taken > self.quota

    @property
    def left(self):
        return max(0, self.quota - self.taken)


def places_of(quota, graduations):
    """`Places` by year: each student takes one of the year in which they graduate (`graduations`: that year, one a student)."""
    return [Places(year, taken, quota) for year, taken in sorted(Counter(graduations).items())]
