"""Who reports to someone, and what about them waits for a second person."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.common.registries import Change, Effect, effect
from lms.people.models import Proposal
from lms.people.queries import proposals_visible_to, team_of


@effect
def leads(change, user):
    """One statement."""
    if not (change.is_leave or change.leaves_post):
        return
    count = team_of(change.person).count()
    if count:
        title = ngettext("%(count)d person reports to them", "%(count)d people report to them", count)
        yield Effect(title % {"count": count}, _team(change), reverse("person", args=[change.person.pk]))


def _team(change):
    if change.kind == Change.Kind.DEPARTURE:
        return _("They go over to whoever takes over the team, else to the manager above.")
    if change.is_leave:
        return _("They go on reporting to them; agree on who stands in.")
    return _("They go on reporting to them unless they are moved too.")


@effect
def proposals(change, user):
    """One statement."""
    if change.is_leave:
        return
    for one in proposals_visible_to(user).filter(employee=change.person, status=Proposal.Status.WAITING):
        yield Effect(
            _("Waits for a second person: %(what)s") % {"what": one.get_kind_display()},
            _("Have it confirmed or declined first."),
            reverse("proposal", args=[one.pk]),
        )
