"""From marks to results (G5): ratified for the panel to sign, or taken back while nothing is published."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.exams.actions import seal_sittings
from assessments.exams.queries import theory_scores
from assessments.grading.actions.guarding import check_hands, step
from assessments.grading.models import Candidacy, Cycle, PanelMember
from assessments.grading.queries import sat
from assessments.practicals.actions import close_practicals
from assessments.practicals.models import Practical
from assessments.practicals.queries import practical_scores
from lms.audit.actions import record_event
from lms.common.states import Refused, advance
from lms.notifications.actions import notify

Outcome = Candidacy.Outcome


@transaction.atomic
def ratify(*, cycle, by, at):
    """Fix scores and outcomes for the panel to sign. Every component must be passed; who did not sit has missed."""
    check_hands(cycle, by)
    practicals = list(cycle.candidacies.filter(practical__isnull=False).values_list("practical", flat=True))
    # Closing waits for sheets and voidings under way, so that what is checked and counted below is all there is.
    close_practicals(practicals=practicals)
    seal_sittings(sittings=list(cycle.sittings.values_list("sitting", flat=True)), at=at)
    step(cycle, Cycle.Status.RATIFIED, by=by, at=at)
    candidacies = list(cycle.candidacies.select_related("paper__sitting", "practical__rubric"))
    theory = theory_scores([c.paper_id for c in candidacies if c.paper_id])
    practical = practical_scores(practicals)
    present = set(sat(cycle).values_list("pk", flat=True))
    for candidacy in candidacies:
        candidacy.theory_score = theory.get(candidacy.paper_id)
        candidacy.practical_score = practical.get(candidacy.practical_id)
        candidacy.outcome = outcome_of(candidacy) if candidacy.pk in present else Outcome.MISSED
    Candidacy.objects.bulk_update(candidacies, ["theory_score", "practical_score", "outcome"], batch_size=200)
    return cycle


def outcome_of(candidacy):
    """Passed when each component reaches its own pass mark."""
    passed = (
        candidacy.theory_score >= candidacy.paper.sitting.pass_mark and candidacy.practical_score >= candidacy.practical.rubric.pass_mark
    )
    return Outcome.PASSED if passed else Outcome.FAILED


@transaction.atomic
def return_to_marking(*, cycle, reason, by, at):
    """Take unpublished results back to marking: signatures fall, sheets and voidings are taken again. With a reason, on record."""
    check_hands(cycle, by)
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why the results go back to marking; the panel will want to know."), field="reason")
    advance(cycle, start=Cycle.Status.RATIFIED, end=Cycle.Status.MARKING)
    signed = list(cycle.panel.exclude(signed_at=None).values_list("seat", flat=True))
    PanelMember.objects.filter(cycle=cycle).update(signed_at=None, signed_by=None)
    practicals = cycle.candidacies.filter(practical__isnull=False).values_list("practical", flat=True)
    close_practicals(practicals=list(practicals), status=Practical.Status.OPEN)
    seal_sittings(sittings=list(cycle.sittings.values_list("sitting", flat=True)), at=None)
    cycle.candidacies.update(theory_score=None, practical_score=None, outcome=Outcome.PENDING)
    record_event("cycle.returned_to_marking", target=cycle, by=by, at=at, before={"signed": signed}, after={"reason": reason})
    notify(
        kind="grading_returned",
        people=[member.examiner for member in cycle.panel.select_related("examiner") if member.examiner.is_here],
        key=f"cycle:{cycle.pk}:{at.isoformat()}",
        context={"track": cycle.track, "year": cycle.year, "quarter": cycle.quarter, "reason": reason},
        url=reverse("marking_queue"),
    )
    return cycle
