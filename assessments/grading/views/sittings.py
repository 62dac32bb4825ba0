import secrets

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from assessments.exams.queries import clashes_of, sitting_shown
from assessments.grading.actions.guarding import not_yours
from assessments.grading.actions.sittings import arrange_sitting, ask_for_papers, move_sitting
from assessments.grading.forms import MoveForm, SittingForm
from assessments.grading.models import ComponentSitting
from assessments.grading.permissions import may_run
from assessments.grading.queries.components import has_sittings, waiting_for_date
from assessments.grading.queries.records import called, cycles_visible_to
from lms.common.acting import attempt, open_to
from lms.common.states import require


@open_to("grading.run_cycles")
def cycle_sitting(request, pk, level):
    """Set date, time and room for those of one level who have no date yet; papers are drawn right after."""
    cycle = get_object_or_404(cycles_visible_to(request.user), pk=pk)
    require(may_run(request.user, cycle), not_yours())
    component = get_object_or_404(cycle.components.filter(has_sittings()).select_related("cycle__dealer", "blueprint"), level=level)
    waiting = [result.candidacy for result in waiting_for_date(component, timezone.now())]
    form = SittingForm(request.POST or None, cycle=cycle, waiting=waiting)
    if form.is_valid():
        made = attempt(request, arrange_sitting, form=form, component=component, **form.cleaned_data)
        if made:
            _warn_of_clashes(request, made.sitting)
            return _draw(request, made)
    context = _about(request.user, component) | {"form": form, "waiting": waiting, "moves": False}
    return render(request, "assessments/grading/sitting.html", context)


@open_to("grading.run_cycles")
def sitting_move(request, pk):
    """Another time, room or invigilator for a sitting that nobody has begun."""
    arranged = _arranged_or_404(request, pk)
    sitting, cycle = arranged.sitting, arranged.component.cycle
    require(may_run(request.user, cycle), not_yours())
    initial = {"opens_at": sitting.opens_at, "closes_at": sitting.closes_at, "room": sitting.room, "invigilator": sitting.invigilator_id}
    form = MoveForm(request.POST or None, cycle=cycle, initial=initial, facts=sitting_shown(sitting))
    if form.is_valid() and attempt(request, move_sitting, form=form, arranged=arranged, **form.cleaned_data):
        _warn_of_clashes(request, arranged.sitting)
        return redirect("cycle", pk=cycle.pk)
    context = _about(request.user, arranged.component) | {"form": form, "waiting": [], "moves": True}
    return render(request, "assessments/grading/sitting.html", context)


def _warn_of_clashes(request, sitting):
    """The exam is set all the same: two things in one room may be meant."""
    for words in clashes_of(sitting):
        messages.warning(request, words)


def _about(user, component):
    return {"cycle": component.cycle, "named": called(component.cycle, user), "component": component}


@open_to("grading.run_cycles", post=True)
def sitting_draw(request, pk):
    return _draw(request, _arranged_or_404(request, pk))


def _arranged_or_404(request, pk):
    found = ComponentSitting.objects.filter(component__cycle__in=cycles_visible_to(request.user))
    return get_object_or_404(found.select_related("component__cycle__dealer", "sitting"), pk=pk)


def _draw(request, arranged):
    """Draw the papers in the background and go to the progress."""
    job = attempt(request, ask_for_papers, arranged=arranged, seed=secrets.randbits(62))
    return redirect("job", pk=job.pk) if job else redirect("cycle", pk=arranged.component.cycle_id)
