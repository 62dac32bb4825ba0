"""The conditions that an audience may ask. A room above adds its own when it starts:

    condition("course_done", label=_("Courses completed"), people=…, held_by=…, names=…, choices=…, phrase=…)

A condition that is `named_only`, such as the reserve pool, is never kept. Whoever it holds for at the moment of choosing is put
down by name, among the others who are named, and nothing tells by what they came in.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.people.choices import Level, Track
from lms.people.models import Department, Employee, Position
from lms.people.queries import dealers_visible_to


@dataclass(frozen=True)
class Kind:
    """`people(values)` is a condition on employees that takes none of them twice; `held_by(employee)` gives the values that one
    person meets, as texts or as a query of such; `names(values)` their words; `choices(user)` what a form offers to this user;
    `phrase(words)` how a sentence says it, where it is not one of those that `sentences` knows how to place."""

    name: str
    label: str | Promise
    people: Callable[[list], Q]
    held_by: Callable[[Employee], Iterable]
    names: Callable[[list], dict]
    choices: Callable
    phrase: Callable | None = None
    named_only: bool = False


_kinds: dict[str, Kind] = {}


def condition(name, **values):
    _kinds[name] = Kind(name, **values)


def forget(name):
    """For tests, which register conditions of their own."""
    _kinds.pop(name, None)


def kinds():
    """{name: Kind}: ours in the order of a sentence, then those of the rooms above."""
    return dict(_kinds)


def kept():
    """Those that an audience keeps."""
    return {name: kind for name, kind in _kinds.items() if not kind.named_only}


def level_in_own_track(levels):
    """Whoever holds one of these levels in the track of their present position."""
    found = Q(pk__in=[])
    for track in Track:
        found |= Q(**{"position__track": track, f"{track}_level__in": levels})
    return found


def _own_level(employee):
    track = employee.position.track
    return [str(employee.level_in(track))] if track else []


def _names_of(model):
    return lambda values: {str(pk): one.name for pk, one in model.objects.in_bulk(values).items()}


def _posts(_user):
    return [(str(one.pk), one.name) for one in Position.objects.filter(is_outside=False)]


def _departments(_user):
    found = Department.objects.filter(positions__is_outside=False).distinct()
    return [(str(one.pk), one.name) for one in found]


def _dealers(user):
    return [(str(one.pk), one.name) for one in dealers_visible_to(user)]


def _labels(choices):
    known = {str(value): label for value, label in choices.choices}
    return {
        "names": lambda values: {value: str(known[value]) for value in values if value in known},
        "choices": lambda _user: list(known.items()),
    }


condition(
    "dealer", label=_("Dealers"), people=lambda values: Q(dealer__in=values), held_by=lambda one: [str(one.dealer_id)],
    names=_names_of(Employee._meta.get_field("dealer").related_model), choices=_dealers,
)  # fmt: skip
condition(
    "department", label=_("Departments"), people=lambda values: Q(position__department__in=values),
    held_by=lambda one: [str(one.position.department_id)], names=_names_of(Department), choices=_departments,
)  # fmt: skip
condition(
    "position", label=_("Positions"), people=lambda values: Q(position__in=values),
    held_by=lambda one: [str(one.position_id)], names=_names_of(Position), choices=_posts,
)  # fmt: skip
condition(
    "track", label=_("Tracks"), people=lambda values: Q(position__track__in=values),
    held_by=lambda one: [one.position.track] if one.position.track else [], **_labels(Track),
)  # fmt: skip
condition("level", label=_("Levels in the own track"), people=level_in_own_track, held_by=_own_level, **_labels(Level))
