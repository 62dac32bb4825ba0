"""From marks to results (G5): ratified for the panel to sign, or taken back while nothing is published."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.exams.actions.sealing import seal_sittings
from assessments.grading.actions.guarding import check_hands, step
from assessments.grading.kinds.registry import scores_of
from assessments.grading.models import Candidacy, ComponentResult, Cycle, PanelMember
from assessments.grading.outcome import outcome_of
from assessments.grading.queries.components import part_of, practicals_of, results_of, sittings_of
from assessments.practicals.actions import close_practicals
from assessments.practicals.models import Practical
from lms.audit.actions import record_event
from lms.common.bilingual import names_of
from lms.common.states import Refused, advance
from lms.notifications.actions import notify

Outcome = Candidacy.Outcome


@transaction.atomic
def ratify(*, cycle, by, at):
    """Fix scores and outcomes for the panel to sign. Every component must be passed; who might sit and did not has missed."""
    check_hands(cycle, by)
    # Closing waits for sheets and voidings under way, so that what is checked and counted below is all there is.
    close_practicals(practicals=practicals_of(cycle))
    seal_sittings(sittings=[row.sitting_id for row in sittings_of(cycle)], at=at)
    step(cycle, Cycle.Status.RATIFIED, by=by, at=at)
    results = list(results_of(cycle).select_related("component"))
    scores, parts = scores_of(results), {}
    for result in results:
        result.score = scores[result.pk]
        parts.setdefault(result.candidacy_id, []).append(part_of(result))
    ComponentResult.objects.bulk_update(results, ["score"], batch_size=200)
    candidacies = list(cycle.candidacies.only("pk", "is_eligible", "waived_at"))
    for candidacy in candidacies:
        candidacy.outcome = outcome_of(parts.get(candidacy.pk, []), may_sit=candidacy.may_sit)
    Candidacy.objects.bulk_update(candidacies, ["outcome"], batch_size=200)
    return cycle


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
    close_practicals(practicals=practicals_of(cycle), status=Practical.Status.OPEN)
    seal_sittings(sittings=[row.sitting_id for row in sittings_of(cycle)], at=None)
    results_of(cycle).update(score=None)
    cycle.candidacies.update(outcome=Outcome.PENDING)
    record_event("cycle.returned_to_marking", target=cycle, by=by, at=at, before={"signed": signed}, after={"reason": reason})
    notify(
        kind="grading_returned",
        people=[member.examiner for member in cycle.panel.select_related("examiner") if member.examiner.is_here],
        key=f"cycle:{cycle.pk}:{at.isoformat()}",
        context={
            "dealer": names_of(cycle.dealer),
            "track": cycle.track,
            "year": cycle.year,
            "quarter": cycle.quarter,
            "reason": reason,
        },
        url=reverse("marking_queue"),
    )
    return cycle
