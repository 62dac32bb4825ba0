"""What a device still held when the time was over: kept, and counted by nobody yet (§4)."""

import json

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.answers.queries import given
from assessments.exams.actions.saving import NoSuchAttempt, checked
from assessments.exams.models import Attempt, AttemptEvent, Sitting
from lms.common.states import Refused
from lms.people.permissions import employee_of

MOST_TIMES = 20  # that one attempt's devices send something new; more says nothing more


@transaction.atomic
def keep_late_answers(*, attempt_id, answers, by, at):
    """Keep answers that came after the end, `(item's pk, sequence, response)` each, in the attempt's log. They change no score.

    What counts already, or was kept before, is not kept again. Once the results are fixed for signing, or shown with their solutions,
    nothing more is taken. Returns the numbers of the questions whose late answers are kept.
    """
    employee = employee_of(by)
    own = Attempt.objects.filter(pk=attempt_id, paper__candidate=employee and employee.pk)
    # The sitting before the attempt, as for a voiding: else each would wait for the other.
    sitting = Sitting.objects.select_for_update().filter(pk__in=own.values("paper__sitting")).first()
    attempt = own.select_for_update(of=("self",)).select_related("paper").first()
    if attempt is None:
        raise NoSuchAttempt(_not_yours())
    if attempt.status == Attempt.Status.IN_PROGRESS:
        raise Refused(_still_running())
    sent = {item: (sequence, json.loads(text)) for item, (sequence, text) in checked(answers).items()}
    items = {item.pk: item for item in attempt.paper.items.filter(pk__in=sent)}
    counts, kept = _counting(attempt), late_answers(attempt)
    new = [
        {"item": pk, "sequence": sequence, "response": response}
        for pk, (sequence, response) in sent.items()
        if pk in items and sequence > counts.get(items[pk].version_id, 0) and sequence > kept.get(pk, {"sequence": 0})["sequence"]
    ]
    if new and takes_no_more(sitting):
        raise Refused(_("The results of this exam are fixed already, so nothing more is taken. Speak to HR."))
    if new and attempt.events.filter(kind=AttemptEvent.Kind.LATE).count() < MOST_TIMES:
        AttemptEvent.objects.create(attempt=attempt, kind=AttemptEvent.Kind.LATE, at=at, data={"answers": new})
    return late_numbers(attempt)


def takes_no_more(sitting):
    """Whether the results are with the panel for signing, or everyone can read the solutions."""
    return sitting.sealed_at is not None or sitting.results_at is not None


def _counting(attempt):
    """{version: the sequence that counts}"""
    return {version: one.sequence for version, one in given([attempt.sheet_id], marked=False)[attempt.sheet_id].items()}


def late_answers(attempt):
    """{item: the newest of its late answers}, as they were sent."""
    events = attempt.events.filter(kind=AttemptEvent.Kind.LATE).order_by("pk")
    rows = [row for event in events for row in event.data.get("answers", [])]
    return {row["item"]: row for row in sorted(rows, key=lambda row: row["sequence"])}


def late_numbers(attempt):
    """The numbers of the questions that have late answers, in order."""
    return list(attempt.paper.items.filter(pk__in=late_answers(attempt)).order_by("number").values_list("number", flat=True))


def _not_yours():
    return _("This is the paper of someone else; nothing was saved.")


def _still_running():
    return _("Your time is not over: go back to the exam, and the answer is saved there.")
