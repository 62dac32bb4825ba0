"""Who is free to mentor somebody in a time, and why not: plain functions on plain data."""

from datetime import date, timedelta
from typing import NamedTuple

from lms.common.bilingual import gettext as _
from lms.common.days import day
from lms.people.choices import Level


class Facts(NamedTuple):
    """What is known of a mentor. `away` are the first and last days of approved leave, `gone_on` the first day on which they will no
    longer work at the dealer; `load` is how many newcomers they have in the time that is asked about."""

    name: str
    is_named: bool
    is_here: bool
    most: int
    load: int
    track: str
    levels: dict
    away: tuple = ()
    gone_on: date | None = None


def why_not_free(facts, first, last, *, track="", least_level=0):
    """A sentence, or "" where the mentor is free from `first` to `last`."""
    words = {"mentor": facts.name}
    if not facts.is_here:
        return _("%(mentor)s no longer works at this dealer as a staff member. Choose another mentor.") % words
    if not facts.is_named:
        return _("%(mentor)s is not named as a mentor any more. HR names mentors.") % words
    if facts.gone_on and facts.gone_on <= last:
        last_day = day(facts.gone_on - timedelta(days=1))
        return _("%(mentor)s works here only until %(day)s. Choose another mentor.") % {**words, "day": last_day}
    if is_covered(first, last, facts.away):
        return _("%(mentor)s is on leave for all of this time. Choose another mentor or other days.") % words
    if track and facts.track != track:
        return _("%(mentor)s does not work in this track. Choose a mentor who does.") % words
    if least_level and facts.levels.get(track or facts.track, 0) < least_level:
        return _("%(mentor)s has not reached “%(level)s”, which is asked of the mentor here.") % {
            **words,
            "level": Level(least_level).label,
        }
    return why_not_more(facts)


def why_not_more(facts):
    if facts.load < facts.most:
        return ""
    words = {"mentor": facts.name, "load": facts.load, "most": facts.most}
    return _("%(mentor)s has %(load)d newcomers already, and at most %(most)d at once. HR can raise the number.") % words


def is_covered(first, last, spans):
    """Whether each day from `first` to `last` lies in one of the spans, both ends included."""
    reached = first
    for begin, end in sorted(spans):
        if begin <= reached <= end:
            reached = end + timedelta(days=1)
    return reached > last
