from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.observations.models import Checklist
from courses.observations.queries import checklists_for
from lms.common.acting import attempt, open_to
from lms.common.outside import whole_number
from lms.common.states import require
from talent_pool.interns.actions.batches import placed_by_hr
from talent_pool.interns.actions.evaluations import decide_internship, evaluate_rotation
from talent_pool.interns.forms.evaluations import DecisionForm, EvaluationForm
from talent_pool.interns.models import Rotation
from talent_pool.interns.permissions import MANAGE, STATIONS, may_change, may_evaluate
from talent_pool.interns.queries.evaluations import KINDS, LABELS, evaluations_of, formula_of, missing_of, score_now
from talent_pool.interns.views.logs import MENTOR, visible_placement


@open_to(STATIONS, MENTOR)
@require_http_methods(["GET", "POST"])
def rotation_evaluate(request, pk, rotation, kind):
    """One evaluation by a rubric, on a tablet or a phone."""
    placement = visible_placement(request, pk)
    if kind not in KINDS:
        raise Http404
    found = Rotation.objects.select_related("station", "mentor", "placement__person", "placement__batch__dealer")
    one = get_object_or_404(found, pk=rotation, placement=placement)
    require(may_evaluate(request.user, one, kind))
    lists = list(checklists_for(placement.batch.dealer, Checklist.Scale.POINTS).prefetch_related("items"))
    asked = whole_number(request.GET.get("list", ""))
    chosen = next((each for each in lists if each.pk == asked), lists[0] if lists else None)
    form = EvaluationForm(request.POST or None, checklist=chosen) if chosen else None
    if form is not None and form.is_valid():
        values = {"rotation": one, "kind": kind, "checklist": chosen, "values": form.values, "note": form.cleaned_data["note"]}
        if attempt(request, evaluate_rotation, _("The evaluation is on record."), form=form, **values):
            return redirect("internship_record", pk=pk)
    context = {"placement": placement, "rotation": one, "kind": LABELS[kind], "lists": lists, "chosen": chosen, "form": form}
    return render(request, "talent_pool/interns/evaluate.html", context)


@open_to(MANAGE)
@require_http_methods(["GET", "POST"])
def internship_decide(request, pk):
    """Passed or not, with the score that the evaluations come to."""
    placement = visible_placement(request, pk)
    require(may_change(request.user, placement), placed_by_hr(placement.batch.dealer))
    form = DecisionForm(request.POST or None)
    if form.is_valid() and attempt(
        request, decide_internship, _("The decision is on record."), form=form, placement=placement, **form.cleaned_data
    ):
        return redirect("internship_record", pk=pk)
    evaluated = evaluations_of(placement)
    context = {
        "placement": placement,
        "form": form,
        "evaluated": evaluated,
        "missing": missing_of(evaluated),
        "formula": formula_of(evaluated),
        "score": score_now(evaluated),
    }
    return render(request, "talent_pool/interns/decide.html", context)
