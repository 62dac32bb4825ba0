"""How a database keeps triggers: what is there, and the statements that make and drop one. The rules stand in `triggers`."""

from dataclasses import dataclass

# The latest day that it is anywhere. A database knows its own day, London's, and no dealer's; a trigger is not to be late.
TODAY = {
    "sqlite": "date('now', '+14 hours')",
    "postgresql": "CAST(CURRENT_TIMESTAMP AT TIME ZONE 'UTC' + INTERVAL '14 hours' AS date)",
}


@dataclass(frozen=True)
class Found:
    definition: object
    is_on: bool = True


def of(connection):
    return {"sqlite": Sqlite, "postgresql": Postgresql}[connection.vendor]


class Sqlite:
    """The SQL text of a trigger is kept as it was written, and cannot be switched off."""

    @staticmethod
    def found(cursor):
        cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {(table, name): Found(sql) for table, name, sql in cursor.fetchall()}

    @staticmethod
    def definition(trigger):
        condition = trigger.condition.replace("IS DISTINCT FROM", "IS NOT").replace("TODAY", TODAY["sqlite"])
        return (
            f"CREATE TRIGGER {trigger.stored_name} BEFORE {trigger.event} ON {trigger.table} FOR EACH ROW WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{_quoted(trigger.message)}'); END"
        )

    @classmethod
    def create(cls, cursor, trigger):
        cls.drop(cursor, trigger.table, trigger.stored_name)
        cursor.execute(cls.definition(trigger))

    @staticmethod
    def drop(cursor, table, name):
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")

    @staticmethod
    def tidy(cursor, is_needed):
        """There is nothing beside the triggers themselves."""


class Postgresql:
    """A trigger is a function of the same name and what calls it, before each row."""

    BEFORE_EACH_ROW = 1 | 2
    EVENTS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16}  # pg_trigger.tgtype

    @classmethod
    def found(cls, cursor):
        cursor.execute(
            "SELECT c.relname, t.tgname, p.proname, t.tgtype, p.prosrc, t.tgenabled IN ('O', 'A') FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
        )
        return {(table, name): Found((function, kind, body), is_on) for table, name, function, kind, body, is_on in cursor.fetchall()}

    @classmethod
    def definition(cls, trigger):
        return trigger.stored_name, cls.BEFORE_EACH_ROW | cls.EVENTS[trigger.event], cls.body(trigger)

    @staticmethod
    def body(trigger):
        row = "OLD" if trigger.event == "DELETE" else "NEW"
        message = _quoted(trigger.message).replace("%", "%%")
        condition = trigger.condition.replace("TODAY", TODAY["postgresql"])
        return f" BEGIN IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF; RETURN {row}; END "

    @classmethod
    def create(cls, cursor, trigger):
        name, table = trigger.stored_name, trigger.table
        cursor.execute(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${cls.body(trigger)}$$")
        cls.drop(cursor, table, name)  # one that was switched off would stay so
        cursor.execute(f"CREATE TRIGGER {name} BEFORE {trigger.event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")

    @staticmethod
    def drop(cursor, table, name):
        cursor.execute(f'DROP TRIGGER IF EXISTS {name} ON "{table}"')

    @staticmethod
    def tidy(cursor, is_needed):
        """Drop the functions of triggers that are gone."""
        cursor.execute(
            "SELECT p.proname FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace AND p.prorettype = 'trigger'::regtype"
            " AND NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgfoid = p.oid)"
        )
        for (name,) in cursor.fetchall():
            if not is_needed(name):
                cursor.execute(f"DROP FUNCTION {name}()")


def _quoted(text):
    return text.replace("'", "''")
