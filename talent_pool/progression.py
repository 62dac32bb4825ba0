"""What follows a published grading cycle: pay changes are proposed and people are told, each exactly once (G5).

Every step can be repeated. The signal is the fast path; `Cycle.followed_up_at` is the guarantee that the sweep looks at.
"""

import logging
from collections import Counter

from django.db import transaction
from django.urls import reverse

from assessments.grading.models import Candidacy, Cycle
from assessments.grading.queries.records import admitted
from lms.common.states import Refused
from lms.notifications.actions import notify
from talent_pool.pay.actions import propose_pay_changes
from talent_pool.pay.models import PayChange
from talent_pool.pay.queries import approvers_of, awards_without_pay_change

logger = logging.getLogger(__name__)
Outcome = Candidacy.Outcome


def unfollowed_publications():
    """Published cycles whose pay changes or notices are still owed."""
    return Cycle.objects.filter(status__in=[Cycle.Status.PUBLISHED, Cycle.Status.CLOSED], followed_up_at=None).order_by("published_at")


def follow_up_publication(*, cycle_id, at):
    """Tell the candidates, propose the pay changes, tell HR. Repeating it changes nothing. Returns whether it was still owed.

    Raises `Refused` where a dealer has no band table: the candidates are told all the same, the pay stays owed to the sweep.
    """
    cycle = unfollowed_publications().filter(pk=cycle_id).first()
    if cycle is None:
        return False
    tell_candidates(cycle)
    with transaction.atomic():
        propose_pay_changes(cycle_id=cycle.pk, at=at)
        tell_hr(cycle)
        if awards_without_pay_change(cycle.pk):
            return False  # of someone who works where there is no band table: the sweep comes back to it
        return bool(unfollowed_publications().filter(pk=cycle.pk).update(followed_up_at=at))


def follow_up_publications(*, at):
    """Make up for publications whose signal or task was lost; part of the sweep. Returns how many."""
    done = 0
    for cycle_id in list(unfollowed_publications().values_list("pk", flat=True)):
        try:
            done += follow_up_publication(cycle_id=cycle_id, at=at)
        except Refused as refusal:
            logger.warning("Cycle %s is not followed up yet: %s", cycle_id, refusal)
    return done


@transaction.atomic
def tell_candidates(cycle):
    """Whoever was admitted hears the outcome, in words that fit it."""
    told = admitted(cycle).filter(outcome__in=[Outcome.PASSED, Outcome.FAILED, Outcome.MISSED])
    candidacies = list(told.select_related("employee"))
    notify(
        kind="grading_result",
        people=[candidacy.employee for candidacy in candidacies],
        key=f"cycle:{cycle.pk}",
        url=reverse("my_exams"),
        contexts={candidacy.employee_id: _outcome_context(candidacy) for candidacy in candidacies},
    )


def _outcome_context(candidacy):
    return {
        "passed": candidacy.outcome == Outcome.PASSED,
        "missed": candidacy.outcome == Outcome.MISSED,
        "level": candidacy.to_level,
    }


def tell_hr(cycle):
    """HR of each dealer that has pay changes to approve hears of them; group HR where a dealer has no HR."""
    changes = PayChange.objects.filter(decision__cycle=cycle, cause=PayChange.Cause.PROMOTION).select_related("dealer")
    for dealer, count in Counter(change.dealer for change in changes).items():
        notify(
            kind="pay_to_approve",
            people=approvers_of(dealer),
            key=f"cycle:{cycle.pk}" if dealer.pk == cycle.dealer_id else f"cycle:{cycle.pk} dealer:{dealer.pk}",
            url=reverse("pay_changes"),
            context={"count": count, "occasion": f"cycle:{cycle.pk}"},
        )
