"""When people come, move or leave, the share of interns is another one."""

from django.dispatch import receiver

from lms.common.background import enqueue
from lms.people.signals import people_changed
from talent_pool.labour import gatherers


@receiver(people_changed, dispatch_uid="labour.recheck")
def recheck_dealers(sender, employee_ids, **kwargs):
    if gatherers.are_any():
        enqueue("labour.recheck", dealers=[], people=employee_ids)
