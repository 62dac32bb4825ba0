"""One placement: its page, its terms and papers, and how it goes on."""

from pathlib import PurePath

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.training.uploads import TYPES
from lms.common import limits
from lms.common.acting import attempt, open_to
from lms.common.states import require
from lms.common.uploads import takes_files
from lms.trail.reading import Reading
from talent_pool.interns.actions.batches import placed_by_hr
from talent_pool.interns.actions.papers import record_paper, withdraw_paper
from talent_pool.interns.actions.starting import start_placement
from talent_pool.interns.actions.terms import set_terms
from talent_pool.interns.forms.placements import PaperForm, TermsForm, WithdrawForm
from talent_pool.interns.models import BEFORE, HERE, STANDING, Paper
from talent_pool.interns.permissions import LOG, MANAGE, may_change, sees_terms
from talent_pool.interns.queries.findings import findings_of, past_findings
from talent_pool.interns.queries.placements import (
    events_of,
    own_placement,
    papers_missing,
    papers_needed,
    placement_for_page,
)
from talent_pool.labour.rules.declared import found_words


def visible(request, pk):
    return get_object_or_404(placement_for_page(request.user), pk=pk)


def to_change(request, pk):
    one = visible(request, pk)
    require(may_change(request.user, one), placed_by_hr(one.batch.dealer))
    return one


@open_to()
@require_safe
def placement(request, pk):
    """Whoever may open it reads dates, stage, papers and stations; HR also terms, findings and history."""
    one, today = visible(request, pk), timezone.localdate()
    changes = may_change(request.user, one)
    context = {
        "placement": one,
        "rotations": list(one.rotations.all()),
        "today": today,
        "papers": checklist(one),
        "sees_terms": sees_terms(request.user, one),
        "changes": changes,
        "for_hr": _for_hr(request.user, one, today) if changes else {},
    }
    return render(request, "talent_pool/interns/placement.html", context)


def _for_hr(user, one, today):
    found = findings_of([one], today).get(one.pk, [])
    blocking = [each for each in found if each.blocks]
    return {
        "blocking": blocking,
        "warnings": [each for each in found if not each.blocks],
        "cured": [{"row": row, "words": found_words(row.rule, row.particulars)} for row in past_findings(one)],
        "events": _in_sentences(user, list(events_of(one))),
        "may_start": one.stage == "placed" and one.starts_on <= today and not blocking,
        "is_before": one.stage in BEFORE,
        "may_end": one.stage in HERE and one.stage != "offered",
        "stands": one.stage in STANDING,
        "is_over": one.stage == "under_way" and one.ends_on <= today,
    }


def _in_sentences(user, events):
    reading = Reading(user)
    reading.prepare(events)
    return [{"event": event, "sentence": reading.sentence(event)} for event in events]


def checklist(one):
    """Each paper that it needs with those on record, and what was withdrawn: [{"kind", "label", "papers", "is_missing"}]."""
    missing, needed = papers_missing(one), papers_needed(one)
    there = list(one.papers.all())
    kinds = [kind for kind in Paper.Kind if kind in needed or any(paper.kind == kind for paper in there)]
    return [
        {"kind": kind, "label": kind.label, "papers": [paper for paper in there if paper.kind == kind], "is_missing": kind in missing}
        for kind in kinds
    ]


@open_to(MANAGE)
@require_http_methods(["GET", "POST"])
def terms(request, pk):
    one = to_change(request, pk)
    form = TermsForm(request.POST or None, placement=one)
    if form.is_valid() and attempt(request, set_terms, _("The terms are saved."), form=form, placement=one, **form.cleaned_data):
        return redirect("placement", pk=pk)
    return render(request, "talent_pool/interns/terms.html", {"placement": one, "form": form})


@takes_files(most=limits.MATERIAL_FILE)
@open_to(MANAGE)
@require_http_methods(["GET", "POST"])
def paper_new(request, pk):
    one = to_change(request, pk)
    asked = request.GET.get("kind")
    initial = {"kind": asked if asked in Paper.Kind.values else None}
    form = PaperForm(request.POST or None, request.FILES or None, initial=initial)
    if form.is_valid() and attempt(request, record_paper, _("The paper is recorded."), form=form, placements=[one], **form.cleaned_data):
        return redirect("placement", pk=pk)
    return render(request, "talent_pool/interns/paper_new.html", {"placement": one, "form": form})


@open_to(MANAGE)
@require_http_methods(["GET", "POST"])
def paper_withdraw(request, pk, paper_pk):
    one = to_change(request, pk)
    paper = get_object_or_404(one.papers.filter(withdrawn_at=None), pk=paper_pk)
    form = WithdrawForm(request.POST or None)
    done = _("The paper is withdrawn. It stays to be seen, and counts no more.")
    if form.is_valid() and attempt(request, withdraw_paper, done, form=form, paper=paper, **form.cleaned_data):
        return redirect("placement", pk=pk)
    return render(request, "talent_pool/interns/paper_withdraw.html", {"placement": one, "paper": paper, "form": form})


@open_to()
@require_safe
def paper_file(request, pk, paper_pk):
    """For HR and the intern, as a download of a type that we checked ourselves."""
    one = visible(request, pk)
    paper = get_object_or_404(one.papers, pk=paper_pk)
    if not paper.file or not sees_terms(request.user, one):
        raise Http404
    ending = PurePath(paper.file.name).suffix.lstrip(".")
    name = f"{get_valid_filename(f'{one.person.name}-{paper.get_kind_display()}')}.{ending}"
    kind = TYPES.get(ending, "application/octet-stream")
    response = FileResponse(paper.file.open("rb"), as_attachment=True, filename=name, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    return response


@open_to(MANAGE, post=True)
def start(request, pk):
    attempt(request, start_placement, _("The internship has started."), placement=to_change(request, pk))
    return redirect("placement", pk=pk)


@open_to()
@require_safe
def my_internship(request):
    """The intern's own page: where I am now and next, with whom, which papers, until when."""
    one, today = own_placement(request.user), timezone.localdate()
    if one is None and not request.user.has_perm(LOG):
        raise Http404
    if one is None:
        return render(request, "talent_pool/interns/my_internship.html", {"placement": None})
    rotations = list(one.rotations.all())
    context = {
        "placement": one,
        "now": next((each for each in rotations if each.starts_on <= today <= each.ends_on), None),
        "coming": [each for each in rotations if each.starts_on > today],
        "papers": checklist(one),
        "pauses": [each for each in one.pauses.all() if each.ends_on >= today],
        "today": today,
    }
    return render(request, "talent_pool/interns/my_internship.html", context)
