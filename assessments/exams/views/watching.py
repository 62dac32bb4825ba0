"""What HR and the invigilator see of a sitting: who works, how far, extra time, voiding."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from assessments.exams.actions import close_sitting, set_extra_minutes, submit_overdue, void_attempt
from assessments.exams.forms import ExtraTimeForm, VoidForm
from assessments.exams.models import Attempt
from assessments.exams.queries import papers_watched_by, sittings_visible_to, with_progress
from lms.common.states import Refused

# Whoever is named invigilator watches, whatever their job: `sittings_visible_to` decides, and strangers get 404.


@login_required
@never_cache
@require_GET
def sitting(request, pk):
    exam = get_object_or_404(sittings_visible_to(request.user), pk=pk)
    now = timezone.now()
    papers = list(with_progress(papers_watched_by(request.user).filter(sitting=exam)).order_by("candidate__number"))
    attempts = [paper.attempt for paper in papers if hasattr(paper, "attempt")]
    if any(attempt.status == Attempt.Status.IN_PROGRESS and attempt.ends_at < now for attempt in attempts) and submit_overdue(
        at=now, sitting=exam
    ):
        return redirect("sitting", pk=pk)
    context = {
        "sitting": exam,
        "papers": papers,
        "now": now,
        "is_open": exam.opens_at <= now < exam.closes_at and exam.status == exam.Status.READY,
        "working": sum(attempt.status == Attempt.Status.IN_PROGRESS for attempt in attempts),
        "handed_in": sum(attempt.status in {Attempt.Status.SUBMITTED, Attempt.Status.MARKED} for attempt in attempts),
        "may_close": exam.status != exam.Status.CLOSED,
    }
    template = "assessments/exams/_candidates.html" if request.htmx else "assessments/exams/sitting.html"
    return render(request, template, context)


@login_required
@require_POST
def sitting_close(request, pk):
    exam = get_object_or_404(sittings_visible_to(request.user), pk=pk)
    try:
        close_sitting(sitting=exam, by=request.user, at=timezone.now())
        messages.success(request, _("The exam is closed; nobody can begin it any more."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("sitting", pk=pk)


@login_required
@never_cache
@require_GET
def sitting_paper(request, pk):
    paper = get_object_or_404(with_progress(papers_watched_by(request.user)), pk=pk)
    attempt = getattr(paper, "attempt", None)
    context = {
        "paper": paper,
        "sitting": paper.sitting,
        "attempt": attempt,
        "events": list(attempt.events.all()[:500]) if attempt else [],
        "extra_form": ExtraTimeForm(initial={"minutes": paper.extra_minutes}),
        "void_form": VoidForm(),
        "may_change": attempt is None or attempt.status == Attempt.Status.IN_PROGRESS,
        "may_void": attempt is not None and attempt.status != Attempt.Status.VOIDED and paper.sitting.results_at is None,
    }
    return render(request, "assessments/exams/sitting_paper.html", context)


@login_required
@require_POST
def paper_extra_time(request, pk):
    paper = get_object_or_404(papers_watched_by(request.user), pk=pk)
    form = ExtraTimeForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect("sitting_paper", pk=pk)
    try:
        set_extra_minutes(paper=paper, minutes=form.cleaned_data["minutes"], by=request.user, at=timezone.now())
        messages.success(request, _("Extra time is set; a running clock has followed."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("sitting_paper", pk=pk)


@login_required
@require_POST
def paper_void(request, pk):
    paper = get_object_or_404(papers_watched_by(request.user).filter(attempt__isnull=False), pk=pk)
    try:
        void_attempt(attempt=paper.attempt, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now())
        messages.success(request, _("The attempt is voided and counts as not sat."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("sitting_paper", pk=pk)
