from django.db.models import Count

from lms.common.integrity import invariant
from lms.notifications.models import Delivery, Notice


@invariant("Nobody is told the same thing twice")
def notices_are_told_once():
    doubles = Notice.objects.order_by().values("recipient", "kind", "key").annotate(count=Count("pk")).filter(count__gt=1)
    return [f"{row['kind']} {row['key']} → user {row['recipient']}: {row['count']} times" for row in doubles]


@invariant("A notice goes out once over each channel")
def deliveries_are_sent_once():
    doubles = Delivery.objects.order_by().values("notice", "channel").annotate(count=Count("pk")).filter(count__gt=1)
    return [f"notice {row['notice']} by {row['channel']}: {row['count']} times" for row in doubles]
