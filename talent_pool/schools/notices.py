from django.utils.translation import gettext_lazy as _

from lms.notifications.kinds import Urgency, about, notice_kind
from talent_pool.schools.models import Agreement, Duty


def _seen_to(agreements):
    """Those that were renewed or ended early since: nothing is to be done about them."""
    open_ones = Agreement.objects.filter(pk__in=agreements, renewal=None, ended_on=None)
    return agreements - set(open_ones.values_list("pk", flat=True))


def _done(duties):
    return set(Duty.objects.filter(pk__in=duties).exclude(done_on=None).values_list("pk", flat=True))


notice_kind("agreement_ending", title=_("A training agreement that ends"), urgency=Urgency.TODAY, done_when=about("id", _seen_to))
notice_kind("duty_due", title=_("An obligation to a school"), done_when=about("id", _done))
