"""How many findings are open, on Today."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.common.registries import tile
from talent_pool.labour.choices import Severity
from talent_pool.labour.permissions import VIEW
from talent_pool.labour.queries import findings_visible_to


@tile(order=60, needs=[VIEW])
def open_findings(user, employee, at):
    """Only where there are any. One statement."""
    found = findings_visible_to(user).filter(gone_at=None).order_by()
    counts = found.aggregate(all=Count("pk"), blocking=Count("pk", filter=Q(severity=Severity.BLOCK)))
    if counts["all"]:
        badge = _("%(n)d block") % {"n": counts["blocking"]} if counts["blocking"] else ""
        yield {
            "label": _("Open findings of the rule check"),
            "value": counts["all"],
            "badge": badge,
            "tone": "bad",
            "url": reverse("labour_findings"),
        }
