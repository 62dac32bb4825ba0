from celery import shared_task
from django.utils import timezone

from talent_pool.progression import follow_up_publication


@shared_task(name="talent_pool.follow_up_publication")
def follow_up(cycle_id):
    follow_up_publication(cycle_id=cycle_id, at=timezone.now())
