"""A move decides nothing about pay: HR proposes what it brings, or keeps what is in force (§1)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.audit.actions import record_event
from lms.common.states import Refused, require
from lms.people.choices import Track
from lms.people.models import Employee
from talent_pool.pay.actions.proposing import enter, proposers_only
from talent_pool.pay.models import GONE, KeptPay, PayChange
from talent_pool.pay.moves import standing_of
from talent_pool.pay.permissions import may_propose
from talent_pool.pay.proposals import table_on, why_not_by_hand, why_not_paid
from talent_pool.pay.queries import band_tables_of, entries_around, entries_of


@transaction.atomic
def propose_after_move(*, employee, level, effective_on, reason, by, at):
    """From the pay in force to the band of `level` where the person works now, by the table of that day; two people sign it."""
    employee, standing = _asked(employee, by, at)
    table = table_on(band_tables_of(employee.dealer_id), effective_on)
    band = table and next((one for one in table.bands.all() if (one.track, one.level) == (employee.position.track, level)), None)
    if band is None:
        raise Refused(_no_band(employee, effective_on))
    begins = standing_of(employee, effective_on).band or standing.band
    cause, causes = _cause(employee, employee.history.get(pk=standing.post.line))
    terms = {"from_band": begins, "to_band": band, "effective_on": effective_on, **causes}
    change = PayChange(cause=cause, employee=employee, dealer=employee.dealer, **terms)
    for why_not in (why_not_by_hand(change, table, timezone.localdate(at)), why_not_paid(change, entries_around(change))):
        if why_not:
            raise Refused(why_not)
    return enter(cause, employee, employee.dealer, reason, by, at, **terms)


def _cause(employee, event):
    """The move; where what it brought was reversed, a correction of the reversal: a move is a cause once."""
    if event.pay_changes.exclude(status__in=GONE).exists():
        return PayChange.Cause.CORRECTION, {"of": entries_of(employee, *Track.values).last()}
    return PayChange.Cause.MOVE, {"event": event}


@transaction.atomic
def keep_pay(*, employee, reason, by, at):
    """The move changes no pay: what is in force stays so. Said once for each move, with a reason."""
    employee, standing = _asked(employee, by, at)
    if not reason.strip():
        raise Refused(_("Say why the pay stays: the reason stays on record."), field="reason")
    kept = KeptPay.objects.create(
        employee=employee, event_id=standing.post.line, dealer=employee.dealer, band=standing.band, reason=reason.strip()[:200],
        kept_at=at, kept_by=by,
    )  # fmt: skip
    record_event("pay.kept", target=employee, by=by, at=at, after={"band": standing.band.code, "reason": kept.reason})
    return kept


def _asked(employee, by, at):
    """The person, held, and what is in force, where a move asks for a decision of `by`."""
    employee = Employee.objects.select_for_update(of=("self",)).select_related("dealer", "position").get(pk=employee.pk)
    require(may_propose(by, employee, employee.dealer), proposers_only())
    standing = standing_of(employee, timezone.localdate(at))
    if standing.decision != "needed":
        raise Refused(_("No move of %(employee)s waits for a decision about pay.") % {"employee": employee.name})
    return employee, standing


def _no_band(employee, day):
    words = {"dealer": employee.dealer.name, "position": employee.position.name, "day": day.isoformat()}
    if not employee.position.track:
        return _("%(position)s has no ladder, so there are no bands to choose from. Keep the pay in force.") % words
    return _("%(dealer)s has no band table for %(day)s, so no pay change can be proposed. HR makes one under Pay, Bands.") % words
