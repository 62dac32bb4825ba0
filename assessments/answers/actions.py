"""Writing down what is given and what it earned. Both are only ever added to."""

import random
import time

from django.db import IntegrityError, connection

from assessments.answers import chain
from assessments.answers.models import MOST_RESPONSES, AnswerSheet, Mark, Response
from assessments.questions.kinds.registry import kind_of
from lms.common.compiled import prepared

BATCH = 1000
MOST_TRIES = 60  # of a save that meets others of the same sheet in the same millisecond

# One statement: what is sent, of it what may be given now, of that what is new, its links to the last row, and the rows.
_APPEND = """
WITH RECURSIVE sent (ref, sequence, response) AS (VALUES {rows}),
asked AS ({asked}),
fresh AS (
    SELECT row_number() OVER (ORDER BY sent.ref) AS place, asked.sheet_id, asked.version_id, sent.sequence, sent.response,
           {hash_open}asked.sheet_id || '/' || asked.version_id || '/' || sent.sequence || '/' || %s || '/' || sent.response{hash_close}
           AS digest
      FROM asked JOIN sent ON sent.ref = asked.ref
     WHERE NOT EXISTS (SELECT 1 FROM answers_response there
                        WHERE there.sheet_id = asked.sheet_id AND there.version_id = asked.version_id AND there.sequence >= sent.sequence)
),
head AS (
    SELECT number, chain FROM answers_response WHERE sheet_id = (SELECT sheet_id FROM fresh LIMIT 1) ORDER BY number DESC LIMIT 1
),
linked AS (
    SELECT place, COALESCE((SELECT number FROM head), 0) + 1 AS number,
           {hash_open}COALESCE((SELECT chain FROM head), '') || digest{hash_close} AS chain
      FROM fresh WHERE place = 1
     UNION ALL
    SELECT fresh.place, linked.number + 1, {hash_open}linked.chain || fresh.digest{hash_close}
      FROM linked JOIN fresh ON fresh.place = linked.place + 1
)
INSERT INTO answers_response (sheet_id, version_id, number, sequence, response, saved_at, digest, chain)
SELECT fresh.sheet_id, fresh.version_id, linked.number, fresh.sequence, {response}, {time}, fresh.digest, linked.chain
  FROM linked JOIN fresh ON fresh.place = linked.place
 WHERE linked.number <= {most}
RETURNING {returning}
"""
_POSTGRESQL = {
    "row": "(CAST(%s AS bigint), CAST(%s AS bigint), CAST(%s AS text))",
    "hash_open": "encode(sha256(convert_to(",
    "hash_close": ", 'UTF8')), 'hex')",
    "response": "CAST(NULLIF(fresh.response, 'null') AS jsonb)",
    "time": "CAST(%s AS timestamptz)",
}
_SQLITE = {"row": "(%s, %s, %s)", "hash_open": "SHA256(", "hash_close": ")", "response": "NULLIF(fresh.response, 'null')", "time": "%s"}


def append_responses(*, asked, asked_values, returning, returning_values, sent, at):
    """Add what was `sent`, `(ref, sequence, response as text)` each, in one statement; gives what is `returning` of the rows added.

    `asked` is the caller's SQL: it selects `ref, sheet_id, version_id` of what may be answered at this moment, out of `sent`, all of one
    sheet. A response whose sequence is not above that of the newest to the same question is left out, and what a full sheet has no
    room for. Two that save to one sheet in the
    same moment are told apart by the number of the row: the second is turned away by the database, and tries again behind the first.
    """
    parts = _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
    filled = {name: parts[name] for name in ("hash_open", "hash_close", "response", "time")}
    sql = _APPEND.format(rows=", ".join([parts["row"]] * len(sent)), asked=asked, returning=returning, most=MOST_RESPONSES, **filled)
    moment = connection.ops.adapt_datetimefield_value(at)
    values = [value for one in sent for value in one]
    values += [*asked_values, chain.microseconds(at), moment, *returning_values]
    for _try in range(MOST_TRIES):
        try:
            with prepared(connection), connection.cursor() as cursor:
                cursor.execute(sql, values)
                return cursor.fetchall()
        except IntegrityError:
            if connection.in_atomic_block:
                raise
            time.sleep(random.random() / 500)  # noqa: S311
    raise TimeoutError("Others wrote to this answer sheet all the while.")


def open_sheet(*, person, at):
    return AnswerSheet.objects.create(person=person, opened_at=at)


def chained(sheet_id, given, before=""):
    """The first rows of a sheet, not yet in the database: `given` are `(version's pk, sequence, response, saved_at)` in their order."""
    for number, (version, sequence, response, saved_at) in enumerate(given, start=1):
        link = chain.link(before, sheet=sheet_id, version=version, sequence=sequence, saved_at=saved_at, response=response)
        before = link.chain
        values = {"version_id": version, "sequence": sequence, "response": response, "saved_at": saved_at}
        yield Response(sheet_id=sheet_id, number=number, **values, digest=link.digest, chain=link.chain)


def fill_sheet(*, person, responses, at):
    """A sheet that is answered all at once: `responses` by version's pk, in their order. Returns the rows."""
    sheet = open_sheet(person=person, at=at)
    given = [(version, 1, response, at) for version, response in responses.items()]
    return sheet, Response.objects.bulk_create(chained(sheet.pk, given))


def mark_of(response_id, version_id, content, share, at, reason=""):
    """A mark by the rule of the question's kind, not yet in the database; `version_id` is that whose key it goes by."""
    parts = {"earned": share.numerator, "possible": share.denominator, "reason": reason}
    return Mark(response_id=response_id, key_id=version_id, rule=kind_of(content).rule, marked_at=at, **parts)


def add_marks(marks):
    return Mark.objects.bulk_create(marks, batch_size=BATCH)
