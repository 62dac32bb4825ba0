"""How many interns there are, on the Today page of whoever leads. Whom a rule blocks stands among the findings of the rule check."""

from django.urls import reverse
from django.utils.translation import gettext as _

from lms.common.registries import tile
from talent_pool.interns.permissions import VIEW
from talent_pool.interns.queries.placements import counted_for


@tile(order=45, needs=[VIEW])
def interns(user, employee, at):
    """Only where there are any."""
    here = counted_for(user, at)["here"]
    if here:
        yield {"label": _("Interns under way"), "value": here, "url": f"{reverse('placements')}?stage=under_way"}
