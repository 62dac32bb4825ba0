"""The headline of G8 on Today: who holds a maker's certificate, by position."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.certification.queries import certified_share_now
from lms.common.registries import tile


@tile(order=10, needs=["people.view_dealer_people"])
def certified(user, employee, at):
    for share in certified_share_now(user, timezone.localdate(at)):
        position = share["position"]
        if position.is_leading:
            continue  # the headline is the floor: technicians and advisors
        yield {
            "label": _("%(position)s with an OEM certificate") % {"position": position.name},
            "value": share["certified"],
            "unit": f"/ {share['total']}",
            "url": f"{reverse('certified_staff')}?position={position.pk}",
        }
