"""How long a candidate has: a start late in a sitting's window leaves less than the time allowed. Plain figures, no ORM."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUTE = timedelta(minutes=1)


class Left(NamedTuple):
    """What is left to someone who begins now, in whole minutes, of `allowed` (extra time is in all of them); `until` is the last moment."""

    minutes: int
    allowed: int
    until: datetime

    @property
    def late(self):
        """How many minutes of the time allowed are gone."""
        return self.allowed - self.minutes


def ends_at_of(paper, started_at):
    """The last moment for someone who began at `started_at`: time allowed and extra time, and no later than the closing plus extra time."""
    extra = timedelta(minutes=paper.extra_minutes)
    return min(started_at + timedelta(minutes=paper.sitting.minutes), paper.sitting.closes_at) + extra


def time_left(paper, at):
    """What would be left to the candidate of this paper who began at `at`; a minute that has begun to run is not promised."""
    until = ends_at_of(paper, at)
    return Left(max(0, (until - at) // MINUTE), paper.sitting.minutes + paper.extra_minutes, until)


def is_open(sitting, at):
    """Whether one may begin at `at`."""
    return sitting.opens_at <= at < sitting.closes_at and sitting.status == sitting.Status.READY


def late_words(paper, at):
    """What a candidate who has not begun reads while the exam is open and less than the time allowed is left; "" otherwise."""
    left = time_left(paper, at)
    if not is_open(paper.sitting, at) or not left.late:
        return ""
    words = {"left": left.minutes, "allowed": left.allowed, "until": f"{timezone.localtime(left.until):%H:%M}"}
    words["late"] = ngettext("%(count)d minute", "%(count)d minutes", left.late) % {"count": left.late}
    if not left.minutes:
        return _("You start %(late)s late: less than one of %(allowed)d minutes is left, until %(until)s.") % words
    return (
        ngettext(
            "You start %(late)s late: %(left)d of %(allowed)d minutes is left, until %(until)s.",
            "You start %(late)s late: %(left)d of %(allowed)d minutes are left, until %(until)s.",
            left.minutes,
        )
        % words
    )
