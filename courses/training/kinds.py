"""The kinds of training programme and what is particular to each (§2 of the domain notes). A further kind is one `declare` more.

Plain data and plain functions; whoever may do something is a role, whoever attends at first a rule that its opener may change.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.catalogue.kinds import forget as forget_for_topics
from courses.catalogue.kinds import programme_kind
from courses.training.choices import SENIOR_LEVEL, SENIOR_YEARS
from lms.people.choices import Role, Track
from lms.people.roles import ORGANISERS

WEEKLY, MONTHLY, ONCE = "week", "month", "once"


@dataclass(frozen=True)
class Kind:
    """`label` names it, `short` on a chip, `tone` is the class of its colour. `asked(posts)` gives the conditions of who attends at
    first, beside the dealer, where `posts` are the positions there are. `presenters(people, first)` are those of the audience who
    take turns in a quarter that begins on `first`. `reflects(employee)`: who hands in a reflection after a guest lecture (T6).

    `track`: whose ladder counts attendance at it (G4). `keeps_apart`: it takes the floor away, and so keeps days between itself
    and others that do (T1); any two programmes of a dealer have half-days of their own.

    `every`: what is held ONCE has no rhythm, and each of its sessions is arranged alone. `attends`: whether its audience is to come;
    where it is not, the audience is who may present, and only whoever presents is on the roll.
    """

    name: str
    label: str | Promise
    short: str | Promise
    tone: str = ""
    track: str = ""
    every: str = WEEKLY
    keeps_apart: bool = True
    attends: bool = True
    opened_by: tuple = tuple(ORGANISERS)
    organised_by: tuple = tuple(ORGANISERS)
    watched_by: tuple = (Role.WATCHER,)
    asked: Callable = lambda posts: {}
    presenters: Callable = lambda people, first: people
    reflects: Callable = lambda employee: False


_kinds: dict[str, Kind] = {}


def declare(kind):
    _kinds[kind.name] = kind
    programme_kind(kind.name, kind.label)


def forget(name):
    """For tests, which declare kinds of their own."""
    _kinds.pop(name, None)
    forget_for_topics(name)


def kind_of(name):
    """The kind; one that is no longer declared has its name for words, and no rules beyond the common ones."""
    return _kinds.get(name) or Kind(name, name, name, opened_by=(), keeps_apart=False)


def kinds():
    return list(_kinds.values())


def choices():
    return [(kind.name, kind.label) for kind in _kinds.values()]


def names_for_track(track):
    """The programmes at which attendance counts for grading on the track."""
    return [kind.name for kind in _kinds.values() if kind.track == track]


def names_kept_apart():
    return [kind.name for kind in _kinds.values() if kind.keeps_apart]


def names_unattended():
    """The programmes whose audience is not to come."""
    return [kind.name for kind in _kinds.values() if not kind.attends]


def names_once():
    return [kind.name for kind in _kinds.values() if kind.every == ONCE]


def organisers():
    """The roles of which some kind takes its organiser."""
    return {role for kind in _kinds.values() for role in kind.organised_by}


def watchers():
    return {role for kind in _kinds.values() for role in kind.watched_by}


def _is_advisor(employee):
    return not employee.position.is_leading


def _advisors(people, first):
    return [one for one in people if _is_advisor(one)] or people


def _seniors(people, first: date):
    """Senior technicians and the technical supervisor; where nobody is senior yet, everyone."""
    long_here = first - relativedelta(years=SENIOR_YEARS)
    return [one for one in people if one.position.is_leading or one.technical_level >= SENIOR_LEVEL or one.hired_on <= long_here] or people


def _senior_technicians(people, first: date):
    """For a lecture outside the house only those who are senior: nobody stands in for want of one."""
    return [one for one in people if one.technical_level >= SENIOR_LEVEL or one.hired_on <= first - relativedelta(years=SENIOR_YEARS)]


declare(
    Kind(
        "service", _("Service training"), pgettext_lazy("training, in short", "Service"),
        track=Track.SERVICE, asked=lambda posts: {"track": [Track.SERVICE]}, presenters=_advisors, reflects=_is_advisor,
    )
)  # fmt: skip
declare(
    Kind(
        "technical", _("Technical training"), pgettext_lazy("training, in short", "Technical"), tone="tech",
        track=Track.TECHNICAL, asked=lambda posts: {"track": [Track.TECHNICAL]}, presenters=_seniors,
    )
)  # fmt: skip
declare(
    Kind(
        "management", _("Management training"), pgettext_lazy("training, in short", "Management"), tone="manage",
        every=MONTHLY, keeps_apart=False,
        opened_by=(Role.GENERAL_MANAGER,), organised_by=(Role.SERVICE_MANAGER,), watched_by=(Role.HR,),
        asked=lambda posts: {"position": [str(post.pk) for post in posts if post.is_leading and not post.is_outside]},
    )
)  # fmt: skip
declare(
    Kind(
        "lecture", _("Visiting lecture"), pgettext_lazy("training, in short", "Lecture"), tone="manage",
        every=ONCE, keeps_apart=False, attends=False,
        opened_by=(Role.HR, Role.SERVICE_MANAGER, Role.GENERAL_MANAGER), organised_by=(Role.SERVICE_MANAGER,), watched_by=(Role.HR,),
        asked=lambda posts: {"track": [Track.TECHNICAL]}, presenters=_senior_technicians,
    )
)  # fmt: skip
