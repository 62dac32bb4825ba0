"""The kinds of notice there are: each room declares its own, once, in its `notices.py`.

    notice_kind("training_material_due", title=_("Material is due"), urgency=Urgency.TODAY, done_when=about("session", with_material))

`notify` refuses what is not declared here. The words of a kind are in `templates/notifications/<name>.txt`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

from django.utils.functional import Promise


class Undeclared(LookupError):
    """A kind of notice that no room's `notices.py` names."""


class Urgency(IntEnum):
    """What goes out first when much has to."""

    AT_ONCE = 0  # a time or a place that changed, or something that may be wrong
    TODAY = 1  # something to do that others wait for
    IN_TIME = 2


@dataclass(frozen=True)
class Kind:
    """`is_public`: a group may read it too. `done_when` picks those of some notices that ask for nothing any more: they are not sent."""

    name: str
    title: str | Promise
    urgency: Urgency = Urgency.IN_TIME
    is_public: bool = False
    done_when: Callable | None = None


_kinds: dict[str, Kind] = {}


def notice_kind(name, *, title, **values):
    _kinds[name] = Kind(name, title, **values)


def kinds():
    """{name: Kind}, of all rooms."""
    return _kinds


def declared(name):
    """The kind of a notice that is to be told; `Undeclared` if there is none."""
    if name not in _kinds:
        raise Undeclared(f"No notices.py declares “{name}”.")
    return _kinds[name]


def kind_of(name):
    """The kind, or None: an old notice may be of one that is told no longer."""
    return _kinds.get(name)


def about(value: str, done: Callable[[set], Iterable]):
    """A `done_when` for notices about a record each: `done` is given the keys that stand in `context[value]`, and gives those done."""

    def find(notices):
        over = set(done({notice.context[value] for notice in notices if value in notice.context}))
        return {notice.pk for notice in notices if notice.context.get(value) in over}

    return find
