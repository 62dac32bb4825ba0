"""Databases of earlier releases: unpacking one, copying it to PostgreSQL as it was, and what must be the same in it afterwards."""

import json
import lzma
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import psycopg
from django.apps import apps

from assessments.questions.kinds.response import response_of

ROOT = Path(__file__).parents[2]
# What people have earned, were promised and did. Everything that stood in these columns stands there after any migration.
PRECIOUS = [
    "audit_event", "certification_certificate", "certification_oemcertificate", "checks_check", "checks_checkanswer", "exams_answer",
    "exams_attempt", "exams_attemptevent", "exams_paper", "exams_paperitem", "grading_award", "grading_candidacy", "grading_panelmember",
    "learning_completion", "learning_enrolment", "pay_band", "pay_bandtable", "pay_paychange", "pay_payrollexport", "people_employee",
    "people_employmentevent", "practicals_sheet", "practicals_sheetmark", "questions_questionversion", "training_attendance",
    "training_attendancecorrection", "training_holiday", "training_reflection",
]  # fmt: skip
# {table of then: (its name now, {column of then: its name now})}
MOVED = {
    "grading_award": ("grading_leveldecision", {"awarded_at": "decided_at", "awarded_by_id": "decided_by_id"}),
    "pay_paychange": ("pay_paychange", {"award_id": "decision_id"}),
    "practicals_sheet": ("practicals_scoresheet", {}),
    "training_holiday": ("people_holiday", {}),
}
# {table of then: {column that became rows: (SQL that finds its value by the row of then, its kind)}}
RESULT = (
    "(SELECT r.{0} FROM grading_componentresult r JOIN grading_component c ON c.id = r.component_id"
    " WHERE r.candidacy_id = grading_candidacy.id AND r.voided_at IS NULL AND c.kind = '{1}')"
)
BECAME_ROWS = {
    "grading_candidacy": {
        "paper_id": (RESULT.format("paper_id", "theory"), "BigIntegerField"),
        "practical_id": (RESULT.format("practical_id", "practical"), "BigIntegerField"),
        "theory_score": (RESULT.format("score", "theory"), "DecimalField"),
        "practical_score": (RESULT.format("score", "practical"), "DecimalField"),
    },
}
# In version 0.1 one and the same answer had several shapes; what was answered stays.
RESPONSES = {"exams_answer", "checks_checkanswer"}
# Tables that no model stands for any more; they go in the next release.
GONE = {
    "exams_answer": {"response": "JSONField", "saved_at": "DateTimeField", "points": "DecimalField"},
    "checks_checkanswer": {"response": "JSONField", "right": "BooleanField"},
}
# Built by SQLite or PostgreSQL for its own kind of search; made anew by `manage.py update_index`.
SEARCH = re.compile(r"sqlite_|wagtailsearch_indexentry")


def find_folder():
    """The shared folder stands beside the repository, or beside the worktrees of one."""
    around = [parent / "shared/fixtures/databases" for parent in ROOT.parents]
    return next((folder for folder in around if folder.is_dir()), ROOT.parent / "shared/fixtures/databases")


def files():
    return sorted(find_folder().glob("*.sqlite3.xz"))


def unpack(packed, folder):
    file = folder / packed.name.removesuffix(".xz")
    file.write_bytes(lzma.decompress(packed.read_bytes()))
    return file


def manage(url, folder, *command):
    """What a command of today's release says on that database."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    environment = inherited | {"LMS_DATABASE_URL": url, "LMS_DATA_DIR": str(folder), "LMS_LOG_LEVEL": "ERROR"}
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, f"{command[0]}\n{done.stdout[-3000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def run(url, folder, code):
    return manage(url, folder, "shell", "-v0", "--no-imports", "-c", code)


# -- what is in it


def connect(url):
    return sqlite3.connect(url.removeprefix("sqlite:///")) if url.startswith("sqlite:") else psycopg.connect(url)


def columns_in(file):
    """{table: its columns} of the precious tables, as the old database has them."""
    with closing(sqlite3.connect(file)) as old:
        return {table: [row[1] for row in old.execute(f"PRAGMA table_info({table})")] for table in PRECIOUS}


def fingerprint(url, columns, *, moved=False):
    """{table: its rows} by plain SQL, each value in one way of writing whichever database holds it; `moved`: by the names of now."""
    found = {}
    with closing(connect(url)) as database:
        for table, then in columns.items():
            now, renamed = MOVED.get(table, (table, {}))
            kinds = kinds_of(now)
            names = [renamed.get(name, name) for name in then]
            kinds = kinds | {old: kinds[new] for old, new in renamed.items()}
            names, place = (names, now) if moved else (then, table)
            elsewhere = BECAME_ROWS.get(table, {})
            kinds = kinds | {name: kind for name, (_sql, kind) in elsewhere.items()}
            chosen = ", ".join(elsewhere[name][0] if moved and name in elsewhere else _as_text(name, kinds) for name in names)
            rows = database.execute(f"SELECT {chosen} FROM {place} ORDER BY id").fetchall()
            kinds = kinds | ({"response": "response"} if table in RESPONSES else {})
            found[table] = [tuple(plain(value, kinds.get(name)) for value, name in zip(row, names, strict=True)) for row in rows]
    return found


def _as_text(name, kinds):
    return f'CAST("{name}" AS TEXT)' if kinds.get(name) == "JSONField" else f'"{name}"'


def kinds_of(table):
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table == table:
            return {field.column: field.get_internal_type() for field in model._meta.local_concrete_fields}
    return GONE[table]


def plain(value, kind):
    if value is None:
        return None
    if kind == "response":
        return json.dumps(response_of(json.loads(value)))
    if kind == "JSONField":
        return json.dumps(json.loads(value), sort_keys=True)
    if kind == "DecimalField":
        return f"{Decimal(str(value)).normalize():f}"
    if kind == "BooleanField":
        return bool(value)
    if kind == "DateTimeField":
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def same(before, after):
    """Sentences about what differs; none where everything is as before."""
    for table, rows in before.items():
        gone, new = set(rows) - set(after[table]), set(after[table]) - set(rows)
        if gone or new or len(rows) != len(after[table]):
            yield f"{table}: {len(gone)} rows gone, {len(new)} new; for instance {sorted(gone, key=str)[:2]} → {sorted(new, key=str)[:2]}"


# What was answered and what it earned: (attempt or try, version, sequence, response, saved, points or share), as it was and as it is.
ANSWERED = {
    "exams": (
        """SELECT a.attempt_id, i.version_id, a.sequence, CAST(a.response AS TEXT), a.saved_at, a.points
             FROM exams_answer a JOIN exams_paperitem i ON i.id = a.item_id""",
        """SELECT t.id, r.version_id, r.sequence, CAST(r.response AS TEXT), r.saved_at, i.points * m.earned * 1.0 / m.possible
             FROM answers_response r JOIN exams_attempt t ON t.sheet_id = r.sheet_id
             JOIN exams_paperitem i ON i.paper_id = t.paper_id AND i.version_id = r.version_id
             LEFT JOIN answers_mark m ON m.response_id = r.id""",
    ),
    "checks": (
        """SELECT c.id, a.version_id, 1, CAST(a.response AS TEXT), c.taken_at, CASE WHEN a."right" THEN 1 ELSE 0 END
             FROM checks_checkanswer a JOIN checks_check c ON c.id = a.check_taken_id""",
        """SELECT c.id, r.version_id, r.sequence, CAST(r.response AS TEXT), r.saved_at, m.earned * 1.0 / m.possible
             FROM answers_response r JOIN checks_check c ON c.sheet_id = r.sheet_id LEFT JOIN answers_mark m ON m.response_id = r.id""",
    ),
}
ANSWER = (None, None, None, "response", "DateTimeField", "DecimalField")


def answered(url, room):
    """(as version 0.1 wrote it, as it stands on the answer sheets), in one order."""
    with closing(connect(url)) as database:
        for sql in ANSWERED[room]:
            rows = database.execute(sql).fetchall()
            yield sorted((tuple(plain(value, kind) for value, kind in zip(row, ANSWER, strict=True)) for row in rows), key=str)


# -- the copy on PostgreSQL

# Up to the last migration of each app that was applied then; an earlier one as a target would mean: go back to it.
STATE = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor, applied = MigrationExecutor(connection), set({applied!r})
nodes = executor.loader.graph.node_map
is_last = lambda key: not any(child.key in applied and child.key[0] == key[0] for child in nodes[key].children)
executor.migrate([key for key in applied if key in nodes and is_last(key)])
"""


def build_as_then(file, url, folder):
    """An empty database on PostgreSQL, migrated as far as the old one was."""
    with closing(sqlite3.connect(file)) as old:
        run(url, folder, STATE.format(applied=old.execute("SELECT app, name FROM django_migrations").fetchall()))


def fill(file, url):
    """The rows, sequences and triggers of the old database."""
    with closing(sqlite3.connect(file)) as old:
        with psycopg.connect(url) as new:
            new.execute("SET TIME ZONE 'UTC'")
            tables = [name for (name,) in old.execute("SELECT name FROM sqlite_master WHERE type = 'table'") if not SEARCH.match(name)]
            new.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
            for table in tables:
                copy_table(old, new, table)
        with psycopg.connect(url) as new:
            for (sql,) in old.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(ABORT, %'").fetchall():
                create_trigger(new, sql)


def copy_table(old, new, table):
    kinds = dict(new.execute("SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s", [table]).fetchall())
    columns = [row[1] for row in old.execute(f"PRAGMA table_info({table})")]
    named = ", ".join(f'"{column}"' for column in columns)
    booleans = [place for place, column in enumerate(columns) if kinds[column] == "boolean"]
    with new.cursor().copy(f"COPY {table} ({named}) FROM STDIN") as copy:
        for row in old.execute(f"SELECT {named} FROM {table}"):
            values = list(row)
            for place in booleans:
                values[place] = None if values[place] is None else bool(values[place])
            copy.write_row(values)
    if kinds.get("id") in {"bigint", "integer"}:
        sequence = f"pg_get_serial_sequence('{table}', 'id')"
        new.execute(f"SELECT setval({sequence}, (SELECT max(id) FROM {table})) WHERE EXISTS (SELECT 1 FROM {table})")


def create_trigger(new, sql):
    """A trigger of the first release in PostgreSQL's way, under its name of then."""
    shape = r"CREATE TRIGGER (\w+) BEFORE (\w+) ON (\w+) FOR EACH ROW WHEN (.*) BEGIN SELECT RAISE\(ABORT, '(.*)'\); END"
    name, event, table, condition, message = re.fullmatch(shape, sql, flags=re.S).groups()
    row = "OLD" if event == "DELETE" else "NEW"
    body = f"BEGIN IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF; RETURN {row}; END"
    new.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$")
    new.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
