from decimal import Decimal
from functools import partial

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.grading.actions.candidates import compute_eligibility, waive
from assessments.grading.actions.guarding import not_yours
from assessments.grading.eligibility import words_of
from assessments.grading.forms import CandidacyFilter, ReasonForm
from assessments.grading.kinds.registry import kinds
from assessments.grading.models import Candidacy
from assessments.grading.permissions import may_run
from assessments.grading.queries.findings import computations_of, grounds_of
from assessments.grading.queries.records import called, candidacies_visible_to, cycles_visible_to
from assessments.grading.views.console import tabs_of
from lms.common.acting import attempt, open_to
from lms.common.bilingual import clauses
from lms.common.lists import Column, List
from lms.common.scores import shown_score
from lms.common.states import require
from lms.common.tones import tone_of

Outcome = Candidacy.Outcome


def open_items(candidacy):
    """What is open, in words."""
    return [words_of(finding) for finding in candidacy.findings if not finding["met"]]


def why(candidacy):
    if candidacy.computed_at is None:
        return _("not computed yet")
    words = clauses(open_items(candidacy))
    if candidacy.waived_at:
        return _("%(open)s. Waived: %(reason)s") % {"open": words, "reason": candidacy.waived_reason}
    return words or _("everything met")


def sits(candidacy):
    if candidacy.waived_at:
        return _("Waived")
    return _("May sit") if candidacy.is_eligible else _("Something is open")


def sits_tone(candidacy):
    return "good" if candidacy.is_eligible else "accent" if candidacy.waived_at else "warn"


class CandidacyList(List):
    name = "candidates"
    filterset = CandidacyFilter
    default_sort = "name"
    columns = [
        Column("name", gettext_lazy("Name"), value=lambda c: c.employee.name, sort="employee__name"),
        Column("number", gettext_lazy("Employee number"), value=lambda c: c.employee.number, shown=False),
        Column("dealer", gettext_lazy("Dealer"), value=lambda c: c.cycle.dealer.name, shown=False),
        Column("cycle", gettext_lazy("Cycle"), value=lambda c: str(c.cycle), shown=False),
        Column("position", gettext_lazy("Position"), value=lambda c: c.employee.position.name, sort="employee__position__order"),
        Column("step", gettext_lazy("Level step"), value=lambda c: f"{c.from_level} → {c.to_level}", sort="to_level"),
        Column("sits", gettext_lazy("May sit"), value=sits, badge=sits_tone, sort=("is_eligible", "waived_at")),
        Column("why", gettext_lazy("Why"), value=why),
        Column(
            "outcome",
            gettext_lazy("Outcome"),
            value=lambda c: Outcome(c.seen_outcome).label,
            badge=lambda c: tone_of(c.seen_outcome),
            sort="seen_outcome",
        ),
    ]
    waive_column = Column(
        "waive",
        gettext_lazy("Waiver"),
        value=lambda c: _("Waive …") if c.computed_at and not c.may_sit else "",
        link=lambda c: reverse("candidacy_waive", args=[c.pk]) if c.computed_at and not c.may_sit else "",
        exported=False,
    )
    empty_icon = "people"
    empty_title = gettext_lazy("No candidates yet")
    empty_text = gettext_lazy("They come in by themselves when the cycle is opened.")


def _score(name, candidacy):
    """A number, for files: in the digits in which every page shows it."""
    score = getattr(candidacy, name)
    return None if score is None else Decimal(shown_score(score))


def with_scores(track):
    """The list of a cycle of this track, with a column for each kind of component that it may have."""
    scores = [
        Column(
            kind.name,
            kind.label,
            value=partial(_score, f"seen_{kind.name}"),
            numeric=True,
            sort=f"seen_{kind.name}",
            shown=kind.is_needed,
        )
        for kind in kinds(track)
    ]
    *known, outcome = CandidacyList.columns
    return type("CandidacyList", (CandidacyList,), {"columns": [*known, *scores, outcome]})


class WaivableList(CandidacyList):
    """While the cycle is open: results are far, waivers are not."""

    columns = [*[c for c in CandidacyList.columns if c.name != "outcome"], CandidacyList.waive_column]


@open_to("grading.view_cycles")
def cycle_candidates(request, pk):
    cycle = get_object_or_404(cycles_visible_to(request.user), pk=pk)
    may_waive = cycle.status == cycle.Status.OPEN and may_run(request.user, cycle)
    rows = candidacies_visible_to(request.user).filter(cycle=cycle)
    listing = (WaivableList if may_waive else with_scores(cycle.track))(request, rows)
    context = {"cycle": cycle, "tabs": tabs_of(cycle, "cycle_candidates"), "may_compute": may_waive}
    return listing.response("assessments/grading/candidates.html", context)


@open_to("grading.run_cycles", post=True)
def cycle_eligibility(request, pk):
    cycle = get_object_or_404(cycles_visible_to(request.user), pk=pk)
    attempt(request, compute_eligibility, _computed, cycle=cycle)
    return redirect("cycle_candidates", pk=pk)


def _computed(counts):
    eligible, total = counts
    return _("Eligibility computed: %(eligible)d of %(total)d may sit.") % {"eligible": eligible, "total": total}


def checks_of(candidacy):
    """What is open, each with the sessions and courses that it rests on."""
    grounds = grounds_of(candidacy)
    still_open = [finding for finding in candidacy.findings if not finding["met"]]
    return [{"ok": False, "text": words_of(finding), "grounds": grounds.get(finding["rule"], [])} for finding in still_open]


@open_to("grading.run_cycles")
def candidacy_waive(request, pk):
    candidacy = get_object_or_404(candidacies_visible_to(request.user), pk=pk)
    require(may_run(request.user, candidacy.cycle), not_yours())
    form = ReasonForm(request.POST or None)
    done = _("%(name)s may sit; the reason is on record.") % {"name": candidacy.employee.name}
    if form.is_valid() and attempt(request, waive, done, form=form, candidacy=candidacy, **form.cleaned_data):
        return redirect("cycle_candidates", pk=candidacy.cycle_id)
    context = {
        "candidacy": candidacy,
        "named": called(candidacy.cycle, request.user),
        "form": form,
        "checks": checks_of(candidacy),
        "computations": computations_of(candidacy),
    }
    return render(request, "assessments/grading/waive.html", context)
