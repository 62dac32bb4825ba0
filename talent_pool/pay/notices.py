from django.utils.translation import gettext_lazy as _

from lms.notifications.kinds import Urgency, about, notice_kind
from talent_pool.pay.models import PayChange


def occasions_without(status):
    """Those of some occasions (see `PayChange.occasion`) of which no pay change waits in this state any more."""

    def over(occasions):
        waiting = PayChange.objects.filter(status=status).select_related("decision")
        return occasions - {change.occasion for change in waiting}

    return over


notice_kind(
    "pay_to_approve",
    title=_("Pay changes to approve"),
    urgency=Urgency.TODAY,
    done_when=about("occasion", occasions_without(PayChange.Status.PROPOSED)),
)
notice_kind(
    "pay_to_countersign",
    title=_("Pay changes to countersign"),
    urgency=Urgency.TODAY,
    done_when=about("occasion", occasions_without(PayChange.Status.APPROVED)),
)
