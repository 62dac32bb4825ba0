from datetime import datetime

from django.db.models import BigIntegerField, Case, CharField, Count, Exists, F, OuterRef, Prefetch, Q, Subquery, Sum, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.grading.models import LevelDecision
from lms.audit.actions import event_of, record_events
from lms.audit.models import Event
from lms.common.compiled import compiled
from lms.common.shown import fact, said
from lms.common.states import require
from lms.people.choices import Role
from lms.people.models import ComingChange, Employee, Position, Proposal
from lms.people.permissions import dealer_scope, employee_of, paired
from talent_pool.pay.models import GONE, Band, BandTable, PayChange, PayrollExport
from talent_pool.pay.moves import standing_of
from talent_pool.pay.permissions import (
    APPROVE,
    COUNTERSIGN,
    changes_scope,
    exports_scope,
    may_approve,
    may_countersign,
    pay_scope,
    sums_scope,
)
from talent_pool.pay.proposals import is_gone

Cause, Status, Unfit = PayChange.Cause, PayChange.Status, PayChange.Unfit
FINAL = [Status.COUNTERSIGNED, Status.EXPORTED]
SHOWN, MOST_AT_ONCE = 30, 200  # changes that wait for a signature: on the page, and when more are asked for
DIFFERENCE = F("to_band__base_pay") - F("from_band__base_pay")


def pay_changes_visible_to(user):
    """Pay changes that `user` may see in lists, with all that a list shows. Showing them is a look at pay: `record_looks`."""
    shown = ("employee__position", "position", "dealer", "from_band", "to_band", "export")
    return PayChange.objects.filter(changes_scope(user)).select_related(*shown).defer("export__rows")


def waiting_for_hr(user, at):
    """How many changes wait at the dealers that `user` sees: {"proposed", "others" (those of them that are not the own), "countersigned"};
    and `has_table`: the own dealer's bands are set. One statement, once a request, whose time is `at`."""
    if at not in getattr(user, "_pay_waiting", {}):
        user._pay_waiting = {at: _waiting_for_hr(scope=changes_scope(user), reader=employee_of(user).pk)[0]}
    return user._pay_waiting[at]


@compiled
def _waiting_for_hr(*, scope, reader):
    changes = PayChange.objects.filter(scope)
    proposed = changes.filter(status=Status.PROPOSED)
    return Employee.objects.filter(pk=reader).values(
        proposed=_number_of(proposed),
        others=_number_of(proposed.exclude(employee=reader)),
        countersigned=_number_of(changes.filter(status=Status.COUNTERSIGNED)),
        has_table=Exists(BandTable.objects.filter(dealer=OuterRef("dealer"))),
    )


def _number_of(changes):
    """Of changes that are all of one state."""
    return Coalesce(Subquery(changes.order_by().values("status").annotate(number=Count("pk")).values("number")), 0)


def changes_to_sign(user, most=MOST_AT_ONCE):
    """[(“approve” or “countersign”, the changes that wait for this signature of `user`)], by what each change needs and who this is.

    The first `most` of each.
    """
    waiting = pay_changes_visible_to(user).exclude(employee__user=user).order_by("effective_on", "pk")
    approvals = waiting.filter(status=Status.PROPOSED)[:most] if user.has_perm(APPROVE) else []
    approved = waiting.filter(status=Status.APPROVED).exclude(approved_by=user).select_related("approved_by__employee")
    second = list(approved[:most]) if user.has_perm(COUNTERSIGN) else []
    close = approvers_let_in(user, second, at=timezone.now())
    return [
        ("approve", [change for change in approvals if may_approve(user, change)]),
        ("countersign", [change for change in second if may_countersign(user, change) and change.approved_by not in close]),
    ]


def approvers_let_in(user, changes, *, at):
    """Who approved one of the changes and let `user` in within 30 days, or the other way round (§1): the two do not count together."""
    return [one for one in {change.approved_by for change in changes if change.approved_by} if paired(one, user, at=at)]


def approvers_of(dealer):
    """Whose first signature it is: HR of the dealer, or group HR where there is none."""
    signing = Employee.objects.filter(user__is_active=True)
    own = signing.filter(dealer=dealer, user__groups__name=Role.HR)
    return own if own.exists() else signing.filter(group=dealer.group_id, user__groups__name=Role.GROUP_HR)


def countersigners_of(dealer):
    """Whose second signature it is: the dealer's general manager, or group HR where there is none."""
    signing = Employee.objects.filter(user__is_active=True)
    managers = signing.filter(dealer=dealer, user__groups__name=Role.GENERAL_MANAGER)
    return managers if managers.exists() else signing.filter(group=dealer.group_id, user__groups__name=Role.GROUP_HR)


def sums_visible_to(user):
    """{status: {"count", "monthly"}} of the changes whose sums `user` may see."""
    return totals_of(PayChange.objects.filter(sums_scope(user)))


def totals_of(changes):
    """{status: {"count", "monthly"}} of the changes, in one query."""
    rows = changes.order_by().values("status").annotate(count=Count("pk"), monthly=Sum(DIFFERENCE))
    found = {row["status"]: {"count": row["count"], "monthly": row["monthly"]} for row in rows}
    return {status: found.get(status, {"count": 0, "monthly": 0}) for status in Status.values}


def sums_by_dealer(changes):
    """{dealer id: {"count", "monthly"}} of the changes, in one query."""
    rows = changes.order_by().values("dealer").annotate(count=Count("pk"), monthly=Sum(DIFFERENCE))
    return {row["dealer"]: {"count": row["count"], "monthly": row["monthly"]} for row in rows}


def exports_visible_to(user):
    """Payroll exports with `count` and `monthly` of their changes, reckoned for those that are shown."""
    changes = PayChange.objects.filter(export=OuterRef("pk")).order_by().values("export")
    found = PayrollExport.objects.filter(exports_scope(user)).select_related("dealer", "exported_by__employee")
    return found.annotate(
        count=Coalesce(Subquery(changes.annotate(count=Count("pk")).values("count")), 0),
        monthly=Subquery(changes.annotate(monthly=Sum(DIFFERENCE)).values("monthly")),
    )


def changes_of_export(export):
    related = ("employee__position", "position", "dealer", "decision", "from_band", "to_band")
    return export.changes.select_related(*related).order_by("employee__number")


def said_of(change, on):
    """What payroll is told of a change on the day `on`, in plain values and in either language, as it is now."""
    since = change.back_pay_handed_over(on)
    employee, position = change.employee, change.position or change.employee.position
    return {
        "number": employee.number, "name": employee.name, "dealer": change.dealer.code,
        "position_zh": position.name_zh, "position_en": position.name_en, "cause": change.cause,
        "from": change.from_band.code, "to": change.to_band.code,
        "before": str(change.from_band.base_pay), "after": str(change.to_band.base_pay),
        "effective_on": change.effective_on.isoformat(), "change": change.pk,
        "back_pay_since": since.isoformat() if since else "",
    }  # fmt: skip


def tables_of(changes):
    """The band tables that the changes rest on, by dealer and day, with who made them."""
    tables = BandTable.objects.filter(pk__in={change.to_band.table_id for change in changes})
    return tables.select_related("made_by__employee", "dealer").order_by("dealer__code", "effective_on")


def band_tables_visible_to(user):
    return BandTable.objects.filter(dealer_scope(user)).select_related("dealer").prefetch_related(_bands())


def band_tables_of(dealer):
    return BandTable.objects.filter(dealer=dealer).select_related("made_by__employee").prefetch_related(_bands())


def latest_table(dealer):
    return band_tables_of(dealer).order_by("-effective_on").first()


def table_shown(dealer):
    """From which table a page fills in the next one of a dealer, for `lms.common.shown`."""
    table = latest_table(dealer)
    words = said(table.effective_on) if table else None
    return {f"table-{dealer.pk}": fact(BandTable._meta.verbose_name, table and table.pk, words)}


def _bands():
    return Prefetch("bands", Band.objects.order_by("track", "level"))


def record_looks(employees, *, by, at, where):
    """Every look at pay is logged (§1): one audit event for each person looked at."""
    record_events([event_of("pay.viewed", target=employee, by=by, at=at, after={"where": where}) for employee in employees])


def looks_at(employee):
    """Who looked at the person's pay, the latest first: others' looks, their own are left out."""
    looks = Event.objects.filter(verb="pay.viewed", target_type=Employee._meta.label_lower, target_id=str(employee.pk))
    return looks.exclude(actor=employee.user_id).select_related("actor__employee__position", "actor__employee__dealer")


def pay_of(employee: Employee, *, by, at: datetime | None = None, where="pay"):
    """The person's band in force, the one a step up, the changes so far and what is proposed; the look is logged, the own one too.

    For the person themselves and for HR; anyone else is refused.
    """
    at = at or timezone.now()
    require(Employee.objects.filter(pay_scope(by), pk=employee.pk).exists(), _("Pay is seen only by the person concerned and by HR."))
    record_looks([employee], by=by, at=at, where=where)
    standing = standing_of(employee, timezone.localdate(at))
    band, next_band = standing.band, standing.next_band
    return {
        "employee": employee,
        "standing": standing,
        "table": standing.table,
        "band": band,
        "next_band": next_band,
        "difference": next_band.base_pay - band.base_pay if band and next_band else None,
        **_changes_of(employee),
    }


def _changes_of(employee):
    """What was decided, the newest first, and what is only proposed: no pay before two people have signed it."""
    changes = employee.pay_changes.exclude(status__in=GONE).select_related("from_band", "to_band", "position", "dealer", "export")
    changes = list(changes.defer("export__rows").order_by("-effective_on", "-pk"))
    return {
        "changes": [change for change in changes if change.status in FINAL],
        "proposed": [change for change in changes if change.status not in FINAL],
    }


def entries_of(employee, *tracks):
    """The person's entries that lead to or from the tracks, once decided on, oldest first."""
    return _decided(employee).filter(Q(from_band__track__in=tracks) | Q(to_band__track__in=tracks))


def _decided(employee):
    """The person's own changes, once decided on, oldest first: what is still being signed is not promised to anyone."""
    return employee.pay_changes.filter(status__in=FINAL).select_related("from_band", "to_band").order_by("effective_on", "pk")


def entries_around(change):
    """The person's other entries on its tracks, oldest first; the change may not be saved yet."""
    return [entry for entry in entries_of(change.employee, change.from_band.track, change.to_band.track) if entry.pk != change.pk]


def leaves_by(employee, day):
    """Whether the person has left by the day, or will have by what is entered for a day to come (§1)."""
    coming = ComingChange.objects.filter(employee=employee, kind=Proposal.Kind.DEPARTURE, status=ComingChange.Status.COMING, on__lte=day)
    return is_gone(employee, day) or coming.exists()


def with_fitness(changes):
    """The changes, with `unfit`: why one that is not with payroll yet goes no further (§1), empty while it fits.

    Whoever left on its day or before is gone when it takes effect; of whoever is to leave by then, or to move to where it does not fit,
    it is not signed. A wrong move between tracks may be reversed from where it led.
    """
    leaving = ComingChange.objects.filter(employee=OuterRef("employee"), kind="departure", status=ComingChange.Status.COMING)
    moving, reverses = _moving(), Q(cause=Cause.REVERSAL)
    return changes.annotate(
        unfit=Case(
            When(employee__left_on__lte=F("effective_on"), then=Value(Unfit.LEFT)),
            When(Exists(leaving.filter(on__lte=OuterRef("effective_on"))), then=Value(Unfit.LEAVING)),
            When(decision__correction__isnull=False, then=Value(Unfit.TAKEN_BACK)),
            When(~reverses & ~Q(employee__position__track=F("to_band__track")), then=Value(Unfit.TRACK)),
            When(~Q(employee__dealer=F("dealer")), then=Value(Unfit.MOVED)),
            When(Exists(moving.exclude(to=OuterRef("dealer"))), then=Value(Unfit.MOVING)),
            When(~reverses & Exists(moving.exclude(track=OuterRef("to_band__track"))), then=Value(Unfit.MOVING)),
            default=Value(""),
            output_field=CharField(),
        )
    )


def _moving():
    """The move entered for the person of a change that begins by the change's day: `to` which dealer, to a post of which `track`."""
    moves = ComingChange.objects.filter(employee=OuterRef("employee"), kind=Proposal.Kind.MOVE, status=ComingChange.Status.COMING)
    moves = moves.filter(on__lte=OuterRef("effective_on")).annotate(
        to=Cast(KT("particulars__to"), BigIntegerField()), post=Cast(KT("particulars__position"), BigIntegerField())
    )
    return moves.annotate(track=Subquery(Position.objects.filter(pk=OuterRef("post")).values("track")))


def awards_without_pay_change(cycle_id=None):
    """The awards that still owe a pay change; not one that was taken back, nor one of which the log says that none was due."""
    awards = LevelDecision.objects.filter(kind=LevelDecision.Kind.AWARD, pay_changes=None, correction=None)
    if cycle_id:
        awards = awards.filter(cycle=cycle_id)
    settled = Event.objects.filter(verb="pay.none_due", target_type=LevelDecision._meta.label_lower).values_list("target_id", flat=True)
    settled = settled.filter(target_id__in=[str(pk) for pk in awards.values_list("pk", flat=True)])
    awards = awards.exclude(pk__in=[int(pk) for pk in settled])
    return awards.select_related("employee__dealer", "employee__position", "cycle__dealer").order_by("pk")
