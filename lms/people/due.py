"""What waits for a second signature, for Today."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.common.registries import due
from lms.people.models import Proposal
from lms.people.permissions import may_confirm
from lms.people.queries import proposals_visible_to

# More than these need no counting: the page of them says how many there are.
MOST = 50


@due
def due_for(employee, at):
    user = employee.user
    if not user or not (user.has_perm("people.manage_people") or user.has_perm("pay.countersign_pay_changes")):
        return []
    waiting = proposals_visible_to(user).filter(status=Proposal.Status.WAITING).exclude(proposed_by=user).exclude(employee=employee)
    found = [one for one in waiting[:MOST] if one.proposed_by_id is None or may_confirm(user, one)]
    if not found:
        return []
    title = ngettext("%(n)d proposal waits for a second person", "%(n)d proposals wait for a second person", len(found))
    url = reverse("proposal", args=[found[0].pk]) if len(found) == 1 else f"{reverse('proposals')}?status=waiting"
    text = _("About people who sign: a new post, a departure, a password or an address.")
    return [{"at": None, "title": title % {"n": len(found)}, "text": text, "url": url, "action": _("Decide"), "now": False}]
