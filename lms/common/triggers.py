"""Rules that the database itself holds and that no CHECK constraint can say, for SQLite and PostgreSQL alike.

A trigger refuses the row when `condition` is true. In the database its name begins with `MARK`, by which ours are told from those of
Wagtail's search, also when no room registers them any more. `create_all` runs after every `migrate`: it adds what is missing, replaces
what differs, drops what is no longer registered, and touches nothing else. They stay on while a migration runs; SQLite's schema editor
sets aside those of a table that it rebuilds (`lms.common.sqlite`).
"""

import re
from contextlib import contextmanager
from dataclasses import dataclass

from django.apps import apps
from django.db import connections, models, transaction

from lms.common import trigger_store

MARK = "pitlane_"
# What version 0.1 called its triggers, before they were marked: found in its databases, and dropped there.
UNMARKED = frozenset({
    *(f"{table}_no_{event}" for table in ("audit_event", "grading_award", "questions_questionversion", "training_attendancecorrection")
      for event in ("delete", "update")),
    *(f"{table}_begun_no_{event}" for table in ("pay_band", "pay_bandtable") for event in ("delete", "update")),
    "grading_award_belongs_to_a_published_cycle", "grading_award_starts_from_the_level_reached",
    "pay_paychange_no_delete", "pay_paychange_terms_stand",
    "people_employee_service_level_is_awarded", "people_employee_starts_without_a_level", "people_employee_technical_level_is_awarded",
})  # fmt: skip
LONGEST_NAME = 63  # PostgreSQL cuts longer ones


@dataclass(frozen=True)
class Trigger:
    """`condition` is SQL that both databases understand, over NEW, OLD and TODAY; `message` is what the refusal says."""

    name: str
    table: str
    event: str  # INSERT | UPDATE | DELETE
    condition: str
    message: str

    @property
    def stored_name(self):
        return f"{MARK}{self.name}"


@dataclass(frozen=True)
class AppendOnly:
    """A table whose rows stay as they were written. An erasure of a person may blank the columns in `blankable`, never change them."""

    table: str
    word: str
    blankable: tuple[str, ...] = ()

    def triggers(self):
        says = f"{self.word} are only ever added to"
        yield Trigger(f"{self.table}_no_update", self.table, "UPDATE", self.edits() if self.blankable else "1 = 1", says)
        yield Trigger(f"{self.table}_no_delete", self.table, "DELETE", "1 = 1", says)

    def edits(self):
        """SQL that is true of every update but one that blanks."""
        fields = model_of(self.table)._meta.local_concrete_fields
        unknown = set(self.blankable) - {field.column for field in fields}
        if unknown:
            raise ValueError(f"{self.table} has no column {', '.join(sorted(unknown))}.")
        return " OR ".join(self._edit(field) for field in fields)

    def _edit(self, field):
        changed = f'NEW."{field.column}" IS DISTINCT FROM OLD."{field.column}"'
        if field.column not in self.blankable:
            return changed
        return f'({changed} AND NEW."{field.column}" IS DISTINCT FROM {blank_of(field)})'


def blank_of(field):
    if field.null:
        return "NULL"
    return "'{}'" if isinstance(field, models.JSONField) else "''"


def model_of(table):
    return next(model for model in apps.get_models(include_auto_created=True) if model._meta.db_table == table)


_registry: list[Trigger] = []
_append_only: dict[str, AppendOnly] = {}


def register(*triggers):
    for trigger in triggers:
        if len(trigger.stored_name) > LONGEST_NAME:
            raise ValueError(f"{trigger.stored_name} is longer than {LONGEST_NAME} letters.")
        if trigger not in _registry:
            _registry.append(trigger)


def registered():
    return tuple(_registry)


def append_only(table, word, blankable=()):
    """Two triggers that make `table` one whose rows are added and never edited or deleted, but for a blanking of `blankable`."""
    _append_only[table] = AppendOnly(table, word, tuple(blankable))
    return tuple(_append_only[table].triggers())


def append_only_tables():
    return tuple(_append_only[table] for table in sorted(_append_only))


def is_ours(name):
    return name.startswith(MARK) or name in UNMARKED


def wanted(connection):
    """{(table, stored name): trigger} of the tables that are there: while a fresh database is migrated, some are not yet."""
    tables = set(connection.introspection.table_names())
    return {(trigger.table, trigger.stored_name): trigger for trigger in _registry if trigger.table in tables}


def differences(using="default"):
    """What is not as it should be: {(table, stored name): missing | changed | disabled | stale}."""
    connection = connections[using]
    store = trigger_store.of(connection)
    with connection.cursor() as cursor:
        found = {key: state for key, state in store.found(cursor).items() if is_ours(key[1])}
    should_be = wanted(connection)
    states = {key: "missing" for key in should_be if key not in found} | {key: "stale" for key in found if key not in should_be}
    for key in should_be.keys() & found.keys():
        if found[key].definition != store.definition(should_be[key]):
            states[key] = "changed"
        elif not found[key].is_on:
            states[key] = "disabled"
    return states


def told(states):
    """`differences` as sentences for people: name, table, and what is the matter."""
    return [f"{name.removeprefix(MARK)} on {table}: {state}" for (table, name), state in sorted(states.items())]


def present(using="default"):
    """The names of the registered triggers that the database holds, on and as they should be."""
    wrong = differences(using)
    return {trigger.name for key, trigger in wanted(connections[using]).items() if key not in wrong}


def create_all(using="default", **kwargs):
    """Make the triggers in the database those that are registered; the second time it changes nothing."""
    _put_right(using, lambda table: True)


def _put_right(using, concerns):
    connection = connections[using]
    states, should_be, store = differences(using), wanted(connection), trigger_store.of(connection)
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for (table, name), state in states.items():
            if not concerns(table):
                continue
            if state == "stale":
                store.drop(cursor, table, name)
            else:
                store.create(cursor, should_be[table, name])
        store.tidy(cursor, is_needed=lambda name: not is_ours(name) or name in {stored for _table, stored in should_be})


def drop_all(using="default", **kwargs):
    """For tests that empty tables afterwards or break a rule by hand."""
    _drop(using, lambda table: True)


@contextmanager
def lifted(*tables, using="default"):
    """Without the triggers of these tables, for the data of a migration that must correct what they guard. Put back at the end."""
    with transaction.atomic(using=using):
        _drop(using, lambda table: table in tables)
        yield
        _put_right(using, lambda table: table in tables)  # those of others may speak of what a later migration makes


def forget(table, using="default"):
    """For a migration that renames `table`: those of ours that stand on it or speak of it go; the end of `migrate` makes them anew."""
    connection = connections[using]
    store = trigger_store.of(connection)
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for (on, name), found in store.found(cursor).items():
            if is_ours(name) and (on == table or speaks_of(str(found.definition), table)):
                store.drop(cursor, on, name)


def _drop(using, concerns):
    connection = connections[using]
    store = trigger_store.of(connection)
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for table, name in store.found(cursor):
            if is_ours(name) and concerns(table):
                store.drop(cursor, table, name)


def mentioning(cursor, table):
    """Of SQLite: {name: SQL} of our triggers that stand on `table` or look into it."""
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {name: sql for name, sql in cursor.fetchall() if is_ours(name) and speaks_of(sql, table)}


def speaks_of(sql, word):
    return re.search(rf"\b{re.escape(word)}\b", sql) is not None
