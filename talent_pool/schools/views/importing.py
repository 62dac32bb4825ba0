"""Students and grades by file: first what would happen, row by row; then all of it, or nothing."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.common import limits
from lms.common.acting import open_to
from lms.common.bilingual import in_language
from lms.common.lists import KINDS, Column, List
from lms.common.spreadsheets import table_response
from lms.common.states import Refused
from lms.common.uploads import takes_files
from lms.jobs.actions import FILES_KEPT, start_job
from lms.jobs.imports import change_words, rows_of
from lms.jobs.queries import jobs_visible_to, last_jobs
from lms.people.permissions import employee_of
from talent_pool.schools.forms import TableForm
from talent_pool.schools.importers.grades import GradeImporter
from talent_pool.schools.importers.students import StudentImporter
from talent_pool.schools.permissions import MANAGE
from talent_pool.schools.tasks import GRADES, STUDENTS

OUTCOMES = {
    "refused": (gettext_lazy("Refused"), "bad"),
    "created": (gettext_lazy("New"), "good"),
    "changed": (gettext_lazy("Changed"), "accent"),
    "unchanged": (gettext_lazy("Unchanged"), ""),
}
FIELDS = {
    "major": gettext_lazy("Major"), "entered_on": gettext_lazy("Began school on"), "graduates_on": gettext_lazy("Graduates on"),
    "born_on": gettext_lazy("Date of birth"), "email": gettext_lazy("E-mail"), "phone": gettext_lazy("Phone"),
    "class": gettext_lazy("Class"), "coursework": gettext_lazy("Coursework"), "graduation": gettext_lazy("Graduation"),
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """One of the two tables."""

    job: str
    importer: type
    title: str | Promise
    example: dict
    notes: tuple


WHATS = {
    "students": Kind(
        STUDENTS, StudentImporter, gettext_lazy("Import students"),
        {"school": "LJ", "code": "20240101", "name": "李明", "entered_on": "2024-09-01", "graduates_on": "2027-06-30"},
        (
            gettext_lazy("School and class are given by their codes. Whoever is in no class is your dealer's, unless another is named."),
            gettext_lazy("An empty cell says nothing: what is on record stays."),
            gettext_lazy("Dates of birth are held for age checks alone, and erased once none asks for them any more."),
        ),
    ),
    "grades": Kind(
        GRADES, GradeImporter, gettext_lazy("Import grades"),
        {"school": "LJ", "code": "20240101", "name": "李明", "coursework": "85", "graduation": "88.5"},
        (
            gettext_lazy("A grade is a number from 0 to 100. An empty cell is a grade that is missing, not 0."),
            gettext_lazy("A new grade is added beside the old one, and holds from then on."),
        ),
    ),
}  # fmt: skip


def _kind(what):
    if what not in WHATS:
        raise Http404
    return WHATS[what]


@takes_files(most=limits.TABLE_FILE)
@open_to(MANAGE, keeps=False)
def table_import(request, what):
    kind = _kind(what)
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            job = _start(request, kind, file, file.name, apply=False)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("job", pk=job.pk)
    context = {
        "form": form, "what": what, "title": kind.title, "notes": kind.notes,
        "recent": last_jobs(request.user, kind.job),
        "columns": kind.importer.template[in_language("zh", "en")], "required": kind.importer.must_stand(),
    }  # fmt: skip
    return render(request, "talent_pool/schools/import.html", context)


def _start(request, kind, file, name, *, apply):
    """One import of a kind and group at a time: two could each find the other's rows."""
    person = employee_of(request.user)
    key = f"group-{person.group_id if person else ''}"
    return start_job(kind=kind.job, by=request.user, key=key, input_file=file, params={"name": name[:100], "apply": apply})


@open_to(MANAGE)
def template(request, what, kind):
    """An empty table with the right heads and one row as an example."""
    table = _kind(what)
    if kind not in KINDS:
        raise Http404
    row = [table.example.get(name, "") for name in table.importer.heads.names]
    return table_response(kind, what, table.importer.template[in_language("zh", "en")], [row])


class RowList(List):
    """The rows of an import; plain data from the job's file, so there is no filter and no sorting."""

    name = "import"
    per_page = 50
    columns = [
        Column("row", gettext_lazy("Row"), value=lambda r: r["row"], numeric=True),
        Column("number", gettext_lazy("Student code"), value=lambda r: r["number"]),
        Column("name", gettext_lazy("Name"), value=lambda r: r["name"]),
        Column("kind", gettext_lazy("Outcome"), value=lambda r: OUTCOMES[r["kind"]][0], badge=lambda r: OUTCOMES[r["kind"]][1]),
        Column("detail", gettext_lazy("What and why"), value=lambda r: r["detail"]),
    ]


def _in_words(changes):
    def named(field, value):
        return _("held") if field == "born_on" and value else value

    return change_words(changes, FIELDS, named)


def _job(request, kind, pk):
    return get_object_or_404(jobs_visible_to(request.user).filter(kind=kind.job, status="done"), pk=pk)


def _gone():
    return _("Files are kept for %(days)s days, and this one has been deleted. Check the file again.") % {"days": FILES_KEPT.days}


@open_to(MANAGE)
def result(request, what, pk):
    kind = _kind(what)
    job = _job(request, kind, pk)
    if not job.result_file:
        messages.info(request, _gone())
        return redirect("schools_import", what=what)
    wanted = request.GET.get("outcome", "")
    wanted = wanted if wanted in OUTCOMES else ""
    counts = job.result
    tabs = [{"label": _("All"), "url": "?", "current": not wanted}] + [
        {"label": label, "url": f"?outcome={name}", "count": counts.get(name, 0), "current": wanted == name}
        for name, (label, _tone) in OUTCOMES.items()
    ]
    context = {
        "job": job, "counts": counts, "tabs": tabs, "what": what, "title": kind.title,
        "nothing_to_do": not any(counts.get(name) for name in ("created", "changed")),
    }  # fmt: skip
    return RowList(request, rows_of(job, wanted, _in_words)).response("talent_pool/schools/import_result.html", context)


@open_to(MANAGE, post=True, keeps=False)
def apply(request, what, pk):
    """Carry out the very file that was checked."""
    kind = _kind(what)
    checked = _job(request, kind, pk)
    try:
        if not checked.input_file:
            raise Refused(_gone())
        if checked.result["refused"]:
            raise Refused(_("Some rows are refused, and a file is imported as a whole or not at all. Mend them and check the file again."))
        job = _start(request, kind, checked.input_file.name, checked.params["name"], apply=True)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("schools_import_result", what=what, pk=pk)
    return redirect("job", pk=job.pk)
