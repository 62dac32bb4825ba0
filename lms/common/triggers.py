"""Rules that the database itself holds and that no CHECK constraint can say, for SQLite and PostgreSQL alike.

A trigger refuses the row when `condition` is true. It is put back after every `migrate` and taken away before it, because
SQLite rebuilds a table to alter it and would lose, or stumble over, the triggers on it.
"""

from dataclasses import dataclass

from django.db import connections

# The latest day that it is anywhere. A database knows its own day, London's, and no dealer's; a trigger is not to be late.
TODAY = {
    "sqlite": "date('now', '+14 hours')",
    "postgresql": "CAST(CURRENT_TIMESTAMP AT TIME ZONE 'UTC' + INTERVAL '14 hours' AS date)",
}


@dataclass(frozen=True)
class Trigger:
    """`condition` is SQL that both databases understand, over NEW, OLD and TODAY; `message` is what the refusal says."""

    name: str
    table: str
    event: str  # INSERT | UPDATE | DELETE
    condition: str
    message: str

    def create(self, vendor):
        message, condition = self.message.replace("'", "''"), self.condition.replace("TODAY", TODAY[vendor])
        if vendor == "sqlite":
            return [
                f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} FOR EACH ROW WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            ]
        row = "OLD" if self.event == "DELETE" else "NEW"
        return [
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {condition} THEN RAISE EXCEPTION '{message.replace('%', '%%')}' USING ERRCODE = 'check_violation'; END IF; "
            f"RETURN {row}; END $$",
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} FOR EACH ROW EXECUTE FUNCTION {self.name}()",
        ]

    def drop(self, vendor):
        on = f" ON {self.table}" if vendor == "postgresql" else ""
        return f"DROP TRIGGER IF EXISTS {self.name}{on}"


_registry: list[Trigger] = []


def register(*triggers):
    for trigger in triggers:
        if trigger not in _registry:
            _registry.append(trigger)


def registered():
    return tuple(_registry)


def append_only(table, word):
    """Two triggers that make `table` one whose rows are added and never edited or deleted."""
    return tuple(
        Trigger(f"{table}_no_{event.lower()}", table, event, "1 = 1", f"{word} are only ever added to") for event in ("UPDATE", "DELETE")
    )


def present(using="default"):
    """The names of the registered triggers that the database holds."""
    connection = connections[using]
    sql = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        names = {name for (name,) in cursor.fetchall()}
    return {trigger.name for trigger in _registry} & names


def drop_all(using="default", **kwargs):
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for trigger in _registry:
            if trigger.table in tables:
                cursor.execute(trigger.drop(connection.vendor))


def create_all(using="default", **kwargs):
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    drop_all(using)
    with connection.cursor() as cursor:
        for trigger in _registry:
            if trigger.table in tables:
                for statement in trigger.create(connection.vendor):
                    cursor.execute(statement)
