"""What HR and the general manager must do next about pay, for Today."""

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
    changes, found = PayChange.objects.filter(dealer_scope(user)), []
    if signs:
        found += _for_hr(changes, employee)
    if counters:
        found += _for_the_second(changes, employee, signs)
    return found


def _for_the_second(changes, employee, signs):
    user = employee.user
    approved = changes.filter(_is_theirs(signs), status=Status.APPROVED).exclude(approved_by=user).exclude(employee=employee).count()
    if approved:
        title = ngettext("%(n)d pay change to countersign", "%(n)d pay changes to countersign", approved)
        yield _item(title % {"n": approved}, _("Approved by HR; with your signature they go to payroll."), _("Countersign"))


def _is_theirs(stands_in):
    """Whose second signature it is to give: group HR stands in where a dealer has no general manager."""
    managers = Employee.objects.filter(dealer=OuterRef("dealer"), user__groups__name=Role.GENERAL_MANAGER, user__is_active=True)
    return ~Exists(managers) if stands_in else Q()


def _for_hr(changes, employee):
    counts = changes.filter(status__in=[Status.PROPOSED, Status.COUNTERSIGNED]).aggregate(
        proposed=Count("pk", filter=Q(status=Status.PROPOSED) & ~Q(employee=employee)),
        countersigned=Count("pk", filter=Q(status=Status.COUNTERSIGNED)),
    )
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
