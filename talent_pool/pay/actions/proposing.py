"""Pay changes are proposed: by the publication of a cycle, or by HR (P2)."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.grading.models import Cycle, LevelDecision
from lms.audit.actions import event_of, record_events
from lms.common.days import day as shown
from lms.common.states import Refused, require
from talent_pool.pay.actions.records import event_about, locked
from talent_pool.pay.models import PayChange
from talent_pool.pay.permissions import may_propose
from talent_pool.pay.proposals import bands_for, effective_day, is_gone, level_paid, table_on, why_not_by_hand, why_not_paid
from talent_pool.pay.queries import awards_without_pay_change, band_tables_of, entries_around, entries_of, leaves_by

Cause, Status, Unfit = PayChange.Cause, PayChange.Status, PayChange.Unfit
FINAL = [Status.COUNTERSIGNED, Status.EXPORTED]
BY_HAND = [Cause.MOVE, Cause.PROBATION, Cause.CORRECTION]


@transaction.atomic
def propose_pay_changes(*, cycle_id, at):
    """A pay change for each award of a published cycle that has none yet (P2), by the dealer and the table of today (§1). Repeating it
    changes nothing. Returns the new ones.

    None is due to whoever is gone before it takes effect or on the track no more: the log says so. Who works where there is no table
    for that day is left out until there is one.
    """
    # The lock keeps two workers from proposing side by side; that a decision has one change at most is what makes it once.
    Cycle.objects.select_for_update().get(pk=cycle_id)
    awards = list(awards_without_pay_change(cycle_id))
    none_due = {award: why for award in awards if (why := _why_none_is_due(award))}
    bands = _bands_of([award for award in awards if award not in none_due])
    lacking = [award for award, found in bands.items() if not found]
    if lacking and len(lacking) == len(awards):
        raise Refused(_no_table(lacking[0].employee.dealer, timezone.localdate(lacking[0].decided_at)))
    made = PayChange.objects.bulk_create(_promotion(award, found, at) for award, found in bands.items() if found)
    record_events(event_of("pay.none_due", target=award, by=None, at=at, after={"why": why}) for award, why in none_due.items())
    record_events([event_about("pay.proposed", change, None, at) for change in made])
    return made


def _bands_of(awards):
    """{award: its bands by the table of the person's dealer, None where there is none}"""
    tables = {dealer: list(band_tables_of(dealer)) for dealer in {award.employee.dealer for award in awards}}
    return {award: bands_for(award, tables[award.employee.dealer], timezone.localdate(award.decided_at)) for award in awards}


def _promotion(award, bands, at):
    person = award.employee
    place = {"dealer": person.dealer, "position": person.position}
    return PayChange(cause=Cause.PROMOTION, decision=award, employee=person, **place, **bands, proposed_at=at)


def _why_none_is_due(award):
    if is_gone(award.employee, effective_day(timezone.localdate(award.decided_at))):
        return Unfit.LEFT
    return Unfit.TRACK if award.employee.position.track != award.track else ""


def _no_table(dealer, day):
    return _("%(dealer)s has no band table for %(day)s, so no pay change can be proposed. HR makes one under Pay, Bands.") % {
        "dealer": dealer.name,
        "day": shown(effective_day(day)),
    }


@transaction.atomic
def propose_after_appeal(*, decision, by, at):
    """The step up that a correction gave, in money; a step down never changes pay by itself (G7)."""
    employee, day = decision.employee, timezone.localdate(at)
    require(may_propose(by, employee, employee.dealer), proposers_only())
    if decision.kind != LevelDecision.Kind.CORRECTION or decision.is_downward:
        raise Refused(_("Only a level that was corrected upwards changes pay. To take a wrong pay change back, reverse it."))
    _check_appeal(decision, effective_day(day))
    bands = bands_for(decision, band_tables_of(employee.dealer_id), day)
    if not bands:
        raise Refused(_no_table(employee.dealer, day))
    return enter(Cause.APPEAL, employee, employee.dealer, decision.reason, by, at, decision=decision, **bands)


def _check_appeal(decision, day):
    employee, track = decision.employee, decision.track
    words = {"employee": employee.name}
    if LevelDecision.objects.filter(corrects=decision).exists():
        raise Refused(_("This level was withdrawn later, so it brings no pay change."))
    if leaves_by(employee, day):
        raise Refused(_leaves_before(employee))
    if employee.position.track != track:
        raise Refused(_("%(employee)s is no longer on this level's track, so it brings no pay change.") % words)
    if level_paid(list(entries_of(employee, track)), track, day) >= decision.to_level:
        raise Refused(_("%(employee)s is already paid for this level.") % words)


@transaction.atomic
def propose_by_hand(*, employee, cause, from_band, to_band, effective_on, reason, event=None, of=None, by, at):
    """A change for a move (its line of history is the `event`), the end of probation, or to correct an entry (`of`): from what is paid
    to a band of the person's dealer and track, by the table that holds on its day."""
    require(may_propose(by, employee, employee.dealer), proposers_only())
    if cause not in BY_HAND:
        raise Refused(_("A promotion is proposed by the publication of its cycle, a reversal from the change that it reverses."))
    if {band.table.dealer_id for band in (from_band, to_band)} != {employee.dealer_id} or from_band == to_band:
        raise Refused(_("A change leads from one band of the person's dealer to another."))
    terms = {"from_band": from_band, "to_band": to_band, "effective_on": effective_on, "event": event, "of": of}
    change = PayChange(cause=cause, employee=employee, dealer=employee.dealer, **terms)
    if leaves_by(employee, effective_on):
        raise Refused(_leaves_before(employee))
    table = table_on(band_tables_of(employee.dealer_id), effective_on)
    for why_not in (why_not_by_hand(change, table, timezone.localdate(at)), why_not_paid(change, entries_around(change))):
        if why_not:
            raise Refused(why_not)
    return enter(cause, employee, employee.dealer, reason, by, at, **terms)


@transaction.atomic
def reverse_pay_change(*, change, reason, by, at):
    """A counter-entry to a change that is signed, from the first of next month or its own day where that is later (P2)."""
    (change,) = locked([change])
    employee = change.employee
    require(may_propose(by, employee, employee.dealer), proposers_only())
    if change.status not in FINAL:
        raise Refused(_("This change is not countersigned yet, so there is nothing to reverse. Reject it."))
    if change.dealer_id != employee.dealer_id:
        raise Refused(
            _("%(dealer)s made this change, and %(employee)s now works at another dealer. HR there can correct the pay.")
            % {"dealer": change.dealer.name, "employee": employee.name}
        )
    terms = {
        "of": change, "from_band": change.to_band, "to_band": change.from_band,
        "effective_on": max(effective_day(timezone.localdate(at)), change.effective_on),
    }  # fmt: skip
    if leaves_by(employee, terms["effective_on"]):
        raise Refused(_leaves_before(employee))
    entry = PayChange(cause=Cause.REVERSAL, employee=employee, dealer=change.dealer, **terms)
    why_not = why_not_paid(entry, entries_around(entry))
    if why_not:
        raise Refused(why_not)
    return enter(Cause.REVERSAL, employee, change.dealer, reason, by, at, **terms)


def enter(cause, employee, dealer, reason, by, at, **terms):
    """An entry by hand; the database says whether there is one for this cause, or it does not fit."""
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why pay changes: the reason stays on record."), field="reason")
    try:
        with transaction.atomic():
            change = PayChange.objects.create(
                cause=cause, employee=employee, dealer=dealer, position=employee.position, reason=reason[:200], **terms,
                proposed_by=by, proposed_at=at,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(_("There is a pay change for this cause already, or it does not fit the person; nothing was changed.")) from None
    record_events([event_about("pay.proposed", change, by, at, reason=change.reason)])
    return change


def proposers_only():
    return _("Pay changes are proposed by HR of the dealer or of the group, never one's own.")


def _leaves_before(employee):
    return _("%(employee)s leaves before this would take effect, so their pay doesn't change.") % {"employee": employee.name}
