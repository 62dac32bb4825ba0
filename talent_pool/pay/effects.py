"""Pay changes that are not with payroll yet. No sums: whoever opens the list of them is logged there."""

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from lms.common.registries import Change, Effect, effect
from talent_pool.pay.models import PayChange
from talent_pool.pay.permissions import VIEW
from talent_pool.pay.queries import pay_changes_visible_to

Status = PayChange.Status


@effect
def pending(change, user):
    """For those who see pay. One statement."""
    if change.is_leave or not change.leaves_track or not user.has_perm(VIEW):
        return
    waiting = pay_changes_visible_to(user).select_related("to_band").filter(employee=change.person)
    for one in waiting.filter(status__in=[Status.PROPOSED, Status.APPROVED, Status.COUNTERSIGNED]):
        day = formats.date_format(one.effective_on, "DATE_FORMAT")
        yield Effect(
            _("A pay change is under way: %(cause)s, from %(day)s") % {"cause": one.get_cause_display(), "day": day},
            _outcome(change, one),
            f"{reverse('pay_changes')}?status={one.status}",
        )


def _outcome(change, one):
    """What becomes of it (§1)."""
    if change.kind == Change.Kind.DEPARTURE and change.first > one.effective_on:
        return _("It takes effect before that day, so it goes ahead.")
    if one.decision_id and change.kind == Change.Kind.MOVE and change.position.track == one.to_band.track:
        return _("It will be withdrawn, and the new dealer gets a new proposal from its own band table.")
    return _("It will be withdrawn automatically.")
