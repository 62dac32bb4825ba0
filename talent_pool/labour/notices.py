from django.utils.translation import gettext_lazy as _

from lms.notifications.kinds import Urgency, about, notice_kind
from talent_pool.labour.models import Finding


def cured(told):
    """Those of some notices of whose findings none is open any more; each names its findings by number."""
    numbers = {text: {int(number) for number in text.split()} for text in told}
    still = set(Finding.objects.filter(pk__in=set().union(*numbers.values()), gone_at=None).values_list("pk", flat=True))
    return {text for text, own in numbers.items() if not own & still}


notice_kind("labour_blocking", title=_("A rule that an internship breaks"), urgency=Urgency.TODAY, done_when=about("findings", cured))
