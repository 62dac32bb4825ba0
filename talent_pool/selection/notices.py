from django.utils.translation import gettext_lazy as _

from lms.notifications.kinds import Urgency, about, notice_kind
from talent_pool.selection.models import Offer


def no_longer(status):
    """Those of some offers (ids) that are not in this state any more."""

    def over(offers):
        return offers - set(Offer.objects.filter(pk__in=offers, status=status).values_list("pk", flat=True))

    return over


notice_kind(
    "offer_made",
    title=_("A probation is offered to you"),
    urgency=Urgency.TODAY,
    done_when=about("offer", no_longer(Offer.Status.OFFERED)),
)
notice_kind("offer_accepted", title=_("An offer was accepted"))
notice_kind("offer_declined", title=_("An offer was declined"))
notice_kind("offer_withdrawn", title=_("An offer was withdrawn"))
notice_kind(
    "probation_ending",
    title=_("A probation ends soon"),
    urgency=Urgency.TODAY,
    done_when=about("offer", no_longer(Offer.Status.PROBATION)),
)
notice_kind("probation_confirmed", title=_("Your probation is confirmed"))
