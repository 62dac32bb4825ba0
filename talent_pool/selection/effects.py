"""A probation that ends with a departure."""

from django.urls import reverse
from django.utils.translation import gettext as _

from lms.common.days import day
from lms.common.registries import Change, Effect, effect
from talent_pool.selection.models import Offer
from talent_pool.selection.permissions import VIEW


@effect
def probation(change, user):
    """One statement."""
    if change.is_leave or change.kind != Change.Kind.DEPARTURE or not user.has_perm(VIEW):
        return
    found = Offer.objects.filter(placement__person=change.person, status=Offer.Status.PROBATION).first()
    if found:
        words = _("On probation until %(day)s") % {"day": day(found.probation_until)}
        yield Effect(words, _("The probation ends with the departure."), reverse("offer", args=[found.pk]))
