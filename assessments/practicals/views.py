from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.practicals.actions import record_sheet
from assessments.practicals.forms import SheetForm, initial_of
from assessments.practicals.queries import own_marks, practicals_to_mark
from lms.common.states import Refused


@login_required
@permission_required("grading.examine", raise_exception=True)
def practical(request, pk):
    """Score one candidate by the rubric: tap a number for each criterion, save."""
    practical = get_object_or_404(practicals_to_mark(request.user), pk=pk)
    criteria = list(practical.rubric.criteria.all())
    if request.method == "POST":
        form = SheetForm(request.POST, criteria=criteria)
        if form.is_valid() and _save(request, practical, form):
            return redirect("marking_queue")
        sheet = None
    else:
        sheet, marks = own_marks(practical, request.user.employee)
        form = SheetForm(initial=initial_of(sheet, marks), criteria=criteria)
    return render(
        request,
        "assessments/practicals/practical.html",
        {"practical": practical, "form": form, "sheet": sheet, **_total(form)},
    )


@login_required
@permission_required("grading.examine", raise_exception=True)
@require_POST
def practical_total(request, pk):
    """The running total while numbers are being tapped (htmx); nothing is saved."""
    practical = get_object_or_404(practicals_to_mark(request.user), pk=pk)
    form = SheetForm(request.POST, criteria=list(practical.rubric.criteria.all()))
    return render(request, "assessments/practicals/_total.html", {"practical": practical, **_total(form)})


def _save(request, practical, form):
    try:
        sheet = record_sheet(
            practical=practical,
            marker=request.user.employee,
            points=form.given,
            comment=form.cleaned_data["comment"],
            by=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(
        request,
        _("Saved: %(name)s, %(score)s of 100.") % {"name": practical.candidate.name, "score": sheet.score.normalize().to_eng_string()},
    )
    return True


def _total(form):
    """How many criteria are scored, and the points so far of all there are."""
    if form.is_bound:
        given = form.given if form.is_valid() else {}
    else:
        given = {c.pk: form.initial[f"c{c.pk}"] for c in form.criteria if f"c{c.pk}" in form.initial}
    most = sum(criterion.max_points for criterion in form.criteria)
    points = sum(given.values())
    return {
        "scored": len(given),
        "criteria_count": len(form.criteria),
        "points": points,
        "most": most,
        "percent": round(Decimal(100 * points) / most, 1) if most else 0,
    }
