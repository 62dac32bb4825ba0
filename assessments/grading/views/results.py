from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.grading.actions import return_to_marking
from assessments.grading.forms import ReasonForm
from assessments.grading.models import Award, Cycle
from assessments.grading.permissions import SHOWN, may_run
from assessments.grading.queries import cycles_visible_to, missing_for, panel_of, publication_preview
from assessments.grading.views.console import tabs_of
from lms.common.states import Refused
from lms.jobs.actions import start_job
from lms.jobs.queries import jobs_visible_to


@login_required
@permission_required("grading.view_cycles", raise_exception=True)
def cycle_publish(request, pk):
    """Before: everything that publication will do, and the button. After: what it did."""
    cycle = get_object_or_404(cycles_visible_to(request.user), pk=pk)
    runs = may_run(request.user, cycle)
    if request.method == "POST":
        return _publish(request, cycle, runs)
    is_ready = cycle.status == Cycle.Status.RATIFIED
    shows = runs and is_ready
    context = {
        "cycle": cycle,
        "tabs": tabs_of(cycle, "cycle_publish"),
        "runs": runs,
        "is_ready": is_ready,
        "is_published": cycle.status in SHOWN,
        "missing": missing_for(cycle) if is_ready else [],
        "preview": publication_preview(cycle) if shows or cycle.status in SHOWN else None,
        "panel": panel_of(cycle),
        "awards": Award.objects.filter(cycle=cycle).select_related("employee__position", "certificate") if cycle.status in SHOWN else [],
        "job": jobs_visible_to(request.user)
        .filter(kind="grading.publish_cycle", key=_key(cycle), status__in=["queued", "running"])
        .first(),
        "return_form": ReasonForm() if shows else None,
    }
    return render(request, "assessments/grading/publish.html", context)


def _key(cycle):
    return f"cycle:{cycle.pk}"


def _publish(request, cycle, runs):
    try:
        if not runs or cycle.status != Cycle.Status.RATIFIED:
            raise Refused(_("This cycle can't be published: it is “%(state)s”.") % {"state": cycle.get_status_display()})
        job = start_job(kind="grading.publish_cycle", key=_key(cycle), params={"cycle_id": cycle.pk}, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("cycle_publish", pk=cycle.pk)
    return redirect("job", pk=job.pk)


@login_required
@permission_required("grading.run_cycles", raise_exception=True)
@require_POST
def cycle_return(request, pk):
    cycle = get_object_or_404(cycles_visible_to(request.user), pk=pk)
    try:
        return_to_marking(cycle=cycle, reason=request.POST.get("reason", "")[:200], by=request.user, at=timezone.now())
        messages.success(request, _("The results are back in marking; all signatures are lifted."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("cycle", pk=pk)
