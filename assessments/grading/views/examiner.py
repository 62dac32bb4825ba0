from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from assessments.grading.actions.panels import sign_results
from assessments.grading.models import Candidacy, Cycle, MissingSheet, PanelMember
from assessments.grading.permissions import SHOWN
from assessments.grading.queries.components import results_by_candidacy
from assessments.grading.queries.panels import line_managers_on_panel, panel_of
from assessments.grading.queries.records import admitted
from assessments.practicals.queries import latest_sheets, practicals_to_mark
from lms.common.acting import attempt, open_to
from lms.common.tones import tone_of


def seats_of_user(user):
    """The panels that `user` sits on; one of a cycle in which they are a candidate themselves is none (G3)."""
    sat = Candidacy.objects.filter(cycle=OuterRef("cycle"), employee=OuterRef("examiner"))
    return PanelMember.objects.filter(~Exists(sat), examiner__user=user).select_related("cycle__dealer", "examiner")


@open_to("grading.examine")
def marking_queue(request):
    """What an examiner has to do: practical exams left to score and done, and results to sign; cycle by cycle."""
    under_way = [Cycle.Status.LOCKED, Cycle.Status.SITTING, Cycle.Status.MARKING, Cycle.Status.RATIFIED]
    seats = list(seats_of_user(request.user).filter(cycle__status__in=under_way).order_by("cycle__dealer__code", "cycle__track", "pk"))
    practicals = {}
    for practical in practicals_to_mark(request.user).select_related("result__component"):
        practicals.setdefault(practical.result.component.cycle_id, []).append(practical)
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


@open_to("grading.examine")
def cycle_sign(request, pk):
    """All results of the cycle side by side, and the signature of this member of the panel."""
    member = get_object_or_404(seats_of_user(request.user), cycle=pk)
    if request.method == "POST":
        attempt(request, sign_results, _("Signed. Thank you."), member=member)
        return redirect("cycle_sign", pk=pk)
    is_fixed = member.cycle.status in {Cycle.Status.RATIFIED, *SHOWN}
    panel = list(panel_of(member.cycle))
    context = {"member": member, "cycle": member.cycle, "panel": panel, "is_fixed": is_fixed}
    context["changes"] = member.cycle.seat_changes.exclude(confirmed_at=None).select_related("leaver", "examiner")
    if is_fixed:
        context["kinds"], context["rows"] = _compared(member, panel)
    return render(request, "assessments/grading/sign.html", context)


def _compared(member, panel):
    """The kinds of components, and a row for each who was admitted: result in each, each marker's score, who is whose line manager."""
    cycle = member.cycle
    people = admitted(cycle).select_related("employee__position").order_by("to_level", "employee__number")
    kinds, results = results_by_candidacy(cycle)
    sheets = latest_sheets([result.practical_id for own in results.values() for result in own if result and result.practical_id])
    managed = line_managers_on_panel(cycle)
    excused = _excused(cycle)
    names = {seat.examiner_id: seat.examiner.name for seat in panel}
    rows = [
        {
            "candidacy": c,
            "results": results.get(c.pk, [None] * len(kinds)),
            "sheets": list(_sheets(results.get(c.pk, []), sheets)),
            "excused": excused.get(c.pk, []),
            "outcome": Candidacy.Outcome(c.outcome).label,
            "tone": tone_of(c.outcome),
            "own_report": managed.get(c.employee_id) == member.examiner_id,
            "managed_by": names.get(managed.get(c.employee_id), ""),
        }
        for c in people
    ]
    return kinds, rows


def _sheets(results, sheets):
    """What each marker gave; the part is named where the panel scores more than one."""
    scored = [result for result in results if result and result.practical_id]
    for result in scored:
        part = result.component.label if len(scored) > 1 else ""
        yield {"part": part, "scores": [(sheet.marker.name, sheet.score) for sheet in sheets.get(result.practical_id, [])]}


def _excused(cycle):
    """{candidacy id: [the sheets that are missing, each with why]}"""
    found = {}
    for row in MissingSheet.objects.filter(candidacy__cycle=cycle).select_related("examiner"):
        found.setdefault(row.candidacy_id, []).append(row)
    return found
