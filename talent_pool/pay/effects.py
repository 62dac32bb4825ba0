"""Pay changes that are not with payroll yet. No sums: whoever opens the list of them is logged there."""

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from lms.common.registries import Effect, effect
from talent_pool.pay.models import PayChange
from talent_pool.pay.permissions import VIEW
from talent_pool.pay.queries import pay_changes_visible_to

Status = PayChange.Status


@effect
def pending(change, user):
    """For those who see pay. One statement."""
    if change.is_leave or not change.leaves_track or not user.has_perm(VIEW):
        return
    waiting = pay_changes_visible_to(user).select_related(None).filter(employee=change.person)
    for one in waiting.filter(status__in=[Status.PROPOSED, Status.APPROVED, Status.COUNTERSIGNED]):
        day = formats.date_format(one.effective_on, "DATE_FORMAT")
        yield Effect(
            _("A pay change is under way: %(cause)s, from %(day)s") % {"cause": one.get_cause_display(), "day": day},
            _("It is not with payroll yet: look whether it should go on."),
            f"{reverse('pay_changes')}?status={one.status}",
        )
