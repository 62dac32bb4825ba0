"""Someone leaves or moves, or a level is taken back, before the pay change is with payroll (§1)."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse

from lms.audit.actions import record_events
from lms.common.states import advance
from lms.notifications.actions import notify
from talent_pool.pay.actions.records import event_about, locked
from talent_pool.pay.models import LIVE, PayChange
from talent_pool.pay.proposals import bands_for
from talent_pool.pay.queries import approvers_of, band_tables_of, with_fitness

Status, Unfit = PayChange.Status, PayChange.Unfit
# Whoever is to leave or to move may stay after all; until then it is neither signed nor exported.
STAYS = ["", Unfit.LEAVING, Unfit.MOVING]


def withdraw_unfit_changes(*, at, dealer=None):
    """Withdraw what no longer fits, everywhere or at one dealer. What a level brought to someone who has moved is proposed anew by the
    dealer of today. Part of the sweep; repeating it changes nothing. Returns how many were withdrawn."""
    unfit = with_fitness(PayChange.objects.filter(status__in=LIVE)).exclude(unfit__in=STAYS)
    if dealer:
        unfit = unfit.filter(dealer=dealer)
    return sum(_withdraw(change, at) for change in unfit.order_by("pk"))


@transaction.atomic
def _withdraw(change, at):
    found = locked([change], status__in=LIVE)
    if not found or found[0].unfit in STAYS:
        return False
    (change,) = found
    bands = {}
    if change.unfit == Unfit.MOVED and change.decision_id:
        bands = _bands_anew(change)
        if not bands:
            return False  # it stands, and is not signed, until the dealer of today has a table for its day
    before = {"status": change.status}
    advance(change, start=LIVE, end=Status.WITHDRAWN, withdrawn_at=at, withdrawn_why=change.unfit)
    record_events([event_about("pay.withdrawn", change, None, at, before=before, why=change.unfit)])
    if bands:
        _propose_anew(change, bands, at)
    elif change.employee.is_here and (change.cause == PayChange.Cause.PROMOTION or change.countersigned_at):
        # They have read of it, with their result or as signed; of what else is withdrawn they have heard nothing.
        why = {"why": change.unfit}
        notify(kind="pay_withdrawn", people=[change.employee], key=f"pay_change:{change.pk}", url=reverse("growth"), context=why)
    return True


def _bands_anew(change):
    """The same step by the table of the dealer of today, from the same day on."""
    tables = band_tables_of(change.employee.dealer_id)
    return bands_for(change.decision, tables, change.effective_on - timedelta(days=1))


def _propose_anew(change, bands, at):
    dealer = change.employee.dealer
    fresh = PayChange.objects.create(
        cause=change.cause, decision=change.decision, employee=change.employee, dealer=dealer, reason=change.reason,
        position=change.employee.position, proposed_by=change.proposed_by, proposed_at=at, **bands,
    )  # fmt: skip
    record_events([event_about("pay.proposed", fresh, None, at)])
    notify(
        kind="pay_to_approve",
        people=approvers_of(dealer),
        key=f"pay_change:{fresh.pk}",
        url=reverse("pay_changes"),
        context={"count": 1, "occasion": fresh.occasion},
    )
