from django.db.models import Count

from lms.common.integrity import invariant
from lms.notifications.kinds import kinds
from lms.notifications.models import Delivery, Notice


@invariant("Nobody is told the same thing twice")
def notices_are_told_once():
    doubles = Notice.objects.order_by().values("recipient", "posted_to", "kind", "key").annotate(count=Count("pk")).filter(count__gt=1)
    return [f"{row['kind']} {row['key']} → {_reader(row)}: {row['count']} times" for row in doubles]


@invariant("A notice goes out once over each channel")
def deliveries_are_sent_once():
    doubles = Delivery.objects.order_by().values("notice", "channel").annotate(count=Count("pk")).filter(count__gt=1)
    return [f"notice {row['notice']} over channel {row['channel']}: {row['count']} times" for row in doubles]


@invariant("A personal notice goes to no group")
def groups_read_what_is_public():
    public = [kind.name for kind in kinds().values() if kind.is_public]
    return Notice.objects.filter(posted_to__isnull=False).exclude(kind__in=public)


def _reader(row):
    return f"user {row['recipient']}" if row["recipient"] else f"channel {row['posted_to']}"
