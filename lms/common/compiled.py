"""Querysets that are put into SQL once a process and not at every call: for the few statements that every page asks.

Django needs a millisecond or two in Python to make SQL of a queryset, often more than the database needs to answer it.

    @compiled
    def unread(*, user):
        return Notice.objects.filter(recipient=user, read_at=None)

    unread(user=request.user.pk)  # a list

What is given by keyword are plain values (numbers, texts, days, times): the parameters of the statement, new at each call. A condition
(`scope=dealer_scope(user)`) gives its values to these and its lookups to the shape; it may hold nothing (`Q(pk__in=[])`), which gives no
rows without a statement. What is given by position decides the shape as it
is, such as a language or a track: a statement is kept for each, so there must be few of them.
The function builds the queryset from stand-ins for the values, so it may hand them to lookups and do nothing else with them.

PostgreSQL, too, parses and plans such a statement once a connection (`prepared`), which takes two thirds off what it costs there.
"""

from contextlib import contextmanager
from copy import copy
from functools import wraps

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Expression, Q, Value

NOTHING = ""  # in the form of a condition, the name of a list without values


@contextmanager
def prepared(connection):
    """What is asked within is prepared by PostgreSQL from the second time on, and its values travel apart from it.

    Not for everything: values that travel apart have to be typed by the statement, and are at most 65,535.
    """
    # Where statements are logged they are to be read with their values, and a prepared one tells neither.
    if connection.vendor != "postgresql" or not settings.PREPARED_STATEMENTS or connection.queries_logged:
        yield
        return
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    raw = connection.connection
    usual = raw.cursor_factory
    raw.cursor_factory, raw.prepare_threshold = ServerBindingCursor, 1
    try:
        yield
    finally:
        raw.cursor_factory, raw.prepare_threshold = usual, None


class Given(Expression):
    """The place of a value in a statement; of the kind of `example`, the first value that came."""

    def __init__(self, name, example):
        super().__init__(Value(example).output_field)
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def filled(self, values, connection):
        return self.output_field.get_db_prep_value(values[self.name], connection)


class _Statement:
    def __init__(self, queryset):
        self.queryset = queryset
        self.compiler = queryset.query.get_compiler(queryset.db)
        try:
            self.sql, self.params = self.compiler.as_sql()
        except EmptyResultSet:
            self.sql = ""  # nothing can be found, whatever the values
            return
        self.converters = self.compiler.get_converters([column for column, *_sql in self.compiler.select])

    def rows(self, values):
        if not self.sql:
            return []
        compiler, found = copy(self.compiler), self.queryset.all()
        compiler.connection = connections[found.db]
        params = tuple(one.filled(values, compiler.connection) if isinstance(one, Given) else one for one in self.params)
        compiler.as_sql = lambda *_args, **_kwargs: (self.sql, params)
        compiler.get_converters = lambda _columns: self.converters
        found.query.get_compiler = lambda *_args, **_kwargs: compiler
        with prepared(compiler.connection):
            return list(found)


def compiled(build):
    """Turns a function that builds a queryset into one that gives its rows as a list."""
    statements: dict[tuple, _Statement] = {}

    @wraps(build)
    def rows(*shape, **given):
        values = {name: value for name, value in given.items() if not isinstance(value, Q)}
        forms = {name: _form(value, values) for name, value in given.items() if isinstance(value, Q)}
        if None in values.values():
            raise TypeError("Nothing equals NULL in SQL, so None can be no value of a compiled queryset.")
        key = shape, tuple(forms.items())
        if key not in statements:
            places = {name: Given(name, value) for name, value in values.items()}
            parts = {name: _condition(forms[name], places) if name in forms else places[name] for name in given}
            statements[key] = _Statement(build(*shape, **parts))
        return statements[key].rows(values)

    return rows


def _form(condition, values):
    """The condition without its values, which are put to the others under names of their own."""
    children = []
    for child in condition.children:
        if isinstance(child, Q):
            children.append(_form(child, values))
        elif child[1] in ([], (), set()):
            children.append((child[0], NOTHING))
        else:
            lookup, values[f"{lookup} {len(values)}"] = child
            children.append((lookup, next(reversed(values))))
    return condition.connector, condition.negated, tuple(children)


def _condition(form, places):
    connector, negated, children = form
    parts = [_condition(child, places) if isinstance(child[1], bool) else (child[0], _place(child[1], places)) for child in children]
    return Q(*parts, _connector=connector, _negated=negated)


def _place(name, places):
    return [] if name == NOTHING else places[name]
