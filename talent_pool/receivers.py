from django.dispatch import receiver

from assessments.grading.signals import cycle_published
from lms.common.background import enqueue


@receiver(cycle_published, dispatch_uid="talent_pool.follow_up_publication")
def follow_up(sender, cycle_id, **kwargs):
    """News of a publication starts one task; ids only."""
    enqueue("talent_pool.follow_up_publication", cycle_id=cycle_id)
