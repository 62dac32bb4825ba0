"""What each room adds to pages that span rooms. Whoever shows them reads them here and knows no room; rooms come and go by their folder.

| module of the room | adds | shown |
|---|---|---|
| `due.py` | `@due` | what a person has to do next, on Today |
| `figures.py` | `@tile`, `@card` | how things stand, on Today |
| `panels.py` | `@panel` | what stands on a person's page and on My growth |
| `feed.py` | `@feed`, `@booking` | what has a day, in the coming weeks, and the room it is in |
| `effects.py` | `@effect` | what a leave, a move or a departure leaves open, before one confirms it |

    @tile(order=30, needs=["training.view_board"])
    def sessions(user, employee, at):
        yield {"label": …, "value": …}

Who may see it is declared beside what is shown. Each asks the same number of statements for one record and for thirty.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from lms.common.typed import folded

MODULES = ["due", "figures", "panels", "feed", "effects"]


@dataclass(frozen=True)
class Part:
    """A function of a room and how it is shown: where in the order, by which template, to whom."""

    function: Callable
    order: int = 0
    template: str = ""
    needs: tuple = ()
    sees: Callable | None = None
    columns: dict = field(default_factory=dict)


@dataclass
class Registry:
    parts: dict[str, Part] = field(default_factory=dict)

    def add(self, function, **values):
        """The function itself: it stays what its room can call."""
        self.parts[f"{function.__module__}.{function.__name__}"] = Part(function, **values)
        return function

    def __iter__(self):
        return iter(sorted(self.parts.values(), key=lambda part: part.order))


dues, tiles, cards, panels, feeds, bookings, effects = (Registry() for _number in range(7))


def discover():
    """Read these modules of every room. Once, when the product starts; a second time changes nothing."""
    autodiscover_modules(*MODULES)


# --- Today ---------------------------------------------------------------------------------------------------------


def due(function):
    """`function(employee, at)` gives {"at": a time or None, "title", "text", "url", "action", "now"} for each thing to do."""
    return dues.add(function)


def due_for(employee, at):
    """Everything this person has to do next, the most pressing first: what is open now, then by time, then what has no time."""
    found = [item for part in dues for item in part.function(employee, at)]
    return sorted(found, key=lambda item: (not item["now"], item["at"] is None, item["at"] or at, item["title"]))


def tile(*, order, needs):
    """`function(user, employee, at)` gives {"label", "value", and as wanted "unit", "badge", "tone", "url"} for each tile."""
    return lambda function: tiles.add(function, order=order, needs=tuple(needs))


def card(template, *, order, needs=()):
    """`function(user, employee, at)` gives what the template is rendered with, once for each card."""
    return lambda function: cards.add(function, order=order, needs=tuple(needs), template=template)


def tiles_for(user, employee, at):
    return [figure for part in tiles if user.has_perms(part.needs) for figure in part.function(user, employee, at)]


def cards_for(user, employee, at):
    """[{"template", "card"}]"""
    return [
        {"template": part.template, "card": values}
        for part in cards
        if user.has_perms(part.needs)
        for values in part.function(user, employee, at)
    ]


# --- A person's page -------------------------------------------------------------------------------------------------

PERSON, GROWTH = "person", "growth"
WIDE, NARROW = "wide", "narrow"


def panel(template, *, order, sees, on):
    """`function(person, user, at)` gives what the template is rendered with, or None where there is nothing to show.

    `sees(user, person)`: whether this reader may see it, of a person whose page they may open. `on` says on which page it stands
    in which column: {PERSON: WIDE, GROWTH: NARROW}; *My growth* is one's own alone.
    """
    return lambda function: panels.add(function, order=order, template=template, sees=sees, columns=on)


_alongside: set[str] = set()


def read_along(name):
    """A record of one's own (`student`) that is read with the person on their page, by whichever panels ask for it."""
    _alongside.add(name)


def alongside():
    return sorted(_alongside)


def panels_for(person, user, at, page=PERSON):
    """{"wide": […], "narrow": […]}, each {"template", "panel"}."""
    found = {WIDE: [], NARROW: []}
    for part in panels:
        if page in part.columns and part.sees(user, person) and (values := part.function(person, user, at)) is not None:
            found[part.columns[page]].append({"template": part.template, "panel": values})
    return found


# --- The coming weeks ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """Something with a day in it. Without an end it is a deadline; `key` names it for ever, for calendars that ask again."""

    key: str
    title: str
    starts_at: datetime
    ends_at: datetime | None = None
    url: str = ""
    place: str = ""
    note: str = ""


def feed(function):
    """`function(employee, start, end)` gives the `Entry`s between two times, `end` left out, that this person has a part in."""
    return feeds.add(function)


def entries_for(employee, start, end):
    """All entries of the person, in order of time."""
    found = [entry for part in feeds for entry in part.function(employee, start, end)]
    return sorted(found, key=lambda entry: (entry.starts_at, entry.title))


# --- Rooms -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Booking:
    """A room of the dealer that something is to be in from one time to another. `key` names it as an `Entry` does; `watcher` is the
    record of whoever watches over it, where one person may watch over several things in a room."""

    key: str
    title: str
    room: str
    starts_at: datetime
    ends_at: datetime
    url: str = ""
    watcher: int | None = None

    def is_in(self, room):
        """Rooms are words that people type: they are the same room when they read alike."""
        return bool(room) and folded(self.room).casefold() == folded(room).casefold()


def booking(function):
    """`function(dealer, start, end)` gives the `Booking`s that overlap the time between the two; it stands in the room's `feed.py`."""
    return bookings.add(function)


def bookings_of(dealer, start, end):
    return [one for part in bookings for one in part.function(dealer, start, end)]


def clashing(wanted, booked):
    """Those of the `Booking`s that want the room of another one, `wanted`, while it is there."""
    others = (one for one in booked if one.key != wanted.key and one.is_in(wanted.room))
    others = (one for one in others if wanted.watcher is None or one.watcher != wanted.watcher)
    return [one for one in others if one.starts_at < wanted.ends_at and one.ends_at > wanted.starts_at]


# --- What a change touches -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """Someone is to go: on leave from `first` to `last`, or from `first` on to another place or for good (`last` is None)."""

    class Kind(TextChoices):
        LEAVE = "leave", _("Leave")
        MOVE = "move", _("Move")
        DEPARTURE = "departure", _("Departure")

    kind: str
    person: object
    first: date
    last: date | None = None
    dealer: object = None
    position: object = None

    @property
    def is_leave(self):
        return self.kind == self.Kind.LEAVE

    @property
    def leaves_dealer(self):
        return self.kind == self.Kind.DEPARTURE or (self.kind == self.Kind.MOVE and self.dealer != self.person.dealer)

    @property
    def leaves_post(self):
        """For another post or another dealer, or for good."""
        return self.leaves_dealer or (self.kind == self.Kind.MOVE and self.position != self.person.position)

    @property
    def leaves_track(self):
        """Whether the person is no longer one of their present track at their present dealer."""
        return self.leaves_dealer or (self.leaves_post and self.position.track != self.person.position.track)

    def during(self, path):
        """Lookups that hold for what happens on these days: `during("on")`, `during("opens_at__date")`."""
        return {f"{path}__gte": self.first} | ({f"{path}__lte": self.last} if self.last else {})


@dataclass(frozen=True)
class Effect:
    """One thing that would be left open, and in `text` what becomes of it."""

    title: str | Promise
    text: str | Promise = ""
    url: str = ""


def effect(function):
    """`function(change, user)` gives the `Effect`s of a `Change` that `user`, who is about to record it, may see."""
    return effects.add(function)


def effects_of(change, user):
    return [found for part in effects for found in part.function(change, user)]


def digest_of(found):
    """Two lists of effects with the same digest say the same; of none it is empty. What was shown is what was confirmed."""
    return sha256(repr([(str(one.title), one.url) for one in found]).encode()).hexdigest()[:20] if found else ""
