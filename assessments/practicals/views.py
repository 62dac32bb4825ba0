from fractions import Fraction

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from assessments.practicals.actions import record_sheet
from assessments.practicals.forms import SheetForm, initial_of
from assessments.practicals.queries import own_marks, practicals_to_mark, sheet_shown
from lms.common import drafts
from lms.common.acting import attempt, open_to
from lms.common.scores import score_of, shown_score


@open_to("grading.examine")
def practical(request, pk):
    """Score one candidate by the rubric: tap a number for each criterion, save."""
    practical = get_object_or_404(practicals_to_mark(request.user), pk=pk)
    criteria = list(practical.rubric.criteria.all())
    marker = request.user.employee
    sheet, marks = own_marks(practical, marker)
    draft = drafts.draft_of(request, _draft(pk)) if request.method != "POST" else {}
    facts = sheet_shown(criteria, sheet, marks)
    form = SheetForm(request.POST or None, initial=initial_of(sheet, marks), criteria=criteria, facts=facts)
    form.initial |= draft  # with what its page showed then: what was saved elsewhere meanwhile is told when this is sent
    if request.method == "POST" and form.is_valid() and _save(request, practical, marker, form):
        drafts.drop_draft(request, _draft(pk))
        return redirect("marking_queue")
    context = {"practical": practical, "form": form, "sheet": sheet, "total": _total(form), "is_draft": bool(draft)}
    return render(request, "assessments/practicals/practical.html", context)


@open_to("grading.examine", post=True)
def practical_total(request, pk):
    """The running total while numbers are being tapped (htmx). No sheet is saved; what is tapped so far is found again on this device."""
    practical = get_object_or_404(practicals_to_mark(request.user), pk=pk)
    form = SheetForm(request.POST, criteria=list(practical.rubric.criteria.all()))
    if form.is_valid():
        drafts.keep_draft(request, _draft(pk), [*form.fields])
    return render(request, "assessments/practicals/_total.html", {"practical": practical, "total": _total(form)})


def _draft(pk):
    return f"practical-{pk}"


def _save(request, practical, marker, form):
    values = {"practical": practical, "marker": marker, "points": form.given, "comment": form.cleaned_data["comment"]}
    values["shown"] = form.cleaned_data["shown"]
    return attempt(request, record_sheet, lambda sheet: _saved(practical, sheet), form=form, **values)


def _saved(practical, sheet):
    return _("Saved: %(name)s, %(score)s of 100.") % {
        "name": practical.candidate.name,
        "score": shown_score(sheet.score),
    }


def _total(form):
    """How many criteria are scored, and the points so far of all there are."""
    if form.is_bound:
        form.is_valid()
        given = form.given
    else:
        given = {c.pk: int(form.initial[f"c{c.pk}"]) for c in form.criteria if f"c{c.pk}" in form.initial}
    most = sum(criterion.max_points for criterion in form.criteria)
    points = sum(given.values())
    return {
        "scored": len(given),
        "criteria_count": len(form.criteria),
        "points": points,
        "most": most,
        "percent": score_of(Fraction(100 * points) / most) if most else 0,
    }
