"""The kinds of components that there are, in the order in which they are shown. Whatever depends on a kind asks here."""

from django.db.models import Q

from assessments.grading.kinds.practical import Practical
from assessments.grading.kinds.roleplay import RolePlay
from assessments.grading.kinds.theory import Theory

_kinds = {}


def register(kind):
    _kinds[kind.name] = kind
    kind.registered()


def forget(kind):
    """For tests that bring a kind of their own."""
    del _kinds[kind.name]


def kinds(track=None):
    return [kind for kind in _kinds.values() if track is None or track in kind.tracks]


def kind_of(component):
    """The kind of a component. Raises KeyError where there is none of that name."""
    return _kinds[component.kind]


def kind_choices():
    """A function, so that a new kind changes nothing in the table."""
    return [(kind.name, kind.label) for kind in kinds()]


def any_kind(condition):
    """The condition on results that each kind names, `absent` or `unmarked`, as one: of results of its own."""
    found = Q(pk__in=[])
    for kind in kinds():
        found |= Q(component__kind=kind.name) & getattr(kind, condition)()
    return found


def scores_of(results):
    """{result id: score} of results whose component is at hand; None where there is nothing that counts."""
    found = {}
    for kind in kinds():
        own = [result for result in results if result.component.kind == kind.name]
        if own:
            found |= kind.scores(own)
    return found


register(Theory())
register(Practical())
register(RolePlay())
