"""Batches: the list, a new one, and everything that is done for all of one."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from lms.common import limits
from lms.common.acting import attempt, open_to
from lms.common.lists import Column, List
from lms.common.states import require
from lms.common.uploads import takes_files
from lms.people.queries import dealers_visible_to
from talent_pool.interns.actions.batches import add_students, make_batch, placed_by_hr
from talent_pool.interns.actions.papers import record_paper
from talent_pool.interns.actions.starting import start_all
from talent_pool.interns.actions.terms import set_terms_of_batch
from talent_pool.interns.forms.batches import AddStudentsForm, BatchFilter, BatchForm, BatchPaperForm, BatchTermsForm
from talent_pool.interns.models import BEFORE, STANDING
from talent_pool.interns.permissions import COORDINATE, MANAGE, VIEW, may_place
from talent_pool.interns.queries.batches import batches_visible_to, places_taken, students_to_add
from talent_pool.interns.queries.findings import findings_of
from talent_pool.interns.queries.placements import papers_missing, placements_of


def _page(batch):
    return reverse("intern_batch", args=[batch.pk])


class BatchList(List):
    name = "intern-batches"
    columns = [
        Column("name", gettext_lazy("Batch"), sort="name", link=_page),
        Column("dealer.name", gettext_lazy("Dealer"), sort="dealer__code"),
        Column("school.name", gettext_lazy("School"), sort="school__code"),
        Column("targeted_class", gettext_lazy("Targeted class"), value=lambda batch: batch.targeted_class or ""),
        Column("starts_on", gettext_lazy("First day"), sort="starts_on"),
        Column("ends_on", gettext_lazy("Last day"), sort="ends_on"),
        Column("students", gettext_lazy("Students"), sort="students", numeric=True),
        Column("waiting", gettext_lazy("Not started"), sort="waiting", numeric=True),
        Column("under_way", pgettext_lazy("internship", "Under way"), sort="under_way", numeric=True),
    ]
    filterset = BatchFilter
    default_sort = "-starts_on"
    empty_icon = "school"
    empty_title = gettext_lazy("No batches yet")
    empty_text = gettext_lazy("A batch is the students of one school who come to one dealer together.")


@open_to(VIEW, COORDINATE)
@require_safe
def batches(request):
    return BatchList(request, batches_visible_to(request.user)).response("talent_pool/interns/batches.html")


@open_to(MANAGE)
@require_http_methods(["GET", "POST"])
def batch_new(request):
    form = BatchForm(request.POST or None, dealers=dealers_visible_to(request.user))
    if form.is_valid() and (
        batch := attempt(request, make_batch, _("The batch is made. Add its students."), form=form, **form.cleaned_data)
    ):
        return redirect("intern_batch_students", pk=batch.pk)
    return render(request, "talent_pool/interns/batch_new.html", {"form": form})


def _visible(request, pk):
    return get_object_or_404(batches_visible_to(request.user), pk=pk)


def _to_change(request, pk):
    batch = _visible(request, pk)
    require(may_place(request.user, batch.dealer), placed_by_hr(batch.dealer))
    return batch


@open_to(VIEW, COORDINATE)
@require_safe
def batch(request, pk):
    """Who is in it, how far, which papers are missing, and what keeps whom from starting."""
    one, today = _visible(request, pk), timezone.localdate()
    places = may_place(request.user, one.dealer)
    rows = list(placements_of(one, request.user))
    found = findings_of(rows, today) if places else {}
    for row in rows:
        row.missing = papers_missing(row) if row.stage in STANDING else []
        row.found = found.get(row.pk, [])
        row.blocking = [each for each in row.found if each.blocks]
        row.warnings = [each for each in row.found if not each.blocks]
        row.now = [each for each in row.rotations.all() if each.starts_on <= today <= each.ends_on]
    context = {"batch": one, "rows": rows, "places": places, "to_do": _to_do(one, rows, today) if places else None}
    return render(request, "talent_pool/interns/batch.html", context)


def _to_do(batch, rows, today):
    """What HR may do for all of it now."""
    may_start = [row for row in rows if row.stage == "placed" and row.starts_on <= today and not row.blocking]
    agreement = batch.agreement
    return {
        "may_start": may_start,
        "without_terms": sum(row.stage == "applied" for row in rows),
        "waiting": sum(row.stage in BEFORE for row in rows),
        "blocked": sum(bool(row.blocking) for row in rows if row.stage in BEFORE),
        "taken": places_taken(agreement, batch.starts_on.year) if agreement else None,
        "agreement_ends": agreement.last_day if agreement and agreement.last_day < batch.ends_on else None,
    }


@open_to(MANAGE)
@require_http_methods(["GET", "POST"])
def batch_students(request, pk):
    """Students of the school, or of the class, who are not in it yet."""
    one = _to_change(request, pk)
    form = AddStudentsForm(request.POST or None, batch=one, user=request.user)
    if form.is_valid() and attempt(request, add_students, _added, form=form, batch=one, students=list(form.cleaned_data["students"])):
        return redirect("intern_batch", pk=pk)
    left = one.agreement.quota - places_taken(one.agreement, one.starts_on.year) if one.agreement else None
    context = {"batch": one, "form": form, "left": left, "nobody": not students_to_add(one, request.user).exists()}
    return render(request, "talent_pool/interns/batch_students.html", context)


def _added(placements):
    return ngettext("%(n)d student is in the batch now.", "%(n)d students are in the batch now.", len(placements)) % {"n": len(placements)}


@open_to(MANAGE)
@require_http_methods(["GET", "POST"])
def batch_terms(request, pk):
    one = _to_change(request, pk)
    form = BatchTermsForm(request.POST or None)
    if form.is_valid() and attempt(request, set_terms_of_batch, _placed, form=form, batch=one, **form.cleaned_data):
        return redirect("intern_batch", pk=pk)
    count = one.placements.filter(stage="applied").count()
    return render(request, "talent_pool/interns/batch_terms.html", {"batch": one, "form": form, "count": count})


def _placed(count):
    return ngettext("%(n)d student has these terms now.", "%(n)d students have these terms now.", count) % {"n": count}


@takes_files(most=limits.MATERIAL_FILE)
@open_to(MANAGE)
@require_http_methods(["GET", "POST"])
def batch_papers(request, pk):
    one = _to_change(request, pk)
    rows = placements_of(one, request.user).filter(stage__in=STANDING)
    form = BatchPaperForm(request.POST or None, request.FILES or None, placements=rows)
    if form.is_valid() and attempt(request, record_paper, _recorded, form=form, **form.cleaned_data):
        return redirect("intern_batch", pk=pk)
    return render(request, "talent_pool/interns/batch_papers.html", {"batch": one, "form": form})


def _recorded(papers):
    return ngettext("The paper is recorded for %(n)d student.", "The paper is recorded for %(n)d students.", len(papers)) % {
        "n": len(papers)
    }


@open_to(MANAGE, post=True)
def batch_start(request, pk):
    """Everyone whom nothing holds back; of the others the page says why."""
    found = attempt(request, start_all, batch=_to_change(request, pk))
    if found:
        started, held = found
        if started:
            words = ngettext("%(n)d internship has started.", "%(n)d internships have started.", len(started))
            messages.success(request, words % {"n": len(started)})
        for _placement, refusal in held[:5]:
            messages.warning(request, str(refusal))
        if len(held) > 5:
            more = ngettext("And %(n)d more; the list says why.", "And %(n)d more; the list says why.", len(held) - 5)
            messages.warning(request, more % {"n": len(held) - 5})
    return redirect("intern_batch", pk=pk)
