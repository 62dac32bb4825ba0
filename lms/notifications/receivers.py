from django.dispatch import receiver

from lms.common.background import enqueue
from lms.people.signals import signer_changed


@receiver(signer_changed, dispatch_uid="notifications.tell_about_signers")
def tell(sender, proposal_id, **kwargs):
    enqueue("notifications.tell_about_signers")
