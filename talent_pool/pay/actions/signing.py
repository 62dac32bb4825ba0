"""The two signatures under a pay change, or its rejection (P2)."""

from collections import Counter

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.audit.actions import record_events
from lms.common.bilingual import listed
from lms.common.states import Refused, advance, require
from lms.notifications.actions import notify
from talent_pool.pay.actions.records import event_about, locked, refuse_unfit
from talent_pool.pay.models import PayChange
from talent_pool.pay.permissions import may_approve, may_countersign, may_reject
from talent_pool.pay.queries import approvers_let_in, countersigners_of

Cause, Status = PayChange.Cause, PayChange.Status


@transaction.atomic
def approve_pay_changes(*, changes, by, at):
    """HR's signature under each of the changes, all or none (P2). The general manager hears of it, once a cycle or entry."""
    changes = locked(changes)
    for change in changes:
        require(may_approve(by, change), _("Pay changes are approved by HR of the dealer or of the group. You can't approve your own."))
        refuse_unfit(change)
        advance(change, start=Status.PROPOSED, end=Status.APPROVED, approved_at=at, approved_by=by)
    record_events([event_about("pay.approved", change, by, at, before={"status": Status.PROPOSED}) for change in changes])
    for (dealer, occasion), count in Counter((change.dealer, change.occasion) for change in changes).items():
        notify(
            kind="pay_to_countersign",
            people=countersigners_of(dealer),
            key=occasion,
            url=reverse("pay_changes"),
            context={"count": count, "occasion": occasion},
        )


@transaction.atomic
def countersign_pay_changes(*, changes, by, at):
    """The general manager's signature or group HR's in their place, all or none (P2): never by who approved it."""
    changes = locked(changes)
    for change in changes:
        require(
            may_countersign(by, change),
            _(
                "The second signature is the general manager's or, in their place, group HR's. "
                "You can't countersign a change that you approved, or your own."
            ),
        )
    close = approvers_let_in(by, changes, at=at)
    require(not close, _too_close(close))
    for change in changes:
        refuse_unfit(change)
        advance(change, start=Status.APPROVED, end=Status.COUNTERSIGNED, countersigned_at=at, countersigned_by=by)
    record_events([event_about("pay.countersigned", change, by, at, before={"status": Status.APPROVED}) for change in changes])


def _too_close(approvers):
    return _(
        "One of you and %(names)s gave the other the post, a password or an address within the last 30 days, so your two signatures do "
        "not count together yet. Group HR can take the place of either."
    ) % {"names": listed(one.get_full_name() for one in approvers)}


@transaction.atomic
def reject_pay_change(*, change, reason, by, at):
    """Refuse a change that is not yet countersigned; the reason stays with it."""
    (change,) = locked([change])
    require(may_reject(by, change), _("A pay change is rejected by the person who may sign it next. You can't reject your own."))
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why the change is rejected: the reason stays on record."), field="reason")
    before = {"status": change.status}
    advance(
        change,
        start=[Status.PROPOSED, Status.APPROVED],
        end=Status.REJECTED,
        rejected_at=at,
        rejected_by=by,
        rejected_reason=reason[:200],
    )
    record_events([event_about("pay.rejected", change, by, at, before=before, reason=reason)])
    # With the result of the grading the person read that their pay was being looked at; of other causes they have heard nothing.
    if change.cause == Cause.PROMOTION and change.employee.is_here:
        notify(kind="pay_rejected", people=[change.employee], key=change.occasion, url=reverse("growth"), context={"reason": reason})
