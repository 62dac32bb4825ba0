import secrets

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from assessments.grading.actions import arrange_sitting
from assessments.grading.forms import SittingForm
from assessments.grading.queries import cycles_visible_to
from lms.common.states import Refused
from lms.jobs.actions import start_job


@login_required
@permission_required("grading.run_cycles", raise_exception=True)
def cycle_sitting(request, pk, level):
    """Set date, time and room for one level, or move them; papers are drawn right after."""
    cycle = get_object_or_404(cycles_visible_to(request.user), pk=pk)
    arranged = cycle.sittings.filter(level=level).select_related("sitting").first()
    form = SittingForm(request.POST or None, cycle=cycle, initial=_initial(arranged))
    if request.method == "POST" and form.is_valid():
        try:
            made = arrange_sitting(cycle=cycle, level=level, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            return redirect("cycle", pk=pk) if arranged else _draw(request, made)
    return render(request, "assessments/grading/sitting.html", {"cycle": cycle, "level": level, "arranged": arranged, "form": form})


def _initial(arranged):
    if arranged is None:
        return {}
    sitting = arranged.sitting
    return {"opens_at": sitting.opens_at, "closes_at": sitting.closes_at, "room": sitting.room, "invigilator": sitting.invigilator_id}


@login_required
@permission_required("grading.run_cycles", raise_exception=True)
@require_POST
def cycle_draw(request, pk, level):
    cycle = get_object_or_404(cycles_visible_to(request.user), pk=pk)
    return _draw(request, get_object_or_404(cycle.sittings, level=level))


def _draw(request, arranged):
    """Draw the papers in the background and go to the progress."""
    params = {"cycle_id": arranged.cycle_id, "cycle_sitting_id": arranged.pk, "seed": str(secrets.randbits(62))}
    try:
        job = start_job(kind="grading.draw_papers", key=f"sitting:{arranged.pk}", params=params, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("cycle", pk=arranged.cycle_id)
    return redirect("job", pk=job.pk)
