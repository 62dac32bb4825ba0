"""The answers of version 0.1 open the chain of their answer sheet, in the order in which they were saved, with the marks that they earned."""

from collections import defaultdict
from fractions import Fraction

from django.db import migrations

from assessments.answers.chain import link
from lms.common import triggers

BATCH = 500  # attempts


def carry_over(apps, schema_editor):
    alias = schema_editor.connection.alias
    attempts = apps.get_model("exams", "Attempt").objects.using(alias).filter(sheet=None).select_related("paper").order_by("pk")
    with triggers.lifted("exams_attempt", "answers_mark", using=alias):  # the results of most are sealed
        while batch := list(attempts[:BATCH]):
            _carry(apps, alias, batch)


def _carry(apps, alias, batch):
    Sheet, Response, Mark = (apps.get_model("answers", name) for name in ("AnswerSheet", "Response", "Mark"))
    sheets = [Sheet(person_id=attempt.paper.candidate_id, opened_at=attempt.started_at) for attempt in batch]
    for attempt, sheet in zip(batch, Sheet.objects.using(alias).bulk_create(sheets), strict=True):
        attempt.sheet = sheet
    apps.get_model("exams", "Attempt").objects.using(alias).bulk_update(batch, ["sheet"])
    answers = _answers(apps, alias, batch)
    rows = [(answer, row) for attempt in batch for answer, row in _rows(Response, attempt, answers[attempt.pk])]
    Response.objects.using(alias).bulk_create([row for _answer, row in rows], batch_size=1000)
    marks = [_mark(Mark, answer, row) for answer, row in rows if answer.points is not None]
    Mark.objects.using(alias).bulk_create(marks, batch_size=1000)


def _answers(apps, alias, batch):
    found = defaultdict(list)
    rows = apps.get_model("exams", "Answer").objects.using(alias).filter(attempt__in=batch).select_related("item__version", "attempt")
    for answer in rows.order_by("saved_at", "pk"):
        found[answer.attempt_id].append(answer)
    return found


def _rows(Response, attempt, answers):
    before = ""
    for number, answer in enumerate(answers, start=1):
        said = {"sequence": answer.sequence, "response": answer.response, "saved_at": answer.saved_at}
        made = link(before, sheet=attempt.sheet_id, version=answer.item.version_id, **said)
        before = made.chain
        place = {"sheet_id": attempt.sheet_id, "number": number, "version_id": answer.item.version_id}
        yield answer, Response(**place, **said, digest=made.digest, chain=made.chain)


def _mark(Mark, answer, row):
    share = Fraction(answer.points) / answer.item.points
    said = {"rule": f"{answer.item.version.content['kind']}-1", "marked_at": answer.attempt.marked_at or answer.saved_at}
    return Mark(response=row, key_id=answer.item.version_id, earned=share.numerator, possible=share.denominator, **said)


class Migration(migrations.Migration):

    dependencies = [
        ("exams", "0006_attempts_have_answer_sheets"),
    ]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
