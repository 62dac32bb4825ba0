"""What waits for a second signature, for Today."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.common.compiled import compiled
from lms.common.registries import due
from lms.people.models import ComingChange
from lms.people.permissions import dealer_scope
from lms.people.queries import proposals_to_decide

MOST = 50


@due
def held_up(employee, at):
    """A departure or move whose day has come and that could not be carried out. One statement, for whoever looks after people."""
    user = employee.user
    if not user or not user.has_perm("people.manage_people"):
        return []
    return [
        {
            "at": None,
            "title": _("Could not take effect: %(what)s, %(name)s") % {"what": one.what, "name": one.employee.name},
            "text": one.held_up,
            "url": reverse("person", args=[one.employee_id]),
            "action": _("Look"),
            "now": True,
        }
        for one in _stuck(scope=dealer_scope(user, "employee__dealer"))
    ]


@compiled
def _stuck(*, scope):
    stuck = ComingChange.objects.filter(scope, status=ComingChange.Status.COMING).exclude(held_up="")
    return stuck.select_related("employee")[:MOST]


@due
def due_for(employee, at):
    user = employee.user
    if not user or not (user.has_perm("people.manage_people") or user.has_perm("pay.countersign_pay_changes")):
        return []
    found = proposals_to_decide(user)
    if not found:
        return []
    title = ngettext("%(n)d proposal waits for a second person", "%(n)d proposals wait for a second person", len(found))
    url = reverse("proposal", args=[found[0].pk]) if len(found) == 1 else f"{reverse('proposals')}?status=yours"
    text = _("About people who sign: a new post, a departure, a password or an address.")
    return [{"at": None, "title": title % {"n": len(found)}, "text": text, "url": url, "action": _("Decide"), "now": False}]
