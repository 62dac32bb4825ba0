from celery import shared_task
from django.utils import timezone

from lms.notifications.actions import deliver_pending


@shared_task(name="notifications.deliver")
def deliver(notice_ids):
    deliver_pending(at=timezone.now(), notice_ids=notice_ids)
