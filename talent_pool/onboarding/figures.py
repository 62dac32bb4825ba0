"""How long it takes until someone works alone, on Today of whoever leads."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.common.registries import tile
from talent_pool.onboarding.permissions import VIEW
from talent_pool.onboarding.progress import median_days
from talent_pool.onboarding.queries.books import alone_lately, alone_pairs, task_books_visible_to

LEADS = "people.view_dealer_people"


@tile(order=38, needs=[LEADS, VIEW])
def days_until_alone(user, employee, at):
    """Only where somebody came to work alone in the last 12 months. One statement."""
    pairs = alone_pairs(alone_lately(task_books_visible_to(user), timezone.localdate(at)))
    days = median_days([pair for found in pairs.values() for pair in found])
    if days is not None:
        url = f"{reverse('task_books')}?state=alone"
        yield {"label": _("Days until someone works alone, median"), "value": f"{days:g}", "unit": _("days"), "url": url}
