"""What HR and the invigilator see of a sitting: who works, how far, extra time, voiding."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from assessments.exams.actions.attempts import submit_overdue, void_attempt
from assessments.exams.actions.sittings import close_sitting, set_extra_minutes
from assessments.exams.forms import ExtraTimeForm, VoidForm
from assessments.exams.models import Attempt
from assessments.exams.permissions import may_decide, may_watch
from assessments.exams.queries import clashes_of, papers_watched_by, past, sittings_mended_by, sittings_visible_to, with_progress
from lms.common.acting import attempt, form_on, open_to
from lms.common.shown import facts_of

# Whoever is named invigilator watches, whatever their job: `sittings_visible_to` decides, and strangers get 404.


@require_GET
@open_to()
@never_cache
def sitting(request, pk):
    exam = get_object_or_404(sittings_visible_to(request.user), pk=pk)
    now = timezone.now()
    papers = list(with_progress(papers_watched_by(request.user).filter(sitting=exam)).order_by("candidate__number"))
    attempts = [paper.attempt for paper in papers if hasattr(paper, "attempt")]
    if any(one.status == Attempt.Status.IN_PROGRESS and one.ends_at < now for one in attempts) and submit_overdue(at=now, sitting=exam):
        return redirect("sitting", pk=pk)
    context = {
        "sitting": exam,
        "papers": papers,
        "now": now,
        "is_open": exam.opens_at <= now < exam.closes_at and exam.status == exam.Status.READY,
        "working": sum(one.status == Attempt.Status.IN_PROGRESS for one in attempts),
        "handed_in": sum(one.status in Attempt.HANDED_IN for one in attempts),
        "not_begun": len(papers) - len(attempts),
        "has_questions": past(sittings_mended_by(request.user).filter(pk=exam.pk), now).exists(),
        "clashes": clashes_of(exam),
        "may_close": exam.status != exam.Status.CLOSED and may_watch(request.user, exam),
    }
    template = "assessments/exams/_candidates.html" if request.htmx else "assessments/exams/sitting.html"
    return render(request, template, context)


@open_to(post=True)
def sitting_close(request, pk):
    exam = get_object_or_404(sittings_visible_to(request.user), pk=pk)
    attempt(request, close_sitting, _("The exam is closed; nobody can begin it any more."), sitting=exam)
    return redirect("sitting", pk=pk)


@require_GET
@open_to()
@never_cache
def sitting_paper(request, pk):
    return _paper_page(request, get_object_or_404(papers_watched_by(request.user), pk=pk))


@open_to()
@form_on(sitting_paper)
def paper_extra_time(request, pk):
    paper = get_object_or_404(papers_watched_by(request.user), pk=pk)
    form = ExtraTimeForm(request.POST)
    done = _("Extra time is set; a running clock has followed.")
    if form.is_valid() and attempt(request, set_extra_minutes, done, form=form, paper=paper, **form.cleaned_data):
        return redirect("sitting_paper", pk=pk)
    return _paper_page(request, paper, extra_form=form)


@open_to()
@form_on(sitting_paper)
def paper_void(request, pk):
    paper = get_object_or_404(papers_watched_by(request.user).filter(attempt__isnull=False), pk=pk)
    form = VoidForm(request.POST)
    done = _("The attempt is voided and counts as not sat.")
    if form.is_valid() and attempt(request, void_attempt, done, form=form, attempt=paper.attempt, **form.cleaned_data):
        return redirect("sitting_paper", pk=pk)
    return _paper_page(request, paper, void_form=form)


def _paper_page(request, paper, *, extra_form=None, void_form=None):
    """One candidate's paper: how far it is, what happened, and the forms; a form that was refused stands open with what was typed."""
    paper = with_progress(papers_watched_by(request.user)).get(pk=paper.pk)
    found, sitting = getattr(paper, "attempt", None), paper.sitting
    decides = may_decide(request.user, paper) and sitting.results_at is None and sitting.sealed_at is None
    context = {
        "paper": paper,
        "sitting": sitting,
        "attempt": found,
        "events": list(found.events.all()[:500]) if found else [],
        "extra_form": extra_form or ExtraTimeForm(initial={"minutes": paper.extra_minutes}, facts=facts_of(paper, "extra_minutes")),
        "void_form": void_form or VoidForm(),
        "may_change": extra_form or (decides and (found is None or found.status == Attempt.Status.IN_PROGRESS)),
        "may_void": void_form or (decides and found is not None and found.status != Attempt.Status.VOIDED),
        "is_sealed": sitting.sealed_at is not None and sitting.results_at is None,
    }
    return render(request, "assessments/exams/sitting_paper.html", context)
