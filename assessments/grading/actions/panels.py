"""The panel of three and its signatures (G3)."""

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.grading.actions.guarding import check_independence, check_state, not_yours
from assessments.grading.models import Cycle, PanelMember
from assessments.grading.outcome import overall
from assessments.grading.permissions import may_seat, may_sign_for
from assessments.grading.queries.components import part_of, results_by_candidacy
from assessments.grading.queries.judging import unjudged
from assessments.grading.queries.panels import seat_shown, why_not_seated
from lms.audit.actions import record_event
from lms.audit.meanwhile import check_shown
from lms.common.states import Refused, WrongState, require


@transaction.atomic
def seat_examiner(*, cycle, seat, examiner, by, at, shown=None):
    """Give a seat of the panel to someone, or to someone else, until the cycle is locked. Nobody seats themselves."""
    require(may_seat(by, cycle, examiner), not_yours())
    check_state(cycle, Cycle.Status.OPEN, Cycle.Status.DRAFT)
    check_shown(shown, seat_shown(cycle, seat), cycle)
    refusal = why_not_seated(cycle, seat, examiner)
    if refusal:
        raise Refused(refusal, field="examiner")
    before = cycle.panel.filter(seat=seat).values_list("examiner", flat=True).first()
    member, _created = PanelMember.objects.update_or_create(cycle=cycle, seat=seat, defaults={"examiner": examiner})
    record_event("panel.seated", target=cycle, by=by, at=at, before={"examiner": before}, after={"seat": seat, "examiner": examiner.pk})
    return member


@transaction.atomic
def sign_results(*, member, by, at):
    """One of the three signs all results of the cycle, having judged them. No result stands before all three have."""
    require(
        may_sign_for(by, member),
        _("Each member of the panel signs for themselves; this seat is %(name)s's.") % {"name": member.examiner.name},
    )
    check_state(member.cycle, Cycle.Status.RATIFIED)
    check_independence(member.cycle, by, at)
    names = unjudged(member)
    if names:
        raise Refused(_("You have not scored %(names)s, and nobody signs what they have not judged.") % {"names": names})
    signed = PanelMember.objects.filter(pk=member.pk, examiner=member.examiner_id, signed_at__isnull=True).update(
        signed_at=at, signed_by=by
    )
    if not signed:
        raise WrongState(_("You have signed these results already; nothing was changed."))
    member.signed_at, member.signed_by = at, by
    record_event("panel.signed", target=member.cycle, by=by, at=at, after={"seat": member.seat, "results": _results(member.cycle)})
    return member


def _results(cycle):
    """What was signed: {candidacy id: {"outcome", "overall", "scores": {kind: score}}}."""
    _kinds, results = results_by_candidacy(cycle)
    signed = {}
    for pk, outcome in cycle.candidacies.values_list("pk", "outcome"):
        own = [result for result in results.get(pk, []) if result]
        scores = {result.component.kind: result.score for result in own}
        signed[str(pk)] = {"outcome": outcome, "overall": overall([part_of(result) for result in own]), "scores": scores}
    return signed
