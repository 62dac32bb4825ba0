"""Last days of agreements and obligations that are due, in the coming weeks of HR."""

from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.common.registries import Entry, feed
from talent_pool.schools.permissions import MANAGE
from talent_pool.schools.queries.agreements import duties_open
from talent_pool.schools.queries.visible import agreements_visible_to


@feed
def agreements(employee, start, end):
    """Two statements for HR, none for others."""
    user = employee.user
    if user is None or not user.has_perm(MANAGE):
        return
    days = (timezone.localdate(start), timezone.localdate(end))
    ending = agreements_visible_to(user).filter(ended_on=None, ends_on__range=days)
    owed = duties_open(user).filter(due_on__range=days)
    lines = [(f"agreement-{one.pk}", _("Agreement %(number)s ends") % {"number": one.number}, one.ends_on, one) for one in ending]
    lines += [(f"duty-{one.pk}", one.words, one.due_on, one.agreement) for one in owed]
    for key, title, on, agreement in lines:
        at = timezone.make_aware(datetime.combine(on, time(23, 59)))
        if at < end:
            yield Entry(key, title, at, url=reverse("agreement", args=[agreement.pk]), note=agreement.school.name)
