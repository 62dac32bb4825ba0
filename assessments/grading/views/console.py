"""The console from which HR takes a quarter's cycle from step to step."""

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.grading.actions.cycles import close_cycle, draft_cycle, lock_cycle, open_cycle, start_marking, start_sitting
from assessments.grading.actions.guarding import not_yours
from assessments.grading.actions.panels import seat_examiner
from assessments.grading.actions.results import ratify
from assessments.grading.actions.seats import GIVEN_AGAIN
from assessments.grading.actions.sittings import ARRANGED
from assessments.grading.forms import CycleFilter, CycleForm, SeatForm
from assessments.grading.models import Cycle, PanelMember
from assessments.grading.permissions import may_confirm, may_run
from assessments.grading.queries.components import arrangements_of
from assessments.grading.queries.consequences import hits_of
from assessments.grading.queries.guards import missing_for, next_state, stepper_of
from assessments.grading.queries.judging import sat, sheets_of, without_sheet
from assessments.grading.queries.motion import candidates_in_motion
from assessments.grading.queries.panels import line_managers_on_panel, open_changes, panel_of, people_for_seats, seat_fact
from assessments.grading.queries.records import ADMITTED, cycles_visible_to, people_not_candidates, with_counts
from lms.common.acting import attempt, form_on, open_to
from lms.common.lists import Column, List
from lms.common.states import Refused, require
from lms.common.tones import tone_of

Status = Cycle.Status
SEATING = {Status.DRAFT, Status.OPEN}
# What the button of each step says, what it will do, and the action behind it. Publication has a page of its own.
STEPS = {
    Status.OPEN: (gettext_lazy("Open the cycle"), open_cycle),
    Status.LOCKED: (gettext_lazy("Lock candidates and panel"), lock_cycle),
    Status.SITTING: (gettext_lazy("Start the exam"), start_sitting),
    Status.MARKING: (gettext_lazy("End the exam, start marking"), start_marking),
    Status.RATIFIED: (gettext_lazy("Fix the results for signing"), ratify),
    Status.CLOSED: (gettext_lazy("Close the cycle"), close_cycle),
}
EFFECTS = {
    Status.OPEN: gettext_lazy("All staff of the track below level 3 become candidates, each for the level after theirs."),
    Status.LOCKED: gettext_lazy("Who may sit and who examines is fixed; everyone who may sit is told."),
    Status.SITTING: gettext_lazy("The exam is under way; whoever misses it can be given another date until marking ends."),
    Status.MARKING: gettext_lazy("Nobody can begin or write any more; what is under way past its time is handed in."),
    Status.RATIFIED: gettext_lazy("Scores and outcomes are fixed, no further scores are taken, and the panel signs."),
    Status.PUBLISHED: gettext_lazy("Look at everything that publication will do before it is done."),
    Status.CLOSED: gettext_lazy("The cycle is put away; everything stays on record."),
}


def _people_of(cycle):
    return reverse("cycle_candidates", args=[cycle.pk])


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
            badge=lambda c: tone_of(c.status),
            sort="status",
        ),
        Column("candidates", gettext_lazy("Candidates"), numeric=True, sort="candidates", link=_people_of),
        Column(
            "sitting",
            gettext_lazy("May sit"),
            value=lambda c: c.may_sit,
            numeric=True,
            sort="may_sit",
            link=lambda c: f"{_people_of(c)}?sits=yes",
        ),
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


@open_to("grading.view_cycles")
def cycles(request):
    return CycleList(request, with_counts(cycles_visible_to(request.user))).response("assessments/grading/cycles.html")


@open_to("grading.run_cycles")
def cycle_new(request):
    form = CycleForm(request.POST or None, user=request.user)
    if form.is_valid():
        action = draft_cycle if "draft" in request.POST else open_cycle
        made = attempt(request, action, form=form, **form.cleaned_data)
        if made:
            return redirect("cycle", pk=made.pk)
    return render(request, "assessments/grading/cycle_new.html", {"form": form})


@open_to("grading.view_cycles")
def cycle(request, pk):
    """Where the cycle stands, what is missing for the next step, panel, sittings, and the buttons."""
    return console_page(request, get_object_or_404(cycles_visible_to(request.user), pk=pk))


def console_page(request, cycle, seat_form=None):
    """`seat_form`: one that was refused, with what was chosen."""
    runs = may_run(request.user, cycle)
    following, is_locked = next_state(cycle), cycle.status not in SEATING
    context = {
        "cycle": cycle,
        "tabs": tabs_of(cycle, "cycle"),
        "runs": runs,
        "steps": stepper_of(cycle),
        "missing": missing_for(cycle),
        "in_motion": candidates_in_motion(cycle),
        "following": following,
        "step_label": STEPS[following][0] if following in STEPS else "",
        "effect": EFFECTS.get(following, ""),
        "hits": hits_of(cycle, following, timezone.now()) if runs else [],
        "counts": cycle.candidacies.aggregate(
            total=Count("pk"),
            may_sit=Count("pk", filter=ADMITTED),
            waived=Count("pk", filter=Q(waived_at__isnull=False)),
            computed=Count("computed_at"),
        ),
        "seats": list(seats_of(cycle, request.user, runs, seat_form)),
        "components": list(cycle.components.all()) if is_locked else [],
        "arranged": arrangements_of(cycle, timezone.now()) if is_locked else [],
        "dates_open": cycle.status in ARRANGED,
        "arranges": runs and cycle.status in ARRANGED,
        "top": list(people_not_candidates(cycle)),
    }
    return render(request, "assessments/grading/cycle.html", context)


def tabs_of(cycle, current):
    words = {"cycle": _("Overview"), "cycle_candidates": _("Candidates"), "cycle_publish": _("Results and publication")}
    return [{"label": label, "url": reverse(name, args=[cycle.pk]), "current": name == current} for name, label in words.items()]


def seats_of(cycle, user, runs, refused=None):
    """The three seats in order: who sits, whether they have signed, whose line manager they are, what waits for a second person.

    With a form while the seat may change, and after the lock with the ways that are left.
    """
    members = {member.seat: member for member in panel_of(cycle)}
    changes = {change.seat: change for change in open_changes(cycle)}
    managed = list(line_managers_on_panel(cycle).values())
    may_change = runs and cycle.status in SEATING
    people = list(people_for_seats(cycle)) if may_change else []
    for seat in PanelMember.SEATS[cycle.track]:
        member, change = members.get(seat), changes.get(seat)
        yield {
            "label": PanelMember.Seat(seat).label,
            "member": member,
            "manages": managed.count(member.examiner_id) if member else 0,
            "form": _seat_form(cycle, seat, member, people, refused) if may_change else None,
            "change": change,
            "sheets": sheets_of(cycle, change.leaver_id) if change else 0,
            "may_confirm": change is not None and may_confirm(user, change),
            "gives_again": runs and change is None and member is not None and cycle.status in GIVEN_AGAIN,
            "excuses": runs and member is not None and _lacks_sheets(cycle, member),
        }


def _lacks_sheets(cycle, member):
    if cycle.status != Status.MARKING or not cycle.needs_three_sheets:
        return False
    return without_sheet(sat(cycle), member.examiner_id).exists()


def _seat_form(cycle, seat, member, people, refused):
    if refused is not None and refused.data.get("seat") == seat:
        return refused
    holders = [person for person in people if person.position.code == seat]
    initial = {"seat": seat, "examiner": member.examiner_id if member else None}
    facts = {"examiner": seat_fact(seat, member)}
    return SeatForm(cycle=cycle, initial=initial, people=holders, auto_id=f"{seat}_%s", facts=facts)


@open_to("grading.run_cycles", post=True)
def cycle_step(request, pk):
    """Take the step that the page offered; a page that is behind the times is told so."""
    cycle = get_object_or_404(cycles_visible_to(request.user), pk=pk)
    wanted = request.POST.get("step", "")
    if attempt(request, take_step, cycle=cycle, wanted=wanted):
        messages.success(request, _("The cycle is now “%(state)s”.") % {"state": Status(wanted).label})
    return redirect("cycle", pk=pk)


def take_step(*, cycle, wanted, by, at):
    require(may_run(by, cycle), not_yours())
    if wanted not in STEPS or wanted != next_state(cycle):
        raise Refused(_("This step is not the next one: the cycle is “%(state)s”.") % {"state": cycle.get_status_display()})
    return STEPS[wanted][1](cycle=cycle, by=by, at=at)


@open_to("grading.run_cycles")
@form_on(cycle)
def cycle_panel(request, pk):
    cycle = get_object_or_404(cycles_visible_to(request.user), pk=pk)
    require(may_run(request.user, cycle), not_yours())
    form = SeatForm(request.POST, cycle=cycle, auto_id=f"{request.POST.get('seat', '')}_%s")
    beside = form if cycle.status in SEATING else None  # from the lock on the page has no form to say it beside
    if form.is_valid() and attempt(request, seat_examiner, _seated, form=beside, cycle=cycle, **form.cleaned_data):
        return redirect("cycle", pk=pk)
    return console_page(request, cycle, seat_form=form)


def _seated(member):
    return _("%(name)s sits on the panel.") % {"name": member.examiner.name}
