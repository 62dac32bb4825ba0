from celery import shared_task
from django.utils import timezone

from lms.notifications.sending import deliver_pending
from lms.notifications.signers import tell_about_signers


@shared_task(name="notifications.deliver")
def deliver(notice_ids):
    deliver_pending(at=timezone.now(), notice_ids=notice_ids)


@shared_task(name="notifications.tell_about_signers")
def tell():
    tell_about_signers(at=timezone.now())
