"""The console from which HR takes a quarter's cycle from step to step."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from assessments.grading import actions
from assessments.grading.forms import CycleFilter, CycleForm, SeatForm, people_for_seats
from assessments.grading.models import Cycle, PanelMember
from assessments.grading.permissions import may_run
from assessments.grading.queries import (
    cycles_visible_to,
    line_managers_on_panel,
    missing_for,
    next_state,
    panel_of,
    people_not_candidates,
    stepper_of,
)
from assessments.grading.queries.records import ADMITTED
from lms.common.lists import Column, List
from lms.common.states import Refused

Status = Cycle.Status
TONES = {Status.DRAFT: "", Status.PUBLISHED: "good", Status.CLOSED: "good"}
# What the button of each step says, what it will do, and the action behind it. Publication has a page of its own.
STEPS = {
    Status.OPEN: (gettext_lazy("Open the cycle"), actions.open_cycle),
    Status.LOCKED: (gettext_lazy("Lock candidates and panel"), actions.lock_cycle),
    Status.SITTING: (gettext_lazy("Start the exam"), actions.start_sitting),
    Status.MARKING: (gettext_lazy("End the exam, start marking"), actions.start_marking),
    Status.RATIFIED: (gettext_lazy("Fix the results for signing"), actions.ratify),
    Status.CLOSED: (gettext_lazy("Close the cycle"), actions.close_cycle),
}
EFFECTS = {
    Status.OPEN: gettext_lazy("All staff of the track below level 3 become candidates, each for the level after theirs."),
    Status.LOCKED: gettext_lazy("Who may sit and who examines is fixed; everyone who may sit is told."),
    Status.SITTING: gettext_lazy("The exam is under way; times and papers stay as they are."),
    Status.MARKING: gettext_lazy("Nobody can begin or write any more; what is under way past its time is handed in."),
    Status.RATIFIED: gettext_lazy("Scores and outcomes are fixed, no further scores are taken, and the panel signs."),
    Status.PUBLISHED: gettext_lazy("Look at everything that publication will do before it is done."),
    Status.CLOSED: gettext_lazy("The cycle is put away; everything stays on record."),
}


class CycleList(List):
    name = "cycles"
    filterset = CycleFilter
    default_sort = "-cycle"
    columns = [
        Column("cycle", gettext_lazy("Cycle"), value=str, link=lambda c: reverse("cycle", args=[c.pk]), sort=("year", "quarter")),
        Column("track", gettext_lazy("Track"), value=lambda c: c.get_track_display(), sort="track"),
        Column("dealer", gettext_lazy("Dealer"), value=lambda c: c.dealer.name, sort="dealer__code"),
        Column(
            "status",
            gettext_lazy("State"),
            value=lambda c: c.get_status_display(),
            badge=lambda c: TONES.get(c.status, "accent"),
            sort="status",
        ),
        Column("candidates", gettext_lazy("Candidates"), numeric=True, sort="candidates"),
        Column("sitting", gettext_lazy("May sit"), value=lambda c: c.may_sit, numeric=True, sort="may_sit"),
        Column(
            "published",
            gettext_lazy("Published"),
            value=lambda c: c.published_at and timezone.localtime(c.published_at).date(),
            sort="published_at",
        ),
    ]
    empty_icon = "grading"
    empty_title = gettext_lazy("No grading cycle yet")
    empty_text = gettext_lazy("Every quarter each track has one: its staff sit for the level after theirs.")


@login_required
@permission_required("grading.view_cycles", raise_exception=True)
def cycles(request):
    admitted = Q(candidacies__is_eligible=True) | Q(candidacies__waived_at__isnull=False)
    found = cycles_visible_to(request.user).annotate(candidates=Count("candidacies"), may_sit=Count("candidacies", filter=admitted))
    return CycleList(request, found).response("assessments/grading/cycles.html")


@login_required
@permission_required("grading.run_cycles", raise_exception=True)
def cycle_new(request):
    form = CycleForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        act = actions.draft_cycle if "draft" in request.POST else actions.open_cycle
        try:
            made = act(**form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            return redirect("cycle", pk=made.pk)
    return render(request, "assessments/grading/cycle_new.html", {"form": form})


@login_required
@permission_required("grading.view_cycles", raise_exception=True)
def cycle(request, pk):
    """Where the cycle stands, what is missing for the next step, panel, sittings, and the buttons."""
    cycle = get_object_or_404(cycles_visible_to(request.user), pk=pk)
    runs = may_run(request.user, cycle)
    following = next_state(cycle)
    context = {
        "cycle": cycle,
        "tabs": tabs_of(cycle, "cycle"),
        "runs": runs,
        "steps": stepper_of(cycle),
        "missing": missing_for(cycle),
        "following": following,
        "step_label": STEPS[following][0] if following in STEPS else "",
        "effect": EFFECTS.get(following, ""),
        "counts": cycle.candidacies.aggregate(
            total=Count("pk"),
            may_sit=Count("pk", filter=ADMITTED),
            waived=Count("pk", filter=Q(waived_at__isnull=False)),
            computed=Count("computed_at"),
        ),
        "seats": seats_of(cycle, runs),
        "arranged": sittings_of(cycle),
        "top": list(people_not_candidates(cycle)),
    }
    return render(request, "assessments/grading/cycle.html", context)


def tabs_of(cycle, current):
    words = {"cycle": _("Overview"), "cycle_candidates": _("Candidates"), "cycle_publish": _("Results and publication")}
    return [{"label": label, "url": reverse(name, args=[cycle.pk]), "current": name == current} for name, label in words.items()]


def seats_of(cycle, runs):
    """The three seats in order: who sits, whether they have signed, whose line manager they are; with a form while it may change."""
    members = {member.seat: member for member in panel_of(cycle)}
    managed = list(line_managers_on_panel(cycle).values())
    may_change = runs and cycle.status in {Status.DRAFT, Status.OPEN}
    people = list(people_for_seats(cycle)) if may_change else []
    for seat in PanelMember.SEATS[cycle.track]:
        member = members.get(seat)
        holders = [person for person in people if person.position.code == seat]
        initial = {"seat": seat, "examiner": member.examiner_id if member else None}
        yield {
            "label": PanelMember.Seat(seat).label,
            "member": member,
            "manages": managed.count(member.examiner_id) if member else 0,
            "form": SeatForm(cycle=cycle, initial=initial, people=holders, auto_id=f"{seat}_%s") if may_change else None,
        }


def sittings_of(cycle):
    """One row a level with candidates who may sit: its sitting, if there is one, and how far its papers are."""
    wanted = dict(cycle.candidacies.filter(ADMITTED).order_by().values_list("to_level").annotate(people=Count("pk")))
    papers = Count("sitting__papers", distinct=True)
    begun = Count("sitting__papers__attempt", distinct=True)
    submitted = Count("sitting__papers__attempt", filter=Q(sitting__papers__attempt__submitted_at__isnull=False), distinct=True)
    rows = {row.level: row for row in cycle.sittings.select_related("sitting").annotate(papers=papers, begun=begun, submitted=submitted)}
    return [{"level": level, "people": wanted[level], "row": rows.get(level)} for level in sorted(wanted)]


@login_required
@permission_required("grading.run_cycles", raise_exception=True)
@require_POST
def cycle_step(request, pk):
    """Take the step that the page offered; a page that is behind the times is told so."""
    cycle = get_object_or_404(cycles_visible_to(request.user), pk=pk)
    wanted = request.POST.get("step", "")
    try:
        if not may_run(request.user, cycle) or wanted not in STEPS or wanted != next_state(cycle):
            raise Refused(_("This step is not the next one: the cycle is “%(state)s”.") % {"state": cycle.get_status_display()})
        STEPS[wanted][1](cycle=cycle, by=request.user, at=timezone.now())
        messages.success(request, _("The cycle is now “%(state)s”.") % {"state": Status(wanted).label})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("cycle", pk=pk)


@login_required
@permission_required("grading.run_cycles", raise_exception=True)
@require_POST
def cycle_panel(request, pk):
    cycle = get_object_or_404(cycles_visible_to(request.user), pk=pk)
    form = SeatForm(request.POST, cycle=cycle)
    try:
        if not form.is_valid():
            raise Refused(_("Choose who takes the seat."))
        member = actions.seat_examiner(cycle=cycle, **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("%(name)s sits on the panel.") % {"name": member.examiner.name})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("cycle", pk=pk)
