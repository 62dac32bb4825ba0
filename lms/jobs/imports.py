"""A table that is imported as a job: what comes of each row is kept with it, one line of JSON a row, and read again for its page."""

import json
from collections.abc import Callable
from tempfile import TemporaryFile

from django.utils import timezone
from django.utils.translation import gettext as _

from lms.common.bilingual import in_both, in_language


def came_of(job):
    """What is said of it in place of “Done”."""
    return _("Imported") if job.result.get("applied") else _("Checked: nothing written yet")


def import_table(progress, carry_out: Callable, entry_of: Callable):
    """Check the job's file, or carry it out where its params say `apply`.

    `carry_out(content, name, *, by, at, apply, progress, report)` gives a `lms.common.tables.Outcome`; `entry_of(row)` what is kept of a
    row: [row, number, name, kind, {field: [before, after]}].
    """
    with progress.job.input_file.open("rb") as file:
        content = file.read()
    with TemporaryFile("w+b") as results:

        def report(row):
            results.write(json.dumps(entry_of(row), ensure_ascii=False, default=str).encode() + b"\n")

        name, apply = progress.params["name"], progress.params["apply"]
        outcome = carry_out(content, name, by=progress.by, at=timezone.now(), apply=apply, progress=progress, report=report)
        progress.settle()
        results.write(json.dumps([_in_both(one) for one in outcome.refused], ensure_ascii=False).encode() + b"\n")
        results.seek(0)
        progress.file("import.jsonl", results)
    counts = outcome.as_dict() | {"refused": len({refusal["row"] for refusal in outcome.refused})}
    progress.result(**counts, unread=outcome.unread, applied=apply and not outcome.refused)


def _in_both(refusal):
    """Whoever reads it may read another language than whoever asked for the import."""
    return refusal | {"column": in_both(refusal["column"]), "reason": in_both(refusal["reason"])}


def rows_of(job, wanted, in_words: Callable):
    """The rows with the outcome `wanted` (all: empty), refusals in words; `in_words(changes)` gives a phrase for each change."""
    with job.result_file.open("rb") as file:
        *entries, last = file.read().splitlines()
    refusals = {}
    for refusal in json.loads(last):
        column, reason = (_in_words_of_reader(refusal[name]) for name in ("column", "reason"))
        refusals.setdefault(refusal["row"], []).append(f"{column}: {reason}")
    rows = []
    for row, number, name, kind, changes in map(json.loads, entries):
        reasons = refusals.pop(row, None)
        kind = "refused" if reasons else kind
        if wanted in ("", kind):
            rows.append({"row": row, "number": number, "name": name, "kind": kind, "detail": " · ".join(reasons or in_words(changes))})
    if wanted in ("", "refused"):  # what concerns the table as a whole, such as a missing column
        rows = [{"row": row, "number": "", "name": "", "kind": "refused", "detail": " ".join(r)} for row, r in refusals.items()] + rows
    return rows


def _in_words_of_reader(words):
    """Of a result that an earlier release wrote, the words are in one language."""
    return in_language(**words) if isinstance(words, dict) else words


def change_words(changes, labels, names):
    """Each change as a phrase: “Position: Technician → Technical supervisor”; only what it will be where nothing was before.

    `labels` names the fields, `names(field, value)` gives the words of a value.
    """
    for field, (was, now) in changes.items():
        was, now = names(field, was), names(field, now)
        if was or now:
            yield f"{labels[field]}: {was} → {now}" if was else f"{labels[field]}: {now}"
