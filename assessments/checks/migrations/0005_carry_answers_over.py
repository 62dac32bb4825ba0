"""The answers of version 0.1 open the chain of their answer sheet, with the marks that they earned."""

from collections import defaultdict

from django.db import migrations

from assessments.answers.chain import link

BATCH = 500  # tries


def carry_over(apps, schema_editor):
    alias = schema_editor.connection.alias
    checks = apps.get_model("checks", "Check").objects.using(alias).filter(sheet=None).order_by("pk")
    while batch := list(checks[:BATCH]):
        _carry(apps, alias, batch)


def _carry(apps, alias, batch):
    Sheet, Response, Mark = (apps.get_model("answers", name) for name in ("AnswerSheet", "Response", "Mark"))
    sheets = [Sheet(person_id=check.employee_id, opened_at=check.taken_at) for check in batch]
    for check, sheet in zip(batch, Sheet.objects.using(alias).bulk_create(sheets), strict=True):
        check.sheet = sheet
    apps.get_model("checks", "Check").objects.using(alias).bulk_update(batch, ["sheet"])
    answers = defaultdict(list)
    rows = apps.get_model("checks", "CheckAnswer").objects.using(alias).filter(check_taken__in=batch).select_related("version")
    for answer in rows.order_by("pk"):
        answers[answer.check_taken_id].append(answer)
    rows = [(check, answer, row) for check in batch for answer, row in _rows(Response, check, answers[check.pk])]
    Response.objects.using(alias).bulk_create([row for _check, _answer, row in rows], batch_size=1000)
    Mark.objects.using(alias).bulk_create([_mark(Mark, *one) for one in rows], batch_size=1000)


def _rows(Response, check, answers):
    before = ""
    for number, answer in enumerate(answers, start=1):
        said = {"sequence": 1, "response": answer.response, "saved_at": check.taken_at}
        made = link(before, sheet=check.sheet_id, version=answer.version_id, **said)
        before = made.chain
        place = {"sheet_id": check.sheet_id, "number": number, "version_id": answer.version_id}
        yield answer, Response(**place, **said, digest=made.digest, chain=made.chain)


def _mark(Mark, check, answer, row):
    said = {"rule": f"{answer.version.content['kind']}-1", "marked_at": check.taken_at}
    return Mark(response=row, key_id=answer.version_id, earned=int(answer.right), possible=1, **said)


class Migration(migrations.Migration):

    dependencies = [
        ("checks", "0004_checks_have_answer_sheets"),
    ]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
