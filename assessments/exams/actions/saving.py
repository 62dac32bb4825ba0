"""Saving answers: the one request that a thousand candidates send all at once, so it is a single statement.

Acknowledged means committed. The statement adds an answer only while the attempt runs by the server's clock, belongs to the person,
and holds the item; and only where no answer of as high a sequence number is there (`assessments.answers`). On PostgreSQL it locks the
attempt's row FOR SHARE: handing in waits for the answers under way, and an answer that comes after it finds the attempt closed.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import connection
from django.utils.translation import gettext as _

from assessments.answers.actions import append_responses
from assessments.answers.chain import as_text
from assessments.answers.models import MOST_RESPONSES
from assessments.answers.queries import given, is_full
from assessments.exams.actions.attempts import AttemptOver, TooLate
from assessments.exams.models import Attempt
from assessments.exams.queries import is_over
from assessments.questions.kinds.response import response_of
from assessments.questions.marking import note
from lms.common.states import Refused
from lms.people.permissions import employee_of

LONGEST_RESPONSE = 2000  # characters of JSON
MOST_ANSWERS = 300  # of one message: the whole paper of someone long offline
HIGHEST_SEQUENCE = 2**63 - 1

# Which of the items sent may be answered now; and of the rows added the item, until when one may go on, and what was asked.
_ASKED = """
SELECT sent.ref, attempt.sheet_id, item.version_id
  FROM exams_attempt attempt
  JOIN exams_paper paper ON paper.id = attempt.paper_id
  JOIN exams_sitting sitting ON sitting.id = paper.sitting_id
  JOIN exams_paperitem item ON item.paper_id = paper.id
  JOIN sent ON sent.ref = item.id
 WHERE attempt.id = %s AND paper.candidate_id = %s AND attempt.status = 'in_progress' AND {in_time}
 {lock}
"""
_RETURNING = """
    (SELECT item.id FROM exams_paperitem item JOIN exams_attempt attempt ON attempt.paper_id = item.paper_id
      WHERE attempt.id = %s AND item.version_id = answers_response.version_id),
    sequence,
    (SELECT ends_at FROM exams_attempt WHERE id = %s),
    (SELECT content FROM questions_questionversion version WHERE version.id = answers_response.version_id),
    (SELECT visit FROM exams_attempt WHERE id = %s)
"""
_POSTGRESQL = {
    "in_time": "attempt.ends_at + sitting.grace_seconds * interval '1 second' >= %s",
    "lock": "FOR SHARE OF attempt",
}
_SQLITE = {
    # both sides as SQLite's own text of a moment, in UTC
    "in_time": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', attempt.ends_at, '+' || sitting.grace_seconds || ' seconds') >= "
    "strftime('%%Y-%%m-%%d %%H:%%M:%%f', %s)",
    "lock": "",
}


class NoSuchAttempt(Refused):
    """Not an attempt of this person."""


class SheetFull(Refused):
    """The answers were changed more often than anybody does; what stands stays."""


@dataclass(frozen=True)
class Saved:
    """What was acknowledged: when, until when one may go on, and by item the sequence number that now stands.

    `visit` is that of the page that was opened last: another one may not know yet that it isn't.
    `notes` says by item what is amiss with an answer that can still be mended; it is kept as it is.
    """

    saved_at: datetime
    ends_at: datetime
    visit: int
    sequences: dict
    notes: dict = field(default_factory=dict)


def save_answer(*, attempt_id, item_id, sequence, response, by, at):
    """Keep one answer. The same message again, or an older one, changes nothing and is acknowledged with what stands."""
    return save_answers(attempt_id=attempt_id, answers=[(item_id, sequence, response)], by=by, at=at)


def save_answers(*, attempt_id, answers, by, at):
    """Keep several answers, `(item's pk, sequence, response)` each. Raises `TooLate` when the time is over; then none was kept."""
    answers = checked(answers)
    employee = employee_of(by)
    candidate_id = employee.pk if employee else None
    rows = _write(attempt_id, candidate_id, answers, at)
    sequences = {item: sequence for item, sequence, *_rest in rows}
    notes = _notes(answers, [(item, json.loads(content)) for item, _sequence, _ends_at, content, _visit in rows])
    if len(rows) == len(answers):
        return Saved(at, _aware(rows[0][2]), rows[0][4], sequences, notes)
    return _explain(attempt_id, candidate_id, answers, sequences, notes, at)


def _notes(answers, contents):
    found = {item: note(content, json.loads(answers[item][1])) for item, content in contents}
    return {item: words for item, words in found.items() if words}


def checked(answers):
    """{item: (sequence, response as text)}, the newest of each, after a look at whether they make sense."""
    newest = {}
    for item, sequence, response in answers:
        if not _is_id(item) or not _is_id(sequence):
            raise Refused(_not_understood())
        text = _text(response)
        if len(text) > LONGEST_RESPONSE or "\\u0000" in text:
            raise Refused(_("This answer is too long or holds signs that cannot be kept. Please shorten it."))
        if item in newest and sequence == newest[item][0] and text != newest[item][1]:
            raise Refused(_not_understood())
        if item not in newest or sequence > newest[item][0]:
            newest[item] = (sequence, text)
    if not 0 < len(newest) <= MOST_ANSWERS:
        raise Refused(_not_understood())
    return {item: newest[item] for item in sorted(newest)}  # always in one order, so that two batches cannot wait for each other


def _text(raw):
    try:
        return as_text(response_of(raw))
    except ValueError:
        raise Refused(_not_understood()) from None


def _not_understood():
    return _("This answer was not understood and was not saved. Please reload the page.")


def _elsewhere():
    return _("Another device saved another answer to this question at the same moment; yours was not kept. Reload to see what stands.")


def _full():
    return _(
        "Answers of this paper were changed %(times)d times, and no more changes are taken. What was saved before counts. "
        "This answer stays on this device; tell the invigilator now."
    ) % {"times": MOST_RESPONSES}


def _is_id(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= HIGHEST_SEQUENCE


def _write(attempt_id, candidate_id, answers, at):
    asked = _ASKED.format(**(_POSTGRESQL if connection.vendor == "postgresql" else _SQLITE))
    return append_responses(
        asked=asked,
        asked_values=[attempt_id, candidate_id, connection.ops.adapt_datetimefield_value(at)],
        returning=_RETURNING,
        returning_values=[attempt_id, attempt_id, attempt_id],
        sent=[(item, sequence, text) for item, (sequence, text) in answers.items()],
        at=at,
    )


def _aware(moment):
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # SQLite leaves out that it is UTC


def _explain(attempt_id, candidate_id, answers, sequences, notes, at):
    """Some were not written. Fine where as new an answer stands already (a repeated or overtaken message), else say why."""
    attempt = Attempt.objects.filter(pk=attempt_id, paper__candidate=candidate_id).select_related("paper__sitting").first()
    if attempt is None:
        raise NoSuchAttempt(_("This is the paper of someone else; nothing was saved."))
    items = attempt.paper.items.filter(pk__in=list(answers)).values_list("pk", "version_id", "version__content")
    there = given([attempt.sheet_id], marked=False)[attempt.sheet_id]
    rows = [(item, there[version], content) for item, version, content in items if version in there]
    stands = {item: (one.sequence, as_text(one.response)) for item, one, _content in rows}
    clashes = [item for item, sent in answers.items() if item in stands and stands[item][0] == sent[0] and stands[item] != sent]
    missing = [item for item, sent in answers.items() if item not in stands or stands[item][0] < sent[0]]
    if not missing and not clashes:
        same = [(item, content) for item, _one, content in rows if stands[item][1] == answers[item][1]]
        standing = {item: stood[0] for item, stood in stands.items()}
        return Saved(at, attempt.ends_at, attempt.visit, sequences | standing, notes | _notes(answers, same))
    if attempt.status == Attempt.Status.VOIDED:
        raise AttemptOver(_("This attempt was voided: %(reason)s Please speak to the invigilator.") % {"reason": attempt.voided_reason})
    if attempt.status == Attempt.Status.IN_PROGRESS and not is_over(attempt, at):
        if missing and is_full(attempt.sheet_id):
            raise SheetFull(_full())
        raise Refused(_elsewhere() if clashes else _not_understood())  # a question of another paper
    raise TooLate(_("The time is over or the paper was handed in; this answer came too late to be kept. What was saved before counts."))
