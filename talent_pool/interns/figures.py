"""How many interns there are, on the Today page of whoever leads."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.common.registries import tile
from lms.people.permissions import dealer_scope
from talent_pool.interns.models import Placement
from talent_pool.interns.permissions import VIEW
from talent_pool.interns.queries.placements import under_way


@tile(order=45, needs=[VIEW])
def interns(user, employee, at):
    """Only where there are any."""
    here = Placement.objects.filter(dealer_scope(user, "batch__dealer"), under_way(timezone.localdate(at))).count()
    if here:
        yield {"label": _("Interns under way"), "value": here, "url": f"{reverse('placements')}?stage=under_way"}
