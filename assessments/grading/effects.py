"""Gradings that someone is in the middle of: as candidate, as one of a panel."""

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.grading.models import Candidacy, Cycle, PanelMember
from assessments.grading.queries.records import called
from lms.common.registries import Effect, effect
from lms.people.choices import LEVEL_STEPS

Status = Cycle.Status
UNDER_WAY = [Status.OPEN, Status.LOCKED, Status.SITTING, Status.MARKING, Status.RATIFIED]


@effect
def is_candidate(change, user):
    """One statement."""
    if not (change.is_leave or change.leaves_track):
        return
    mine = Candidacy.objects.filter(employee=change.person, cycle__status__in=UNDER_WAY).select_related("cycle__dealer")
    for candidacy in mine.defer("outcome").order_by("cycle__year", "cycle__quarter"):
        yield Effect(
            _("Is a candidate for %(level)s: %(cycle)s")
            % {"level": LEVEL_STEPS[candidacy.to_level], "cycle": called(candidacy.cycle, user)},
            _candidacy(change, candidacy.cycle),
            _page(candidacy.cycle, user),
        )


def _candidacy(change, cycle):
    if cycle.status == Status.OPEN:
        return _("Eligibility is computed again before the cycle is locked.")
    if change.is_leave:
        return _("The cycle is locked: what is missed counts as not sat, unless another date is set before results are fixed.")
    return _("The cycle is locked and not published; look there at what becomes of the candidacy.")


@effect
def is_on_panel(change, user):
    """Seats whose signature is still missing. One statement."""
    if not (change.is_leave or change.leaves_post):
        return
    seats = PanelMember.objects.filter(examiner=change.person, signed_at=None, cycle__status__in=[Status.DRAFT, *UNDER_WAY])
    for seat in seats.select_related("cycle__dealer").order_by("cycle__year", "cycle__quarter"):
        yield Effect(
            _("Sits on a panel: %(cycle)s, %(seat)s") % {"cycle": called(seat.cycle, user), "seat": seat.get_seat_display()},
            _("No result stands before all three have signed. The seat can be given again, with a reason."),
            _page(seat.cycle, user),
        )


def _page(cycle, user):
    return reverse("cycle", args=[cycle.pk]) if user.has_perm("grading.view_cycles") else ""
