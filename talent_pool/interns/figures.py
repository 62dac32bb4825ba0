"""How many interns there are and what keeps them from starting, on the Today page of whoever leads."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.common.registries import tile
from lms.people.permissions import dealer_scope
from talent_pool.interns.models import Placement
from talent_pool.interns.permissions import MANAGE, VIEW
from talent_pool.interns.queries.placements import under_way
from talent_pool.labour.choices import Severity
from talent_pool.labour.models import Finding


@tile(order=45, needs=[VIEW])
def interns(user, employee, at):
    """Only where there are any."""
    here = Placement.objects.filter(dealer_scope(user, "batch__dealer"), under_way(timezone.localdate(at))).count()
    if here:
        yield {"label": _("Interns under way"), "value": here, "url": f"{reverse('placements')}?stage=under_way"}


@tile(order=46, needs=[MANAGE])
def blocking(user, employee, at):
    """Placements that a rule blocks, by the last check; only where there are any."""
    found = Finding.objects.filter(dealer_scope(user), gone_at=None, severity=Severity.BLOCK, person__isnull=False)
    count = found.order_by().values("person").distinct().count()
    if count:
        badge = ngettext("a rule blocks %(n)d", "a rule blocks %(n)d", count) % {"n": count}
        url = f"{reverse('placements')}?blocked=1"
        yield {"label": _("Interns whom a rule blocks"), "value": count, "badge": badge, "tone": "bad", "url": url}
