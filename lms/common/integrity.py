"""Rules that must hold over a whole database, whatever happened to it. Each room registers its own in `integrity.py`.

    @invariant("A level is what the awards say (G2)")
    def levels_equal_awards():
        return Employee.objects.filter(…)        # whatever breaks it: records, or sentences

One or two statements each: `manage.py check_integrity` runs them over a year's data of 50,000 people.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Model
from django.utils.module_loading import autodiscover_modules

from lms.common import triggers


@dataclass(frozen=True)
class Invariant:
    name: str
    sentence: str
    broken: Callable[[], Iterable]


_registry: dict[str, Invariant] = {}


def invariant(sentence):
    """Register the decorated function: it gives the records, or sentences, that break what `sentence` says."""

    def register(function):
        name = f"{function.__module__.removesuffix('.integrity').rpartition('.')[2]}.{function.__name__}"
        _registry[name] = Invariant(name, sentence, function)
        return function

    return register


def invariants():
    """All invariants of all rooms, by name."""
    autodiscover_modules("integrity")
    return dict(sorted(_registry.items()))


def findings():
    """(invariant, what breaks it) for everything that is broken."""
    for rule in invariants().values():
        for culprit in rule.broken():
            yield rule, named(culprit)


def named(culprit):
    """A record as people can find it: kind, number of record, name."""
    if isinstance(culprit, Model):
        return f"{culprit._meta.label_lower} {culprit.pk} ({culprit})"
    return str(culprit)


@invariant("Every trigger that guards a rule is in the database, on and as it should be, and none of an earlier release is left")
def triggers_are_present():
    return triggers.told(triggers.differences())
