from celery import shared_task
from django.utils import timezone

from talent_pool.labour.actions.findings import recheck_now


@shared_task(name="labour.recheck")
def recheck(dealers, people):
    recheck_now(dealers=dealers, people=people, at=timezone.now())
