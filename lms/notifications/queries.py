from django.db.models import Count

from lms.common.compiled import compiled
from lms.notifications.models import Notice


def notices_visible_to(user):
    return Notice.objects.filter(recipient=user)


def unread_notices_of(user):
    """How many notices the user has not read yet."""
    return sum(_unread(user=user.pk))


@compiled
def _unread(*, user):
    return Notice.objects.filter(recipient=user, read_at=None).order_by().values("recipient").values_list(Count("pk"), flat=True)
