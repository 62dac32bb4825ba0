"""The pay changes that wait for this reader's signature, on Today."""

from django.urls import reverse
from django.utils.translation import gettext as _

from lms.common.registries import tile
from talent_pool.pay.models import PayChange
from talent_pool.pay.moves import moves_to_decide
from talent_pool.pay.permissions import APPROVE, COUNTERSIGN

LEADS = "people.view_dealer_people"


@tile(order=40, needs=[LEADS, APPROVE])
def to_approve(user, employee, at):
    yield _waiting(_("Pay changes to approve"), employee, PayChange.Status.PROPOSED)


@tile(order=41, needs=[LEADS, COUNTERSIGN])
def to_countersign(user, employee, at):
    if not user.has_perm(APPROVE):  # whoever gives both signatures looks at the first
        yield _waiting(_("Pay changes to countersign"), employee, PayChange.Status.APPROVED)


@tile(order=42, needs=[LEADS, APPROVE])
def moves(user, employee, at):
    """Only where there are any: moves are rare."""
    waiting = len(moves_to_decide(user, at=at, dealer=employee.dealer))
    if waiting:
        yield {"label": _("Moved: pay to decide"), "value": waiting, "tone": "warn", "url": reverse("pay_changes")}


def _waiting(label, employee, status):
    waiting = PayChange.objects.filter(dealer=employee.dealer_id, status=status).count()
    return {"label": label, "value": waiting, "tone": "warn", "url": f"{reverse('pay_changes')}?status={status}"}
