"""What may be recorded: every verb with its sentence and its fields, declared once by the room that records it, in its `verbs.py`.

    concerns(PayChange, person="employee", dealer="dealer", page="pay_changes", needs="pay.view_pay")
    verb("pay.approved", _("%(actor)s approved the pay change of %(person)s"), {"status": choice(_("State"), Status.choices)}, own=False)

`record_event` refuses what is not declared here, so the audit log can always say in words what happened.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Undeclared(LookupError):
    """A verb, a field or a kind of record that no room's `verbs.py` names."""


# --- Fields: what `before` and `after` may hold, and how it is shown -------------------------------------------


THE_PERSON = "own"


@dataclass(frozen=True)
class Field:
    """One value of an event. `kind` says how it is shown; `private` is the permission that its reader needs, "-" for nobody,
    `THE_PERSON` for whom the event is about alone.

    `choices` are pairs of value and words; `record` and `by` say whose key the value is ("people.employee" by "pk", "number" …);
    `words` turns the stored value into text.
    """

    label: str | Promise
    kind: str = "text"
    private: str = ""
    choices: tuple = ()
    record: str = ""
    by: str = "pk"
    words: Callable | None = None


def text(label, private=""):
    return Field(label, "text", private)


def number(label, private=""):
    """A count, a score, minutes: the unit belongs in the label."""
    return Field(label, "number", private)


def money(label, private):
    """Yuan a month. Never without saying who may see it."""
    return Field(label, "money", private)


def day(label):
    return Field(label, "day")


def count(label):
    """A list of keys, of which its reader is told how many there are."""
    return Field(label, "count")


def moment(label):
    return Field(label, "moment")


def yes_no(label):
    return Field(label, "yes_no")


def choice(label, choices, private=""):
    return Field(label, "choice", private, choices=tuple(choices))


def record(label, model, by="pk", private=""):
    """The key of another record, shown by its name: `model` is "app.model"."""
    return Field(label, "record", private, record=model, by=by)


def said(label, words, private=""):
    """A value that `words` makes text of, in the reader's language."""
    return Field(label, "said", private, words=words)


def unseen(label):
    """Kept as evidence, shown to nobody: what would give an exam away."""
    return Field(label, "text", "-")


# --- Records: whom and where an event concerns, by the kind of its target ---------------------------------------


@dataclass(frozen=True)
class Concern:
    """How to find, from a record, the person (a key of `people.Employee`) and the dealer that its events are about.

    The paths are those of the ORM ("paper__candidate"); empty: nobody in particular, no dealer's. `page` is the name of the
    address that shows the record, by its key unless `argument` is another path or None; `needs` a permission to open it.
    `related` is what the record's name is made of, `title` its name where it is not its text.
    """

    model: type
    person: str = ""
    dealer: str = ""
    page: str = ""
    argument: str | None = "pk"
    needs: str = ""
    related: tuple = ()
    title: Callable = str


_concerns: dict[str, Concern] = {}


def concerns(model, *, formerly=(), **values):
    """`formerly` are kinds by which older events call these records."""
    for kind in (model._meta.label_lower, *formerly):
        _concerns[kind] = Concern(model, **values)


def was_called(kind, model):
    """Events about `model` may still name its kind of record as it was called in an earlier release, `kind`."""
    _concerns[kind] = _concerns[model._meta.label_lower]


def concern_of(kind):
    """The `Concern` of a kind of record ("app.model"), or None."""
    return _concerns.get(kind)


# --- Verbs ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verb:
    """`sentence` may name %(actor)s, %(person)s, %(target)s and %(kind)s. `own`: the person concerned may read it about themselves.

    `by_oneself` is the sentence where actor and person are one. `person` is a field that holds whom it is about, where the record
    does not say; `anything`: about records of any kind.
    """

    name: str
    sentence: str | Promise
    fields: dict[str, Field] = field(default_factory=dict)
    own: bool = True
    person: str = ""
    by_oneself: str | Promise = ""
    anything: bool = False

    @property
    def room(self):
        return self.name.partition(".")[0]


_verbs: dict[str, Verb] = {}
_rooms: dict[str, str | Promise] = {}


def verb(name, sentence, fields=None, **values):
    _verbs[name] = Verb(name, sentence, fields or {}, **values)


def room(prefix, title):
    """The words above the verbs that begin with `prefix`, for the filter of the log."""
    _rooms[prefix] = title


def verbs():
    """{name: Verb}, of all rooms."""
    return _verbs


def rooms():
    """{prefix: its title}, of all rooms."""
    return _rooms


def verb_of(name):
    """The declared verb, or None: an old row may hold one that is recorded no longer."""
    return _verbs.get(name)


def check(name, target, before, after):
    """Raise `Undeclared` unless the verb, its fields and the kind of the target are declared. Returns the verb."""
    declared = _verbs.get(name)
    if declared is None:
        raise Undeclared(f"No verbs.py declares “{name}”.")
    unknown = sorted({*before, *after} - declared.fields.keys())
    if unknown:
        raise Undeclared(f"“{name}” is declared without: {', '.join(unknown)}.")
    if not declared.anything and (target is None or target._meta.label_lower not in _concerns):
        raise Undeclared(f"No verbs.py says whom a {target and target._meta.label_lower} concerns.")
    return declared


# --- What the course studio changes ----------------------------------------------------------------------------------

KEYS_OF = {"ForeignKey", "OneToOneField", "ParentalKey"}
KINDS_OF = {"BooleanField": "yes_no", "DateField": "day", "DateTimeField": "moment"}
KINDS_OF |= dict.fromkeys(("PositiveSmallIntegerField", "DecimalField", "FloatField"), "number")


@dataclass(frozen=True)
class Edited:
    """A model that the studio edits: the fields whose change is recorded, and lines below it as text."""

    noun: str
    fields: tuple
    lines: dict


_edited: dict[str, Edited] = {}


def edited_of(kind):
    """What of a record of this kind ("app.model") is recorded when the studio changes it; None for what the studio does not edit."""
    return _edited.get(kind)


def studio(model, *fields, noun="", private="", open_fields=(), lines=None, **concern):
    """Declare `noun.added`, `noun.changed` and `noun.removed` for a model that is edited in the course studio.

    `lines` are records below it: {related name: (label, function that makes text of one)}. With `private`, a permission, only
    its holders see the values, but for `open_fields`.
    """
    noun, lines = noun or model._meta.model_name, lines or {}
    _edited[model._meta.label_lower] = Edited(noun, fields, {name: words for name, (_label, words) in lines.items()})
    concerns(model, **concern)
    shown = {name: _of_model(model._meta.get_field(name), "" if name in open_fields else private) for name in fields}
    shown |= {name: text(label, private) for name, (label, _words) in lines.items()}
    for event, sentence in STUDIO_SENTENCES.items():
        known = _verbs.get(f"{noun}.{event}")
        verb(f"{noun}.{event}", sentence, {**(known.fields if known else {}), **shown})


STUDIO_SENTENCES = {
    "added": _("%(actor)s added the %(kind)s “%(target)s” in the course studio"),
    "changed": _("%(actor)s changed the %(kind)s “%(target)s” in the course studio"),
    "removed": _("%(actor)s removed the %(kind)s “%(target)s” in the course studio"),
}


def _of_model(model_field, private):
    """A declared field from a model's own: its label, its choices, the record it points at."""
    label, kind = model_field.verbose_name, model_field.get_internal_type()
    if kind in KEYS_OF:
        return record(label, model_field.related_model._meta.label_lower, private=private)
    if model_field.choices:
        return choice(label, model_field.flatchoices, private)
    return Field(label, KINDS_OF.get(kind, "text"), private)


# --- The console ------------------------------------------------------------------------------------------------------

room("console", _("Console"))
verb("console.ran", _("%(actor)s ran a command on the server"), {"command": text(_("Command"))}, anything=True)
