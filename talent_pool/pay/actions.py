from collections import Counter

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.grading.models import Cycle, LevelDecision
from lms.audit.actions import event_of, record_event, record_events
from lms.common.states import Refused, advance, require
from lms.jobs.actions import start_job
from lms.notifications.actions import notify
from talent_pool.pay.models import Band, BandTable, PayChange, PayrollExport
from talent_pool.pay.permissions import may_approve, may_countersign, may_export, may_make_bands, may_propose, may_reject
from talent_pool.pay.proposals import effective_day, propose, table_on
from talent_pool.pay.queries import approvers_let_in, awards_without_pay_change, band_tables_of, countersigners_of, entries_of

Cause, Status = PayChange.Cause, PayChange.Status
FINAL = [Status.COUNTERSIGNED, Status.EXPORTED]
BY_HAND = [Cause.MOVE, Cause.PROBATION, Cause.CORRECTION]


@transaction.atomic
def make_band_table(*, dealer, effective_on, bands, by, at):
    """A new table of all eight bands (P1): `bands` maps (track, level) to (code, base pay).

    Only a dealer's first table may begin in the past; later ones begin after today, so that nothing begun changes.
    """
    require(
        may_make_bands(by, dealer),
        _("Band tables are made by HR of the dealer or of the group. You can't make one that sets your own pay."),
    )
    today = timezone.localdate(at)
    if effective_on <= today and BandTable.objects.filter(dealer=dealer).exists():
        raise Refused(
            _("A band table that has begun never changes, so a new one begins tomorrow at the earliest. Choose a later day."),
            field="effective_on",
        )
    if len(bands) != 8:
        raise Refused(_("A band table needs a base pay for each of the four levels of both tracks."))
    try:
        with transaction.atomic():
            table = BandTable.objects.create(dealer=dealer, effective_on=effective_on, made_by=by)
    except IntegrityError:
        raise Refused(_("There is a band table of that day already. Choose another day."), field="effective_on") from None
    rows = [Band(table=table, track=track, level=level, code=code, base_pay=pay) for (track, level), (code, pay) in bands.items()]
    Band.objects.bulk_create(rows)
    after = {"effective_on": effective_on, **{f"{band.track} {band.level}": band.base_pay for band in rows}}
    record_event("pay.band_table_made", target=table, by=by, at=at, after=after)
    return table


@transaction.atomic
def propose_pay_changes(*, cycle_id, at):
    """A pay change for each award of a published cycle that has none yet (P2). Repeating it changes nothing. Returns the new ones."""
    # The lock keeps two workers from proposing side by side; the one-to-one decision is what makes it once.
    cycle = Cycle.objects.select_for_update().get(pk=cycle_id)
    awards = list(awards_without_pay_change(cycle_id))
    if not awards:
        return []
    made = PayChange.objects.bulk_create(_proposed_changes(cycle, awards, at))
    record_events([_event("pay.proposed", change, None, at) for change in made])
    return made


def _proposed_changes(cycle, awards, at):
    tables = list(band_tables_of(cycle.dealer_id))
    for award in awards:
        bands = _bands_for(award, tables, cycle.dealer, award.decided_at)
        yield PayChange(cause=Cause.PROMOTION, decision=award, employee=award.employee, dealer=cycle.dealer, **bands, proposed_at=at)


def _bands_for(decision, tables, dealer, decided_at):
    """The two bands of a step up, and when it takes effect."""
    day = timezone.localdate(decided_at)
    table = table_on(tables, effective_day(day))
    proposal = table and propose(
        track=decision.track, from_level=decision.from_level, to_level=decision.to_level, awarded_on=day, bands=table.bands.all()
    )
    if not proposal:
        raise Refused(
            _("%(dealer)s has no band table for %(day)s, so no pay change can be proposed. HR makes one under Pay, Bands.")
            % {"dealer": dealer.name, "day": effective_day(day)}
        )
    return {"from_band": proposal.from_band, "to_band": proposal.to_band, "effective_on": proposal.effective_on}


@transaction.atomic
def propose_after_appeal(*, decision, by, at):
    """The step up that a correction gave, in money; a step down never changes pay by itself (G7)."""
    employee = decision.employee
    require(may_propose(by, employee, employee.dealer), _proposers_only())
    if decision.kind != LevelDecision.Kind.CORRECTION or decision.is_downward:
        raise Refused(_("Only a level that was corrected upwards changes pay. To take a wrong pay change back, reverse it."))
    bands = _bands_for(decision, list(band_tables_of(employee.dealer_id)), employee.dealer, at)
    return _enter(Cause.APPEAL, employee, employee.dealer, decision.reason, by, at, decision=decision, **bands)


@transaction.atomic
def propose_by_hand(*, employee, cause, from_band, to_band, effective_on, reason, event=None, of=None, by, at):
    """A change for a move (its line of history is the `event`), the end of probation, or to correct an entry (`of`)."""
    require(may_propose(by, employee, employee.dealer), _proposers_only())
    if cause not in BY_HAND:
        raise Refused(_("A promotion is proposed by the publication of its cycle, a reversal from the change that it reverses."))
    strangers = {band.table.dealer_id for band in (from_band, to_band)} - {employee.dealer_id, of and of.dealer_id}
    if strangers or from_band == to_band:
        raise Refused(_("A change leads from one band of the person's dealer to another."))
    return _enter(
        cause, employee, employee.dealer, reason, by, at,
        from_band=from_band, to_band=to_band, effective_on=effective_on, event=event, of=of,
    )  # fmt: skip


@transaction.atomic
def reverse_pay_change(*, change, reason, by, at):
    """A counter-entry to a change that is signed, from the first of next month or its own day where that is later (P2)."""
    (change,) = _locked([change])
    require(may_propose(by, change.employee, change.dealer), _proposers_only())
    if change.status not in FINAL:
        raise Refused(_("This change is not countersigned yet, so there is nothing to reverse. Reject it."))
    last = entries_of(change.employee, change.to_band.track).last()
    if last.to_band.level != change.to_band.level:
        raise Refused(_("Later changes rest on this one. Reverse those first, the newest before the others."))
    return _enter(
        Cause.REVERSAL, change.employee, change.dealer, reason, by, at,
        of=change, from_band=change.to_band, to_band=change.from_band,
        effective_on=max(effective_day(timezone.localdate(at)), change.effective_on),
    )  # fmt: skip


def _enter(cause, employee, dealer, reason, by, at, **terms):
    """An entry by hand; the database says whether there is one for this cause, or it does not fit."""
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why pay changes: the reason stays on record."), field="reason")
    try:
        with transaction.atomic():
            change = PayChange.objects.create(
                cause=cause, employee=employee, dealer=dealer, reason=reason[:200], **terms, proposed_by=by, proposed_at=at
            )
    except IntegrityError:
        raise Refused(_("There is a pay change for this cause already, or it does not fit the person; nothing was changed.")) from None
    record_events([_event("pay.proposed", change, by, at, reason=change.reason)])
    return change


def _proposers_only():
    return _("Pay changes are proposed by HR of the dealer or of the group, never one's own.")


@transaction.atomic
def approve_pay_changes(*, changes, by, at):
    """HR's signature under each of the changes, all or none (P2). The general manager hears of it, once a cycle or entry."""
    changes = _locked(changes)
    for change in changes:
        require(may_approve(by, change), _("Pay changes are approved by HR of the dealer or of the group. You can't approve your own."))
        advance(change, start=Status.PROPOSED, end=Status.APPROVED, approved_at=at, approved_by=by)
    record_events([_event("pay.approved", change, by, at, before={"status": Status.PROPOSED}) for change in changes])
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
    changes = _locked(changes)
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
        advance(change, start=Status.APPROVED, end=Status.COUNTERSIGNED, countersigned_at=at, countersigned_by=by)
    record_events([_event("pay.countersigned", change, by, at, before={"status": Status.APPROVED}) for change in changes])


def _too_close(approvers):
    return _(
        "One of you and %(names)s gave the other the post, a password or an address within the last 30 days, so your two signatures do "
        "not count together yet. Group HR can take the place of either."
    ) % {"names": ", ".join(one.get_full_name() for one in approvers)}


@transaction.atomic
def reject_pay_change(*, change, reason, by, at):
    """Refuse a change that is not yet countersigned; the reason stays with it."""
    (change,) = _locked([change])
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
    record_events([_event("pay.rejected", change, by, at, before=before, reason=reason)])


def request_export(*, dealer, kind, by, at):
    """Ask for the dealer's payroll export; a job makes it. Returns the job."""
    require(may_export(by, dealer), _exporters_only())
    return start_job(kind="pay.export_payroll", key=f"dealer:{dealer.pk}", params={"dealer": dealer.pk, "kind": kind}, by=by)


@transaction.atomic
def export_payroll(*, dealer, key, by, at):
    """Hand the dealer's countersigned changes to payroll, each exactly once (P2).

    `key` names the request: asked again with it (a job that was killed), this gives the export made then. Two at once: the
    UPDATE of the second waits for the first, finds nothing left and is refused.
    """
    require(may_export(by, dealer), _exporters_only())
    done = PayrollExport.objects.filter(key=key, dealer=dealer).first()
    if done:
        return done
    export = PayrollExport.objects.create(dealer=dealer, exported_at=at, exported_by=by, key=key)
    waiting = PayChange.objects.filter(dealer=dealer, status=Status.COUNTERSIGNED)
    if not waiting.update(status=Status.EXPORTED, export=export):
        raise Refused(_nothing_left(dealer))
    record_event("pay.exported", target=export, by=by, at=at, after={"changes": list(export.changes.values_list("pk", flat=True))})
    return export


def _exporters_only():
    return _("Payroll files are made by HR of the dealer or of the group.")


def _nothing_left(dealer):
    last = PayrollExport.objects.filter(dealer=dealer, changes__isnull=False).order_by("-exported_at").first()
    if last is None:
        return _("No pay change of %(dealer)s is countersigned yet, so there is nothing to export.") % {"dealer": dealer.name}
    return _("Everything countersigned was exported already, last on %(time)s. Take that file; each change is exported once only.") % {
        "time": f"{timezone.localtime(last.exported_at):%Y-%m-%d %H:%M}"
    }


def _locked(changes):
    """The changes as they are now, locked by number of record, so that two people signing the same ones never wait for each other."""
    rows = PayChange.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=[change.pk for change in changes])
    return list(rows.select_related("employee", "dealer", "decision", "from_band", "to_band", "approved_by__employee").order_by("pk"))


def _event(verb, change, by, at, before=None, **more):
    after = {
        "cause": change.cause,
        "status": change.status,
        "from": change.from_band.code,
        "to": change.to_band.code,
        "effective_on": change.effective_on,
        **more,
    }
    return event_of(verb, target=change, by=by, at=at, before=before, after=after)
