from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from assessments.grading.actions.publication import ask_for_publication
from assessments.grading.actions.results import return_to_marking
from assessments.grading.forms import ReasonForm
from assessments.grading.models import Cycle, LevelDecision
from assessments.grading.permissions import SHOWN, may_run
from assessments.grading.queries.consequences import hits_of_publication
from assessments.grading.queries.guards import missing_for
from assessments.grading.queries.panels import panel_of
from assessments.grading.queries.preview import names_not_printable, publication_preview
from assessments.grading.queries.records import cycles_visible_to
from assessments.grading.views.console import tabs_of
from lms.common.acting import attempt, form_on, open_to, typed_texts
from lms.jobs.queries import jobs_visible_to


@open_to("grading.view_cycles")
def cycle_publish(request, pk):
    """Before: everything that publication will do, and the button. After: what it did."""
    cycle = get_object_or_404(cycles_visible_to(request.user), pk=pk)
    if request.method == "POST":
        job = attempt(request, ask_for_publication, cycle=cycle)
        return redirect("job", pk=job.pk) if job else redirect("cycle_publish", pk=cycle.pk)
    return _results_page(request, cycle)


@open_to("grading.run_cycles")
@form_on(cycle_publish)
def cycle_return(request, pk):
    cycle = get_object_or_404(cycles_visible_to(request.user), pk=pk)
    form = ReasonForm(request.POST)
    done = _("The results are back in marking; all signatures are lifted.")
    beside = form if cycle.status == Cycle.Status.RATIFIED else None  # elsewhere the page has no form to say it beside
    if form.is_valid() and attempt(request, return_to_marking, done, form=beside, cycle=cycle, **form.cleaned_data):
        return redirect("cycle", pk=pk)
    return _results_page(request, cycle, return_form=form)


def _results_page(request, cycle, return_form=None):
    runs = may_run(request.user, cycle)
    is_ready = cycle.status == Cycle.Status.RATIFIED
    shows = runs and is_ready
    jobs = jobs_visible_to(request.user).filter(kind="grading.publish_cycle", key=f"cycle:{cycle.pk}", status__in=["queued", "running"])
    preview = publication_preview(cycle) if shows or cycle.status in SHOWN else None
    context = {
        "cycle": cycle,
        "tabs": tabs_of(cycle, "cycle_publish"),
        "runs": runs,
        "is_ready": is_ready,
        "is_published": cycle.status in SHOWN,
        "missing": missing_for(cycle) if is_ready else [],
        "typed": [] if shows else typed_texts(request),
        "preview": preview,
        "unprintable": [_unprintable(*found) for found in names_not_printable(cycle, preview["promotions"])] if shows else [],
        "hits": list(hits_of_publication(preview)) if shows else [],
        "signed": cycle.panel.exclude(signed_at=None).count() if shows else 0,
        "panel": panel_of(cycle),
        "awards": _awards_of(cycle) if cycle.status in SHOWN else [],
        "job": jobs.first(),
        "return_form": return_form or (ReasonForm() if shows else None),
    }
    return render(request, "assessments/grading/publish.html", context)


def _unprintable(name, characters):
    """With the numbers of the characters: whoever reads this may see no more than a box either."""
    shown = " ".join(f"{character} (U+{ord(character):04X})" for character in characters)
    return f"{name} · {shown}"


def _awards_of(cycle):
    awards = LevelDecision.objects.filter(cycle=cycle, kind=LevelDecision.Kind.AWARD)
    return awards.select_related("employee__position", "certificate")
