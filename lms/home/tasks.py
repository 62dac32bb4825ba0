from celery import shared_task
from django.utils import timezone

from lms.home.sweep import EVERY_FEW_SECONDS, EVERY_MINUTE, FEW_SECONDS, sweep


@shared_task(name="home.sweep")
def sweep_all():
    sweep(at=timezone.now())


@shared_task(name="home.sweep_lightly", expires=60)
def sweep_lightly():
    sweep(at=timezone.now(), steps=EVERY_MINUTE)


@shared_task(name="home.sweep_exams", expires=FEW_SECONDS)
def sweep_exams():
    sweep(at=timezone.now(), steps=EVERY_FEW_SECONDS)
