from django.urls import reverse
from django.utils.translation import gettext_lazy

from lms.jobs.imports import came_of, import_table
from lms.jobs.kinds import NOTHING_STAYS, job_kind
from lms.people.importers import import_employees


def _result_page(job):
    return reverse("people_import_result", args=[job.pk])


@job_kind("people.import_employees", title=gettext_lazy("Import of people"), then=_result_page, stopped=NOTHING_STAYS, ended=came_of)
def import_people(progress):
    """Check a table of people, or carry it out. What comes of each row is kept with the job."""
    import_table(progress, import_employees, entry_of)


def entry_of(row):
    line = row.line
    return [line.row, line.number, line.name, row.kind, _changes(row)]


def _changes(row):
    """What changes by field, [before, after]; of someone new, all that is written."""
    if row.employee is None and row.kind != "refused":
        said = {name: getattr(value, "code", value) for name, value in row.values.items()} | {"manager": row.line.manager} | row.dates
        return {name: ["", now] for name, now in said.items() if name != "name"}
    return {name: [was or "", now] for name, (was, now) in (row.changes | row.waits | row.dated).items()}
