"""Rules that must hold over a whole database, whatever happened to it. Each room registers its own in `integrity.py`.

    @invariant("A level is what the newest decision says (G2)")
    def levels_equal_decisions():
        return Employee.objects.filter(…)        # whatever breaks it: records, or sentences

One or two statements each: `manage.py check_integrity` runs them over a year's data of 50,000 people.

A rule that came later than some records says since when it holds, and how old a record is; what is older is reported, not failed:

    @invariant("Three have judged (G3)", since="grading.0004_three_judge", at=lambda cycle: cycle.opened_at)

`since` is a day, or the migration that brought the rule: the database knows when it got that one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import CharField, EmailField, Model, Q, TextField
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from lms.common import triggers
from lms.common.typed import control_of, folded

ROOMS = ("lms.", "courses.", "assessments.", "talent_pool.")
CONTROLS = "\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # those that both databases keep


@dataclass(frozen=True)
class Invariant:
    name: str
    sentence: str
    broken: Callable[[], Iterable]
    since: date | str | None = None
    at: Callable | None = None

    def judged(self):
        """(what breaks it, whether that is older than the rule)."""
        begins_at = beginning_of(self.since)
        for culprit in self.broken():
            yield culprit, begins_at is not None and moment_of(self.at(culprit)) < begins_at


_registry: dict[str, Invariant] = {}


def invariant(sentence, *, since=None, at=None):
    """Register the decorated function: it gives the records, or sentences, that break what `sentence` says."""
    if (since is None) != (at is None):
        raise ValueError("A rule that holds since a day must tell how old a record is: `since` and `at` come together.")

    def register(function):
        name = f"{function.__module__.removesuffix('.integrity').rpartition('.')[2]}.{function.__name__}"
        _registry[name] = Invariant(name, sentence, function, since, at)
        return function

    return register


def invariants():
    """All invariants of all rooms, by name."""
    autodiscover_modules("integrity")
    return dict(sorted(_registry.items()))


def judgements():
    """(invariant, what breaks it, whether that is older than the rule) for everything that is not as the rules say."""
    for rule in invariants().values():
        for culprit, is_older in rule.judged():
            yield rule, named(culprit), is_older


def findings():
    """(invariant, what breaks it) for everything that is broken."""
    return ((rule, culprit) for rule, culprit, is_older in judgements() if not is_older)


def reports():
    """(invariant, what does not follow it) for everything that is older than the rule."""
    return ((rule, culprit) for rule, culprit, is_older in judgements() if is_older)


def beginning_of(since):
    if not isinstance(since, str):
        return since and moment_of(since)
    app, _dot, name = since.partition(".")
    applied = MigrationRecorder(connection).Migration.objects.filter(app=app, name=name).values_list("applied", flat=True).first()
    if applied is None:
        raise LookupError(f"There is no migration {since} in this database.")
    return applied


def moment_of(day):
    """A day as its first moment here; a time as it is."""
    if isinstance(day, datetime):
        return day
    return timezone.make_aware(datetime.combine(day, time()))


def named(culprit):
    """A record as people can find it: kind, number of record, name."""
    if isinstance(culprit, Model):
        return f"{culprit._meta.label_lower} {culprit.pk} ({culprit})"
    return str(culprit)


def alike(texts):
    """Sentences about texts of different records that every door takes for the same one: listed, for only people can tell which to change.

    `texts`: (what they must be unlike in, such as a group; whose it is; the text).
    """
    found: dict = {}
    for place, whose, text in texts:
        if text:
            found.setdefault((place, folded(text).casefold()), {})[whose] = text
    for (_place, read), texts_of in found.items():
        if len(texts_of) > 1:
            yield f"“{read}”: " + ", ".join(f"{whose} as {text!r}" for whose, text in texts_of.items())


def alike_in(model, *fields):
    """The same of the fields of a model; of one record, they may say the same."""
    rows = model._base_manager.values_list("pk", *fields).order_by("pk")
    return alike(((), f"{model._meta.label_lower} {pk}", text) for pk, *texts in rows.iterator() for text in texts)


@invariant("No text of a record holds a control character: files show it as its picture")
def texts_can_be_shown():
    for model in apps.get_models():
        fields = [field.name for field in model._meta.local_concrete_fields if type(field) in (CharField, TextField, EmailField)]
        if model.__module__.startswith(ROOMS) and fields:
            yield from _poisoned(model, fields)


def _poisoned(model, fields):
    holds = Q()
    for name in fields:
        holds |= Q(**{f"{name}__regex": f"[{CONTROLS}]"})
    for pk, *texts in model._base_manager.filter(holds).values_list("pk", *fields).order_by("pk"):
        signs = (f"{name} {sign}" for name, text in zip(fields, texts, strict=True) if (sign := control_of(text or "")))
        yield f"{model._meta.label_lower} {pk}: {', '.join(signs)}"


@invariant("Every trigger that guards a rule is in the database, on and as it should be, and none of an earlier release is left")
def triggers_are_present():
    return triggers.told(triggers.differences())
