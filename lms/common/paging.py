"""Pages of a list, told by the row beside which they begin and not by a number: the last page of 50,000 rows costs what the first does,
and whoever comes in meanwhile moves nobody from one page to another.

An address says `after=KEY` or `before=KEY`, the key of a row, or `page=last`; without any of them it is the beginning. A key says
nothing of the row: names and pay stay out of addresses, and out of the logs that keep these.
"""

from dataclasses import dataclass

from django.core.exceptions import FieldDoesNotExist
from django.db import connections
from django.db.models import Q

from lms.common.outside import whole_number

PLACES = ("after", "before", "page")
BEGINNING, END = "1", "last"


@dataclass(frozen=True)
class Page:
    """`first` and `last` are the keys of the rows at its ends; `lost` is the place that the address asked for and that there is not."""

    rows: list
    first: object = None
    last: object = None
    has_previous: bool = False
    has_next: bool = False
    lost: str = ""

    @property
    def is_only(self):
        return not (self.has_previous or self.has_next)


def page_of(rows, known, asked, size):
    """The page that an address asks for (a QueryDict) of `rows`, a query or a plain list. The keys of a plain list are places in it.

    `known` are the rows among which the one is looked for beside which the page begins. They may be more than `rows`: that one may have
    been changed meanwhile, and fit the filters no more.
    """
    walk = _ListWalk(rows) if isinstance(rows, list) else _QueryWalk(rows, known)
    name = next((name for name in PLACES if asked.get(name)), "page")
    value = asked.get(name, BEGINNING)
    if name == "page":
        return _last(walk, size) if value == END else _first(walk, size, lost="" if value == BEGINNING else value)
    key = whole_number(value)
    place = None if key is None else walk.place(key)
    if place is None:
        return _first(walk, size, lost=value)
    page = _next(walk, size, place) if name == "after" else _previous(walk, size, place)
    if page.rows:
        return page
    return _last(walk, size) if name == "after" else _first(walk, size)  # what was beyond is gone


def _first(walk, size, lost=""):
    found = walk.after(None, size + 1)
    return _page(found[:size], has_next=len(found) > size, lost=lost)


def _last(walk, size):
    found = walk.before(None, size + 1)
    return _page(found[-size:], has_previous=len(found) > size)


def _next(walk, size, place):
    found = walk.after(place, size + 1)
    return _page(found[:size], has_previous=True, has_next=len(found) > size)


def _previous(walk, size, place):
    found = walk.before(place, size + 1)
    return _page(found[-size:], has_previous=len(found) > size, has_next=True)


def _page(found, **says):
    """`found` are pairs of key and row."""
    ends = {"first": found[0][0], "last": found[-1][0]} if found else {}
    return Page([row for _key, row in found], **ends, **says)


class _ListWalk:
    def __init__(self, rows):
        self.rows = rows

    def place(self, key):
        return key if key < len(self.rows) else None

    def after(self, place, most):
        start = 0 if place is None else place + 1
        return self._pairs(start, start + most)

    def before(self, place, most):
        end = len(self.rows) if place is None else place
        return self._pairs(max(0, end - most), end)

    def _pairs(self, start, end):
        return list(enumerate(self.rows[start:end], start))


class _QueryWalk:
    """By the values that the order goes by; the place of a row is a list of them."""

    def __init__(self, rows, known):
        self.order = order_of(rows)
        self.rows, self.known = rows, known

    def place(self, key):
        fields = [field.removeprefix("-") for field in self.order]
        return self.known.filter(pk=key).order_by().values_list(*fields).first()

    def after(self, place, most):
        return self._pairs(self.order, place, most)

    def before(self, place, most):
        return self._pairs(turned(self.order), place, most)[::-1]

    def _pairs(self, order, place, most):
        rows = self.rows if place is None else self.rows.filter(beyond(self.rows, order, place))
        return [(row.pk, row) for row in rows.order_by(*order)[:most]]


def order_of(rows):
    """The names that a query is ordered by, "-" before what descends; its key comes last, so that no two rows are equal."""
    order = list(rows.query.order_by or rows.model._meta.ordering)
    if any(name.removeprefix("-") in ("pk", "id") for name in order):
        return order
    return [*order, "-pk" if order and order[0].startswith("-") else "pk"]


def turned(order):
    return [name[1:] if name.startswith("-") else f"-{name}" for name in order]


def beyond(rows, order, place):
    """A condition: what comes after the row with these values.

    A bound on the first name alone goes before it: by that the database enters an index.
    """
    nulls_are_largest = connections[rows.db].features.nulls_order_largest
    steps = []
    for name, value in zip(order, place, strict=True):
        field, descends = name.removeprefix("-"), name.startswith("-")
        steps.append(_Step(field, value, "lt" if descends else "gt", descends != nulls_are_largest and may_be_null(rows, field)))
    found = NOTHING
    for step in reversed(steps):
        found = step.after | (step.same & found)
    return steps[0].bound & found


NOTHING = Q(pk__in=[])


@dataclass(frozen=True)
class _Step:
    field: str
    value: object
    lookup: str
    nulls_follow: bool

    @property
    def same(self):
        return self._empty(True) if self.value is None else Q(**{self.field: self.value})

    @property
    def after(self):
        if self.value is None:
            return NOTHING if self.nulls_follow else self._empty(False)
        return self._beyond(self.lookup)

    @property
    def bound(self):
        if self.value is None:
            return self._empty(True) if self.nulls_follow else Q()
        return self._beyond(f"{self.lookup}e")

    def _beyond(self, lookup):
        later = Q(**{f"{self.field}__{lookup}": self.value})
        return later | self._empty(True) if self.nulls_follow else later

    def _empty(self, is_empty):
        return Q(**{f"{self.field}__isnull": is_empty})


def may_be_null(rows, path):
    """Whether a name to order by is empty in some rows; of what the query computes this is not known."""
    model = rows.model
    for name in path.split("__"):
        try:
            field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        except FieldDoesNotExist:
            return True
        if field.null:
            return True
        model = field.related_model
    return False
