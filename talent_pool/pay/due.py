"""What HR and the general manager must do next about pay, for Today."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.common.registries import due
from lms.people.choices import Role
from lms.people.models import Employee
from lms.people.permissions import dealer_scope, may_sign
from talent_pool.pay.models import PayChange
from talent_pool.pay.queries import waiting_for_hr

Status = PayChange.Status


@due
def due_for(employee, at):
    user = employee.user
    if not may_sign(user):
        return []
    signs, counters = user.has_perm("pay.approve_pay_changes"), user.has_perm("pay.countersign_pay_changes")
    if not (signs or counters):
        return []
    found = []
    if signs:
        found += _for_hr(user, at)
    if counters:
        found += _for_the_second(employee, signs)
    return found


def _for_the_second(employee, signs):
    user = employee.user
    changes = PayChange.objects.filter(dealer_scope(user), _is_theirs(signs), status=Status.APPROVED)
    approved = changes.exclude(approved_by=user).exclude(employee=employee).count()
    if approved:
        title = ngettext("%(n)d pay change to countersign", "%(n)d pay changes to countersign", approved)
        yield _item(title % {"n": approved}, _("Approved by HR; with your signature they go to payroll."), _("Countersign"))


def _is_theirs(stands_in):
    """Whose second signature it is to give: group HR stands in where a dealer has no general manager."""
    managers = Employee.objects.filter(dealer=OuterRef("dealer"), user__groups__name=Role.GENERAL_MANAGER, user__is_active=True)
    return ~Exists(managers) if stands_in else Q()


def _for_hr(user, at):
    counts = waiting_for_hr(user, at)
    if counts["others"]:
        title = ngettext("%(n)d pay change to approve", "%(n)d pay changes to approve", counts["others"])
        yield _item(
            title % {"n": counts["others"]},
            _("Each says its cause, most of them a promotion of the last grading."),
            _("Review and approve"),
        )
    if counts["countersigned"]:
        title = ngettext("%(n)d pay change to export", "%(n)d pay changes to export", counts["countersigned"])
        yield _item(title % {"n": counts["countersigned"]}, _("Countersigned; payroll does not have them yet."), _("Export"))
    if not counts["has_table"]:
        yield _item(_("There is no band table"), _("Without one no pay change can be proposed."), _("Make one"), reverse("band_table_new"))


def _item(title, text, action, url=""):
    return {"at": None, "title": title, "text": text, "url": url or reverse("pay_changes"), "action": action, "now": False}
