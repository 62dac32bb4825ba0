from collections import Counter
from itertools import chain

from django.db.models import Count, F, Q

from lms.audit.models import Event
from lms.common.integrity import invariant
from talent_pool.pay.models import BandTable, KeptPay, PayChange, PayrollExport
from talent_pool.pay.queries import awards_without_pay_change

Cause, Status = PayChange.Cause, PayChange.Status
FINAL = [Status.COUNTERSIGNED, Status.EXPORTED]


@invariant("A pay change for a level says what its decision says (P2)")
def changes_agree_with_decisions():
    of_its_kind = Q(cause=Cause.PROMOTION, decision__kind="award") | Q(cause=Cause.APPEAL, decision__kind="correction")
    return PayChange.objects.exclude(decision=None).exclude(
        of_its_kind,
        employee=F("decision__employee"),
        from_band__level=F("decision__from_level"),
        to_band__level=F("decision__to_level"),
        from_band__track=F("decision__track"),
        to_band__track=F("decision__track"),
        effective_on__day=1,
    )


@invariant("A reversal is the counter-entry of the change that it names (P2)")
def reversals_are_counter_entries():
    return PayChange.objects.filter(cause=Cause.REVERSAL).exclude(
        employee=F("of__employee"), dealer=F("of__dealer"), from_band=F("of__to_band"), to_band=F("of__from_band"), of__status__in=FINAL
    )


@invariant("A pay change leads from one band of its dealer to another (P1)")
def changes_stay_in_their_dealer_s_tables():
    """A move begins with what the dealer before paid; its reversal leads back there."""
    begins = Q(cause__in=[Cause.MOVE, Cause.CORRECTION]) | Q(from_band__table__dealer=F("dealer"))
    ends = Q(cause=Cause.REVERSAL) | Q(to_band__table__dealer=F("dealer"))
    return PayChange.objects.exclude(begins, ends)


@invariant("Pay that was kept after a move is that of the person who moved (§1)")
def kept_pay_is_of_whoever_moved():
    return KeptPay.objects.exclude(employee=F("event__employee"))


@invariant("Every award of a cycle that was followed up has its pay change, was taken back, or the log says why none was due (P2)")
def awards_have_their_change():
    return awards_without_pay_change().exclude(cycle__followed_up_at=None)


@invariant("A pay change has just the signatures of its state, from two people (P2)")
def signatures_agree_with_states():
    approved, countersigned = Q(approved_at__isnull=False), Q(countersigned_at__isnull=False)
    fits = (
        Q(status=Status.PROPOSED) & ~approved & ~countersigned
        | Q(status=Status.APPROVED) & approved & ~countersigned
        | Q(status__in=[Status.COUNTERSIGNED, Status.EXPORTED]) & approved & countersigned
        | Q(status=Status.REJECTED, rejected_at__isnull=False) & ~Q(rejected_reason="") & ~countersigned
        | Q(status=Status.WITHDRAWN, withdrawn_at__isnull=False) & (approved | ~countersigned)
    )
    return PayChange.objects.filter(~fits | Q(countersigned_by=F("approved_by")))


@invariant("Nobody signed or rejected their own pay change (P2)")
def nobody_decided_on_their_own():
    own = F("employee__user")
    return PayChange.objects.filter(Q(approved_by=own) | Q(countersigned_by=own) | Q(rejected_by=own))


@invariant("Each exported change is in one export of its dealer; nothing else is in one (P2)")
def exports_agree_with_changes():
    wrong = Q(status=Status.EXPORTED, export=None) | ~Q(status=Status.EXPORTED) & ~Q(export=None)
    return PayChange.objects.filter(wrong | ~Q(export=None) & ~Q(dealer=F("export__dealer")))


@invariant("No change was handed to payroll twice, by the audit's account (P2)")
def changes_are_exported_once():
    exported = Event.objects.filter(verb="pay.exported").values_list("after", flat=True)
    counts = Counter(chain.from_iterable(after.get("changes", []) for after in exported.iterator()))
    return [f"pay.paychange {pk}: in {count} exports" for pk, count in counts.items() if count > 1]


@invariant("No export is empty (P2)")
def exports_hold_changes():
    return PayrollExport.objects.filter(changes=None)


@invariant("A band table has all eight bands (P1)")
def tables_are_complete():
    return BandTable.objects.annotate(count=Count("bands")).exclude(count=8)
