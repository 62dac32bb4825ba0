"""Offers that wait and people on probation, on Today of HR."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.common.registries import tile
from talent_pool.selection.models import Offer
from talent_pool.selection.permissions import SELECT
from talent_pool.selection.queries.offers import offers_listed


@tile(order=46, needs=["people.view_dealer_people", SELECT])
def offers(user, employee, at):
    """Only where there are any. One statement."""
    counts = (
        offers_listed(user)
        .order_by()
        .aggregate(
            offered=Count("pk", filter=Q(status=Offer.Status.OFFERED)), probation=Count("pk", filter=Q(status=Offer.Status.PROBATION))
        )
    )
    if counts["offered"]:
        yield {"label": _("Offers not answered yet"), "value": counts["offered"], "url": f"{reverse('offers')}?status=offered"}
    if counts["probation"]:
        yield {"label": _("On probation"), "value": counts["probation"], "url": f"{reverse('offers')}?status=probation"}
