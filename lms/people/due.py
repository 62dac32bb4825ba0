"""What waits for a second signature, for Today."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.common.registries import due
from lms.people.queries import proposals_to_decide


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
