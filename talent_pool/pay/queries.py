from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Prefetch, Q, Sum
from django.utils import timezone

from lms.audit.actions import event_of, record_events
from lms.people.models import Employee
from lms.people.permissions import dealer_scope
from talent_pool.pay.models import Band, BandTable, PayChange, PayrollExport
from talent_pool.pay.permissions import changes_scope, pay_scope
from talent_pool.pay.proposals import table_on

Status = PayChange.Status


def pay_changes_visible_to(user):
    """Pay changes that `user` may see in lists, with all that a list shows. Showing them is a look at pay: `record_looks`."""
    return PayChange.objects.filter(changes_scope(user)).select_related(
        "employee__position", "dealer", "award", "from_band", "to_band", "approved_by__employee", "countersigned_by__employee"
    )


def changes_to_approve(user):
    return pay_changes_visible_to(user).filter(status=Status.PROPOSED)


def changes_to_countersign(user):
    """What waits for the second signature, without what `user` approved: two people sign."""
    return pay_changes_visible_to(user).filter(status=Status.APPROVED).exclude(approved_by=user)


def totals_of(changes):
    """{status: {"count", "monthly"}} of the changes, in one query."""
    rows = changes.order_by().values("status").annotate(count=Count("pk"), monthly=Sum(F("to_band__base_pay") - F("from_band__base_pay")))
    found = {row["status"]: {"count": row["count"], "monthly": row["monthly"]} for row in rows}
    return {status: found.get(status, {"count": 0, "monthly": 0}) for status in Status.values}


def exports_visible_to(user):
    return (
        PayrollExport.objects.filter(dealer_scope(user))
        .select_related("dealer", "exported_by__employee")
        .annotate(count=Count("changes"), monthly=Sum(F("changes__to_band__base_pay") - F("changes__from_band__base_pay")))
    )


def changes_of_export(export):
    return export.changes.select_related("employee__position", "dealer", "award", "from_band", "to_band").order_by("employee__number")


def band_tables_visible_to(user):
    return BandTable.objects.filter(dealer_scope(user)).select_related("dealer").prefetch_related(_bands())


def band_tables_of(dealer):
    return BandTable.objects.filter(dealer=dealer).prefetch_related(_bands())


def _bands():
    return Prefetch("bands", Band.objects.order_by("track", "level"))


def record_looks(employees, *, by, at, where):
    """Every look at pay is logged (§1): one audit event for each person looked at."""
    record_events([event_of("pay.viewed", target=employee, by=by, at=at, after={"where": where}) for employee in employees])


def pay_of(employee: Employee, *, by, at: datetime | None = None, where="pay"):
    """The person's band, the band one step up, and the changes so far; the look is logged, the own one too.

    For the person themselves and for HR; anyone else is refused.
    """
    at = at or timezone.now()
    if not Employee.objects.filter(pay_scope(by), pk=employee.pk).exists():
        raise PermissionDenied
    record_looks([employee], by=by, at=at, where=where)
    return {"employee": employee, **_bands_of(employee, timezone.localdate(at)), "changes": _changes_of(employee)}


def _bands_of(employee, day):
    table = table_on(band_tables_of(employee.dealer_id), day)
    track = employee.position.track
    bands = {band.level: band for band in table.bands.all() if band.track == track} if table and track else {}
    band, next_band = bands.get(employee.level), bands.get(employee.level + 1)
    return {
        "table": table,
        "band": band,
        "next_band": next_band,
        "difference": next_band.base_pay - band.base_pay if band and next_band else None,
    }


def _changes_of(employee):
    """The person's own changes, once decided on: what is still being signed is not promised to anyone."""
    decided = Q(status__in=[Status.COUNTERSIGNED, Status.EXPORTED])
    return list(employee.pay_changes.filter(decided).select_related("from_band", "to_band").order_by("-effective_on"))


def awards_without_pay_change(cycle_id):
    from assessments.grading.models import Award

    return Award.objects.filter(cycle=cycle_id, pay_change=None).select_related("employee", "cycle__dealer").order_by("pk")
