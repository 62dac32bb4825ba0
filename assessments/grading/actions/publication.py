"""Publication: one act, wholly or not at all (G5)."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from assessments.certification.actions import Wanted, issue_certificates
from assessments.exams.actions.sittings import show_results
from assessments.grading.actions.decisions import lock_people, record_decisions
from assessments.grading.actions.guarding import check_hands, check_independence, check_state, step
from assessments.grading.models import Candidacy, Cycle, LevelDecision, PanelMember
from assessments.grading.queries.components import sittings_of
from assessments.grading.queries.records import who_left
from assessments.grading.signals import cycle_published
from lms.audit.actions import event_of, record_events
from lms.common.bilingual import in_both
from lms.jobs.actions import start_job
from lms.jobs.progress import Quiet

BATCH = 50  # people between two steps of progress


@transaction.atomic
def ask_for_publication(*, cycle, by, at):
    """Have the cycle published by a job; whether that is still right is looked at again when the job comes to it."""
    check_hands(cycle, by)
    check_independence(cycle, by, at)
    check_state(cycle, Cycle.Status.RATIFIED)
    return start_job(kind="grading.publish_cycle", key=f"cycle:{cycle.pk}", params={"cycle_id": cycle.pk}, by=by)


@transaction.atomic
def publish_cycle(*, cycle, by, at, progress=None):
    """Make a cycle's results final and visible: certificates, awards one step up, levels, results. Returns the new awards.

    `progress` hears of each batch of people, and may call it off until the last: then nothing of it was done.
    Pay proposals and notices follow from the signal after the commit, and from the nightly sweep should the signal be lost.
    """
    check_hands(cycle, by)
    check_independence(cycle, by, at)
    lock_people(cycle.candidacies.values("employee"))
    _withdraw_who_left(cycle, by, at)
    step(cycle, Cycle.Status.PUBLISHED, by=by, at=at, published_at=at, published_by=by)
    passed = list(cycle.candidacies.filter(outcome=Candidacy.Outcome.PASSED).select_related("employee").order_by("employee__number"))
    progress = progress or Quiet()
    progress.total(len(passed))
    awards, signatories = [], _signatories(cycle)
    for start in range(0, len(passed), BATCH):
        batch = passed[start : start + BATCH]
        awards += _award(cycle, batch, signatories, by, at)
        progress.advance(len(batch))
    show_results(sittings=[row.sitting for row in sittings_of(cycle)], by=by, at=at)
    # Robust: the results stand, whatever a listener stumbles over; what it left undone the sweep does.
    transaction.on_commit(partial(cycle_published.send_robust, Cycle, cycle_id=cycle.pk))
    return awards


def _withdraw_who_left(cycle, by, at):
    """Who has left before publication is withdrawn: no award, no certificate, no pay (§1)."""
    gone = list(who_left(cycle))
    Candidacy.objects.filter(pk__in=[c.pk for c in gone]).update(outcome=Candidacy.Outcome.WITHDRAWN)
    record_events([event_of("candidacy.withdrawn", target=c, by=by, at=at, before={"outcome": c.outcome}) for c in gone])


def _signatories(cycle):
    """The panel as certificates name it from now on, in both languages."""
    return tuple(
        {
            "name": member.examiner.name,
            "title": in_both(PanelMember.Seat(member.seat).label),
            "signed_on": timezone.localdate(member.signed_at).isoformat(),
        }
        for member in cycle.panel.select_related("examiner")
    )


def _award(cycle, passed, signatories, by, at):
    """A certificate and an award for everyone who passed. The database holds that each is one step from the level reached (G2)."""
    source = {c.pk: f"candidacy:{c.pk}" for c in passed}
    wanted = [Wanted(c.employee, cycle.track, c.to_level, source[c.pk], signatories, cycle.dealer) for c in passed]
    certificates = issue_certificates(wanted=wanted, by=by, at=at)
    awards = [
        LevelDecision(
            kind=LevelDecision.Kind.AWARD,
            candidacy=c,
            cycle=cycle,
            employee=c.employee,
            track=cycle.track,
            year=cycle.year,
            quarter=cycle.quarter,
            from_level=c.from_level,
            to_level=c.to_level,
            certificate=certificates[source[c.pk]],
        )
        for c in passed
    ]
    return record_decisions(decisions=awards, by=by, at=at)
