"""The pay changes that wait for this reader's signature, on Today."""

from django.urls import reverse
from django.utils.translation import gettext as _

from lms.common.registries import tile
from talent_pool.pay.models import PayChange
from talent_pool.pay.moves import moves_to_decide
from talent_pool.pay.permissions import APPROVE, COUNTERSIGN
from talent_pool.pay.queries import pay_changes_visible_to, waiting_for_hr

LEADS = "people.view_dealer_people"


@tile(order=40, needs=[LEADS, APPROVE])
def to_approve(user, employee, at):
    yield _waiting(_("Pay changes to approve"), PayChange.Status.PROPOSED, waiting_for_hr(user, at)["proposed"])


@tile(order=41, needs=[LEADS, COUNTERSIGN])
def to_countersign(user, employee, at):
    approved = pay_changes_visible_to(user).filter(status=PayChange.Status.APPROVED).count()
    yield _waiting(_("Pay changes to countersign"), PayChange.Status.APPROVED, approved)


@tile(order=42, needs=[LEADS, APPROVE])
def moves(user, employee, at):
    """Only where there are any: moves are rare."""
    waiting = len(moves_to_decide(user, at=at))
    if waiting:
        yield {"label": _("Moved: pay to decide"), "value": waiting, "tone": "warn", "url": reverse("pay_changes")}


def _waiting(label, status, count):
    """Of all dealers whose records the reader sees, as the list that it opens."""
    return {"label": label, "value": count, "url": f"{reverse('pay_changes')}?status={status}"}
