from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.notifications.kinds import Urgency, about, notice_kind
from talent_pool.pay.models import PayChange


def occasions_without(status):
    """Those of some occasions (see `PayChange.occasion`) of which no pay change waits in this state any more."""

    def over(occasions):
        numbers = {int(occasion.partition(":")[2]) for occasion in occasions}
        meant = Q(decision__cycle__in=numbers) | Q(pk__in=numbers)
        return occasions - {change.occasion for change in PayChange.objects.filter(meant, status=status).select_related("decision")}

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
notice_kind("pay_rejected", title=_("A pay change that was not approved"))
notice_kind("pay_withdrawn", title=_("A pay change that was withdrawn"))
