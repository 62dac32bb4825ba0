"""What HR and the general manager must do next about pay, for Today."""

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.common.compiled import compiled
from lms.common.registries import due
from lms.people.choices import Role
from lms.people.models import Employee
from lms.people.permissions import dealer_scope, may_sign
from talent_pool.pay.models import BandTable, PayChange

Status = PayChange.Status


@due
def due_for(employee, at):
    user = employee.user
    if not may_sign(user):
        return []
    signs, counters = user.has_perm("pay.approve_pay_changes"), user.has_perm("pay.countersign_pay_changes")
    if not (signs or counters):
        return []
    rows = _waiting(signs, scope=dealer_scope(user), employee=employee.pk, user=user.pk)
    counts = {name: sum(row[name] for row in rows) for name in ("proposed", "approved", "countersigned")}
    found = []
    if signs:
        found += _for_hr(counts, employee)
    if counters and counts["approved"]:
        title = ngettext("%(n)d pay change to countersign", "%(n)d pay changes to countersign", counts["approved"])
        found.append(
            _item(title % {"n": counts["approved"]}, _("Approved by HR; with your signature they go to payroll."), _("Countersign"))
        )
    return found


@compiled
def _waiting(stands_in, *, scope, employee, user):
    """What waits, not about oneself: one row a group."""
    waiting = PayChange.objects.filter(scope, status__in=[Status.PROPOSED, Status.APPROVED, Status.COUNTERSIGNED])
    second = Q(status=Status.APPROVED) & ~Q(approved_by=user) & ~Q(employee=employee) & _is_theirs(stands_in)
    return (
        waiting.order_by()
        .values("dealer__group")
        .annotate(
            proposed=Count("pk", filter=Q(status=Status.PROPOSED) & ~Q(employee=employee)),
            approved=Count("pk", filter=second),
            countersigned=Count("pk", filter=Q(status=Status.COUNTERSIGNED)),
        )
    )


def _is_theirs(stands_in):
    """Whose second signature it is to give: group HR stands in where a dealer has no general manager."""
    managers = Employee.objects.filter(dealer=OuterRef("dealer"), user__groups__name=Role.GENERAL_MANAGER, user__is_active=True)
    return ~Exists(managers) if stands_in else Q()


def _for_hr(counts, employee):
    if counts["proposed"]:
        title = ngettext("%(n)d pay change to approve", "%(n)d pay changes to approve", counts["proposed"])
        yield _item(
            title % {"n": counts["proposed"]},
            _("Each says its cause, most of them a promotion of the last grading."),
            _("Review and approve"),
        )
    if counts["countersigned"]:
        title = ngettext("%(n)d pay change to export", "%(n)d pay changes to export", counts["countersigned"])
        yield _item(title % {"n": counts["countersigned"]}, _("Countersigned; payroll does not have them yet."), _("Export"))
    if not BandTable.objects.filter(dealer=employee.dealer_id).exists():
        yield _item(_("There is no band table"), _("Without one no pay change can be proposed."), _("Make one"), reverse("band_table_new"))


def _item(title, text, action, url=""):
    return {"at": None, "title": title, "text": text, "url": url or reverse("pay_changes"), "action": action, "now": False}
