from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

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
from lms.people.choices import Role
from lms.people.forms import ImportForm
from lms.people.importers import HEADERS, TEMPLATE, must_stand
from lms.people.models import Employee, Position
from lms.people.permissions import employee_of

MANAGE = "people.manage_people"
KIND = "people.import_employees"
OUTCOMES = {
    "refused": (_("Refused"), "bad"),
    "created": (_("New"), "good"),
    "changed": (_("Changed"), "accent"),
    "waiting": (_("Waits for a second person"), "warn"),
    "unchanged": (_("Unchanged"), ""),
}
FIELDS = {
    "name": _("Name"), "dealer": _("Dealer"), "position": _("Position"), "manager": _("Line manager"),
    "hired_on": _("Hired on"), "probation_until": _("Probation until"), "contract_from": _("Contract from"),
    "contract_until": _("Contract until"), "status": _("Status"), "email": _("E-mail"), "phone": _("Phone"),
}  # fmt: skip


@takes_files(most=limits.TABLE_FILE)
@open_to(MANAGE, keeps=False)
def people_import(request):
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            job = _start(request, file, file.name, apply=False)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("job", pk=job.pk)
    context = {
        "form": form,
        "recent": last_jobs(request.user, KIND),
        "columns": TEMPLATE[in_language("zh", "en")],
        "required": must_stand(),
    }
    return render(request, "lms/people/people_import.html", context)


def _start(request, file, name, *, apply):
    """One import a group at a time: two of them could each find the other's people."""
    employee = employee_of(request.user)
    key = f"group-{employee.group_id if employee else ''}"
    return start_job(kind=KIND, by=request.user, key=key, input_file=file, params={"name": name[:100], "apply": apply})


@open_to(MANAGE)
def import_template(request, kind):
    """An empty table with the right heads and one row as an example."""
    if kind not in KINDS:
        raise Http404
    employee = employee_of(request.user)
    return table_response(kind, "people", TEMPLATE[in_language("zh", "en")], [_example(employee.dealer.code if employee else "YT01")])


def _example(dealer):
    """A row that could be imported as it stands: a post that there is, called as the reader calls it."""
    post = Position.objects.filter(role=Role.STAFF, is_outside=False).first()
    said = {
        "number": "T001", "name": in_language("张三", "Li Wei"), "dealer": dealer, "position": post.name if post else "",
        "hired_on": "2024-03-01", "phone": "13800000000", "status": Employee.Status.ACTIVE.label,
    }  # fmt: skip
    return [said.get(name, "") for name in HEADERS]


class RowList(List):
    """The rows of an import; plain data from the job's file, so there is no filter and no sorting."""

    name = "import"
    per_page = 50
    columns = [
        Column("row", _("Row"), value=lambda r: r["row"], numeric=True),
        Column("number", _("Employee number"), value=lambda r: r["number"]),
        Column("name", _("Name"), value=lambda r: r["name"]),
        Column("kind", _("Outcome"), value=lambda r: OUTCOMES[r["kind"]][0], badge=lambda r: OUTCOMES[r["kind"]][1]),
        Column("detail", _("What and why"), value=lambda r: r["detail"]),
    ]


def _in_words():
    """Of each change that a row makes."""
    names = {position.code: position.name for position in Position.objects.all()} | dict(Employee.Status.choices)

    def named(field, value):
        return names.get(value, value) if field in ("position", "status") else value

    return lambda changes: change_words(changes, FIELDS, named)


def _import_job(request, pk):
    return get_object_or_404(jobs_visible_to(request.user).filter(kind=KIND, status="done"), pk=pk)


def _gone():
    return _("Files are kept for %(days)s days, and this one has been deleted. Check the file again.") % {"days": FILES_KEPT.days}


@open_to(MANAGE)
def import_result(request, pk):
    job = _import_job(request, pk)
    if not job.result_file:
        messages.info(request, _gone())
        return redirect("people_import")
    wanted = request.GET.get("outcome", "")
    if wanted not in OUTCOMES:
        wanted = ""
    counts = job.result
    tabs = [{"label": _("All"), "url": "?", "current": not wanted}] + [
        {"label": label, "url": f"?outcome={kind}", "count": counts.get(kind, 0), "current": wanted == kind}
        for kind, (label, _tone) in OUTCOMES.items()
    ]
    context = {
        "job": job, "counts": counts, "tabs": tabs, "total": sum(counts.get(kind, 0) for kind in OUTCOMES),
        "nothing_to_do": not any(counts.get(kind) for kind in ("created", "changed", "waiting")),
    }  # fmt: skip
    return RowList(request, rows_of(job, wanted, _in_words())).response("lms/people/import_result.html", context)


@open_to(MANAGE, post=True, keeps=False)
def import_apply(request, pk):
    """Carry out the very file that was checked."""
    checked = _import_job(request, pk)
    try:
        if not checked.input_file:
            raise Refused(_gone())
        if checked.result["refused"]:
            raise Refused(_("Some rows are refused, and a file is imported as a whole or not at all. Mend them and check the file again."))
        job = _start(request, checked.input_file.name, checked.params["name"], apply=True)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("people_import_result", pk=pk)
    return redirect("job", pk=job.pk)
