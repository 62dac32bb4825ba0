"""The pay changes that wait for this reader's signature, on Today."""

from django.urls import reverse
from django.utils.translation import gettext as _

from lms.common.registries import tile
from talent_pool.pay.models import PayChange
from talent_pool.pay.moves import moves_to_decide
from talent_pool.pay.permissions import APPROVE, COUNTERSIGN
from talent_pool.pay.queries import pay_changes_visible_to

LEADS = "people.view_dealer_people"


@tile(order=40, needs=[LEADS, APPROVE])
def to_approve(user, employee, at):
    yield _waiting(_("Pay changes to approve"), user, PayChange.Status.PROPOSED)


@tile(order=41, needs=[LEADS, COUNTERSIGN])
def to_countersign(user, employee, at):
    yield _waiting(_("Pay changes to countersign"), user, PayChange.Status.APPROVED)


@tile(order=42, needs=[LEADS, APPROVE])
def moves(user, employee, at):
    """Only where there are any: moves are rare."""
    waiting = len(moves_to_decide(user, at=at))
    if waiting:
        yield {"label": _("Moved: pay to decide"), "value": waiting, "tone": "warn", "url": reverse("pay_changes")}


def _waiting(label, user, status):
    """Of all dealers whose records the reader sees, as the list that it opens."""
    waiting = pay_changes_visible_to(user).filter(status=status).count()
    return {"label": label, "value": waiting, "url": f"{reverse('pay_changes')}?status={status}"}
