import json
from tempfile import TemporaryFile

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.common.bilingual import in_both
from lms.jobs.kinds import NOTHING_STAYS, job_kind
from lms.people.importers import import_employees


def _result_page(job):
    return reverse("people_import_result", args=[job.pk])


def _came_of(job):
    return _("Imported") if job.result.get("applied") else _("Checked: nothing written yet")


@job_kind("people.import_employees", title=gettext_lazy("Import of people"), then=_result_page, stopped=NOTHING_STAYS, ended=_came_of)
def import_people(progress):
    """Check a table of people, or carry it out. What comes of each row is kept with the job, one line of JSON a row."""
    with progress.job.input_file.open("rb") as file:
        content = file.read()
    with TemporaryFile("w+b") as results:

        def report(row):
            line = row.line
            entry = [line.row, line.number, line.name, row.kind, _changes(row)]
            results.write(json.dumps(entry, ensure_ascii=False, default=str).encode() + b"\n")

        outcome = import_employees(
            content,
            progress.params["name"],
            by=progress.by,
            at=timezone.now(),
            apply=progress.params["apply"],
            progress=progress,
            report=report,
        )
        progress.settle()
        results.write(json.dumps([_in_both(one) for one in outcome.refused], ensure_ascii=False).encode() + b"\n")
        results.seek(0)
        progress.file("import.jsonl", results)
    counts = outcome.as_dict() | {"refused": len({refusal["row"] for refusal in outcome.refused})}
    progress.result(**counts, unread=outcome.unread, applied=progress.params["apply"] and not outcome.refused)


def _in_both(refusal):
    """Whoever reads it may read another language than whoever asked for the import."""
    return refusal | {"column": in_both(refusal["column"]), "reason": in_both(refusal["reason"])}


def _changes(row):
    """What changes by field, [before, after]; of someone new, all that is written."""
    if row.employee is None and row.kind != "refused":
        said = {name: getattr(value, "code", value) for name, value in row.values.items()} | {"manager": row.line.manager} | row.dates
        return {name: ["", now] for name, now in said.items() if name != "name"}
    return {name: [was or "", now] for name, (was, now) in (row.changes | row.waits | row.dated).items()}
