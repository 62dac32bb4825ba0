"""What a leave, a move or a departure leaves open of internships: the intern's own, and those whom a mentor has."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.common.bilingual import listed
from lms.common.registries import Effect, effect
from talent_pool.interns.models import STANDING, Placement, Rotation
from talent_pool.interns.permissions import VIEW


@effect
def own_internship(change, user):
    """One statement."""
    if change.is_leave or not change.leaves_post or not user.has_perm(VIEW):
        return
    for one in Placement.objects.filter(person=change.person, stage__in=STANDING, ends_on__gte=change.first).select_related("batch"):
        title = _("An internship goes on: %(batch)s") % {"batch": one.batch.name}
        yield Effect(title, _("End it first, or move it to the other dealer's batch."), reverse("placement", args=[one.pk]))


@effect
def mentored(change, user):
    """Interns at a station with the mentor on these days, a line a batch. One statement."""
    if not user.has_perm(VIEW) or not (change.is_leave or change.leaves_post):
        return
    days = Q(ends_on__gte=change.first) & (Q(starts_on__lte=change.last) if change.last else Q())
    found = Rotation.objects.filter(days, mentor=change.person, placement__stage__in=STANDING).select_related("placement__person")
    names = {}
    for one in found.order_by("placement__batch", "placement__person__name"):
        names.setdefault(one.placement.batch_id, {})[one.placement.person.name] = True
    for batch, interns in names.items():
        title = _("Mentor of %(names)s") % {"names": listed(interns)}
        yield Effect(title, _("Give these interns another mentor for these days."), reverse("rotations", args=[batch]))
