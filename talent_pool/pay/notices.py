from django.utils.translation import gettext_lazy as _

from lms.notifications.kinds import Urgency, about, notice_kind
from talent_pool.pay.models import PayChange


def cycles_without(status):
    """Those of some cycles of which no pay change waits in this state any more."""
    return lambda cycles: (
        cycles - set(PayChange.objects.filter(award__cycle__in=cycles, status=status).values_list("award__cycle", flat=True))
    )


notice_kind(
    "pay_to_approve",
    title=_("Pay changes to approve"),
    urgency=Urgency.TODAY,
    done_when=about("cycle", cycles_without(PayChange.Status.PROPOSED)),
)
notice_kind(
    "pay_to_countersign",
    title=_("Pay changes to countersign"),
    urgency=Urgency.TODAY,
    done_when=about("cycle", cycles_without(PayChange.Status.APPROVED)),
)
