from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.grading.actions import sign_results
from assessments.grading.models import Candidacy, Cycle, PanelMember
from assessments.grading.permissions import SHOWN
from assessments.grading.queries import admitted, line_managers_on_panel, panel_of
from assessments.practicals.queries import latest_sheets, practicals_to_mark
from lms.common.states import Refused

OUTCOME_TONES = {"passed": "good", "failed": "bad", "missed": "warn"}


def seats_of_user(user):
    return PanelMember.objects.filter(examiner__user=user).select_related("cycle__dealer")


@login_required
@permission_required("grading.examine", raise_exception=True)
def marking_queue(request):
    """What an examiner has to do: practical exams left to score and done, and results to sign; cycle by cycle."""
    under_way = [Cycle.Status.LOCKED, Cycle.Status.SITTING, Cycle.Status.MARKING, Cycle.Status.RATIFIED]
    seats = list(seats_of_user(request.user).filter(cycle__status__in=under_way).order_by("cycle__dealer__code", "cycle__track", "pk"))
    practicals = {}
    for practical in practicals_to_mark(request.user).select_related("candidacy"):
        practicals.setdefault(practical.candidacy.cycle_id, []).append(practical)
    groups = [_group(seat, practicals.get(seat.cycle_id, [])) for seat in seats]
    return render(request, "assessments/grading/marking_queue.html", {"groups": groups})


def _group(seat, practicals):
    return {
        "seat": seat,
        "cycle": seat.cycle,
        "practicals": sorted(practicals, key=lambda practical: practical.is_scored),
        "done": sum(practical.is_scored for practical in practicals),
        "to_sign": seat.cycle.status == Cycle.Status.RATIFIED,
    }


@login_required
@permission_required("grading.examine", raise_exception=True)
def cycle_sign(request, pk):
    """All results of the cycle side by side, and the signature of this member of the panel."""
    member = get_object_or_404(seats_of_user(request.user), cycle=pk)
    if request.method == "POST":
        try:
            sign_results(member=member, by=request.user, at=timezone.now())
            messages.success(request, _("Signed. Thank you."))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("cycle_sign", pk=pk)
    is_fixed = member.cycle.status in {Cycle.Status.RATIFIED, *SHOWN}
    context = {"member": member, "cycle": member.cycle, "panel": panel_of(member.cycle), "is_fixed": is_fixed}
    if is_fixed:
        context["rows"] = _compared(member)
    return render(request, "assessments/grading/sign.html", context)


def _compared(member):
    """One row a candidate who was admitted: both components with their pass marks, each marker's score, who is whose line manager."""
    cycle = member.cycle
    people = (
        admitted(cycle).select_related("employee__position", "paper__sitting", "practical__rubric").order_by("to_level", "employee__number")
    )
    sheets = latest_sheets([c.practical_id for c in people])
    managed = line_managers_on_panel(cycle)
    names = {seat.examiner_id: seat.examiner.name for seat in panel_of(cycle)}
    return [
        {
            "candidacy": c,
            "theory_mark": c.paper.sitting.pass_mark if c.paper else None,
            "practical_mark": c.practical.rubric.pass_mark if c.practical else None,
            "sheets": [(sheet.marker.name, sheet.score) for sheet in sheets.get(c.practical_id, [])],
            "outcome": Candidacy.Outcome(c.outcome).label,
            "tone": OUTCOME_TONES.get(c.outcome, ""),
            "own_report": managed.get(c.employee_id) == member.examiner_id,
            "managed_by": names.get(managed.get(c.employee_id), ""),
        }
        for c in people
    ]
