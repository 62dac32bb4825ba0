import secrets

from django.shortcuts import get_object_or_404, redirect, render

from assessments.grading.actions import arrange_sitting, ask_for_papers
from assessments.grading.actions.guarding import not_yours
from assessments.grading.forms import SittingForm
from assessments.grading.permissions import may_run
from assessments.grading.queries import cycles_visible_to
from lms.common.acting import attempt, open_to
from lms.common.states import require


@open_to("grading.run_cycles")
def cycle_sitting(request, pk, level):
    """Set date, time and room for one level, or move them; papers are drawn right after."""
    cycle = get_object_or_404(cycles_visible_to(request.user), pk=pk)
    require(may_run(request.user, cycle), not_yours())
    arranged = cycle.sittings.filter(level=level).select_related("sitting").first()
    form = SittingForm(request.POST or None, cycle=cycle, initial=_initial(arranged))
    if form.is_valid():
        made = attempt(request, arrange_sitting, form=form, cycle=cycle, level=level, **form.cleaned_data)
        if made:
            return redirect("cycle", pk=pk) if arranged else _draw(request, made)
    return render(request, "assessments/grading/sitting.html", {"cycle": cycle, "level": level, "arranged": arranged, "form": form})


def _initial(arranged):
    if arranged is None:
        return {}
    sitting = arranged.sitting
    return {"opens_at": sitting.opens_at, "closes_at": sitting.closes_at, "room": sitting.room, "invigilator": sitting.invigilator_id}


@open_to("grading.run_cycles", post=True)
def cycle_draw(request, pk, level):
    cycle = get_object_or_404(cycles_visible_to(request.user), pk=pk)
    return _draw(request, get_object_or_404(cycle.sittings.select_related("cycle__dealer"), level=level))


def _draw(request, arranged):
    """Draw the papers in the background and go to the progress."""
    job = attempt(request, ask_for_papers, arranged=arranged, seed=secrets.randbits(62))
    return redirect("job", pk=job.pk) if job else redirect("cycle", pk=arranged.cycle_id)
