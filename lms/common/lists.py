"""The one list: filters, sorting, paging, all of it in the URL, an empty state, Excel and CSV. Every list page uses it.

    class PeopleList(List):
        name = "people"
        columns = [Column("name", _("Name"), sort="name", link=lambda p: reverse("person", args=[p.pk])), …]
        filterset = PeopleFilter            # a django_filters.FilterSet, or None

    def people(request):
        return PeopleList(request, employees_visible_to(request.user)).response("lms/people/people.html", {...})

The template includes `components/list.html` with `list=list`. The queryset must bring along (select_related, annotate) all that its
columns show: the number of queries must not grow with the number of rows. Rows may also be a plain Python list, then without filters
and sorting.

Files of more than `MOST_AT_ONCE` rows are made by a background job where the list says how to find its rows again:

        @staticmethod
        def records(user):
            return employees_visible_to(user)
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from django.http import HttpRequest, QueryDict
from django.shortcuts import redirect, render
from django.utils.encoding import force_str
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django_filters import CharFilter, FilterSet

from lms.common import paging
from lms.common.bilingual import listed
from lms.common.spreadsheets import table_response
from lms.common.typed import TextField

PER_PAGE = 30
MOST_AT_ONCE = 2000
MOST_COUNTED = 10_000
MOST_SAID = 40  # characters of what was asked for
KINDS = {"csv", "xlsx"}
SORTED = {"": "sort", "ascending": "chevron-up", "descending": "chevron-down"}  # the icon of a column's head
OWN_PARAMETERS = {"sort", "export", *paging.PLACES}

# Set by `lms.jobs`, which stands above this module: (list, kind) → the URL of a job that makes the file.
export_later: Callable | None = None


@dataclass(frozen=True)
class Column:
    """`value` takes a row and gives what is shown and exported; without it the attribute `name` (dots go deeper) is read.

    `sort` is the ORM field(s) to sort by, empty where the column can't be sorted. `link` gives a URL for the cell. `badge` gives the tone
    (good, warn, bad, accent, "") and shows the value as a badge. `exported=False` keeps it
    out of files (buttons), `shown=False` out of the page.
    """

    name: str
    label: str | Promise
    value: Callable | None = None
    sort: str | tuple = ()
    link: Callable | None = None
    badge: Callable | None = None
    numeric: bool = False
    money: bool = False
    exported: bool = True
    shown: bool = True

    def of(self, row):
        value = self.value(row) if self.value else attrgetter(self.name)(row)
        return "" if value is None else value

    @property
    def sort_fields(self):
        return (self.sort,) if isinstance(self.sort, str) and self.sort else tuple(self.sort)


@dataclass(frozen=True)
class Cell:
    column: Column
    value: object
    url: str
    tone: str | None

    @property
    def is_short(self):
        """A date, or a few characters, Chinese ones too: not to be broken over two lines."""
        return isinstance(self.value, date) or len(force_str(self.value)) <= 8


class WordsFilter(CharFilter):
    """Words to look for. What is kept as typed is asked for with `search.holding`, a number with `typed.folded`."""

    field_class = TextField


class List:
    name = "list"
    columns: list[Column] = []
    filterset: type[FilterSet] | None = None
    default_sort = ""  # a column's name, "-" before it for descending
    per_page = PER_PAGE
    most_counted = MOST_COUNTED  # to count all of a million rows takes longer than to show thirty
    empty_icon = "info"
    empty_title: str | Promise = ""
    empty_text: str | Promise = ""

    def __init__(self, request: HttpRequest, queryset):
        self.request, self.known = request, queryset
        self.filter = self.filterset(request.GET, queryset=queryset, request=request) if self.filterset else None
        self.queryset = self.filter.qs if self.filter else queryset
        names = {column.name: column for column in self.columns if column.sort}
        wanted = request.GET.get("sort", "")
        self.sort = next((sort for sort in (wanted, self.default_sort) if sort.removeprefix("-") in names), "")
        if self.sort:
            sign = "-" if self.sort.startswith("-") else ""
            fields = names[self.sort.removeprefix("-")].sort_fields
            self.queryset = self.queryset.order_by(*(sign + field for field in (*fields, "pk")))

    @property
    def not_understood(self):
        """What the address asks for and nobody knows, in sentences: it narrows and sorts nothing, which has to be said."""
        errors = self.filter.form.errors if self.filter else {}
        for name, said in errors.items():
            field = self.filter.form.fields[name]
            words = _("“%(value)s” cannot be chosen for “%(filter)s”, so it narrows nothing.")
            yield words % {"value": self._asked(name), "filter": field.label}
            if getattr(field, "says_why", False):
                yield from said
        wanted = self.request.GET.get("sort", "")
        if wanted and wanted != self.sort:
            yield _("The list cannot be sorted by “%(name)s”.") % {"name": wanted[:MOST_SAID]}
        if self.page.lost:
            yield _("The page “%(page)s” is not there, or no longer; the list begins anew.") % {"page": self.page.lost[:MOST_SAID]}

    def _asked(self, name):
        """What stands in the address for a filter; a range has two values there, by other names."""
        asked = self.request.GET
        values = asked.getlist(name) or [value for key, value in asked.items() if key.startswith(f"{name}_")]
        return listed(filter(None, values))[:MOST_SAID]

    @property
    def is_filtered(self):
        """Whether anything was chosen that the filter knows; a range goes by its name with _min or _after behind."""
        if not self.filter:
            return False
        chosen = (name for name, value in self.request.GET.items() if value and name not in OWN_PARAMETERS)
        return any(name == known or name.startswith(f"{known}_") for name in chosen for known in self.filter.filters)

    @property
    def query(self):
        """What the page's address asks for, without paging and export: the links to files keep it."""
        query = self.request.GET.copy()
        for name in (*paging.PLACES, "export"):
            query.pop(name, None)
        return query.urlencode()

    @property
    def heads(self):
        """The visible columns with what a click on their head asks for."""
        for column in self.columns:
            if column.shown:
                state = "ascending" if self.sort == column.name else "descending" if self.sort == f"-{column.name}" else ""
                sort = f"-{column.name}" if state == "ascending" else column.name
                yield {"column": column, "state": state, "sort": sort, "icon": SORTED[state]}

    @cached_property
    def page(self):
        return paging.page_of(self.queryset, self.known, self.request.GET, self.per_page)

    @property
    def count(self):
        """Of all rows, however many."""
        return len(self.queryset) if isinstance(self.queryset, list) else self.queryset.count()

    @cached_property
    def counted(self):
        """How many rows there are, as far as they are counted."""
        return self._up_to(self.most_counted + 1)

    @property
    def is_capped(self):
        """Whether there are more rows than are counted."""
        return self.counted > self.most_counted

    def _up_to(self, most):
        return min(self.count, most) if isinstance(self.queryset, list) else self.queryset.order_by().values("pk")[:most].count()

    @property
    def rows(self):
        for row in self.page.rows:
            yield {"row": row, "cells": [self._cell(column, row) for column in self.columns if column.shown]}

    @staticmethod
    def _cell(column, row):
        return Cell(column, column.of(row), column.link(row) if column.link else "", column.badge(row) if column.badge else None)

    @property
    def export_header(self):
        return [force_str(column.label) for column in self.columns if column.exported]

    def export_rows(self):
        columns = [column for column in self.columns if column.exported]
        rows = self.queryset if isinstance(self.queryset, list) else self.queryset.iterator(chunk_size=500)
        return ([column.of(row) for column in columns] for row in rows)

    def export(self, kind):
        if export_later and hasattr(self, "records") and self._up_to(MOST_AT_ONCE + 1) > MOST_AT_ONCE:
            return redirect(export_later(self, kind))
        return table_response(kind, self.name, self.export_header, self.export_rows())

    def response(self, template, context=None):
        kind = self.request.GET.get("export")
        if kind in KINDS:
            return self.export(kind)
        return render(self.request, template, {"list": self, **(context or {})})

    @classmethod
    def again(cls, user, query):
        """The list as `user` saw it under this query string; for a job, where there is no request."""
        request = HttpRequest()
        request.method, request.user, request.GET = "GET", user, QueryDict(query)
        return cls(request, cls.records(user))
