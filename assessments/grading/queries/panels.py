"""The panel of three (G3): who sits, who may, and who is a candidate's line manager."""

from django.utils.translation import gettext as _

from assessments.grading.models import PanelMember
from lms.common.shown import fact
from lms.people.models import Employee


def panel_of(cycle):
    return cycle.panel.select_related("examiner__position", "examiner__dealer")


def seat_shown(cycle, seat):
    """Who holds a seat, for `lms.common.shown`."""
    return {"examiner": seat_fact(seat, panel_of(cycle).filter(seat=seat).first())}


def seat_fact(seat, member):
    return fact(PanelMember.Seat(seat).label, member and member.examiner_id, member and member.examiner.name)


def open_changes(cycle):
    """Seats given again that wait for a second person."""
    waiting = cycle.seat_changes.filter(confirmed_at=None, withdrawn_at=None)
    return waiting.select_related("cycle__dealer", "leaver", "examiner", "proposed_by__employee")


def seats_open(cycle, panel=None):
    """The seats of the cycle's track that nobody has been given yet; `panel` where its members are at hand."""
    taken = {member.seat for member in (cycle.panel.all() if panel is None else panel)}
    return [seat for seat in PanelMember.SEATS[cycle.track] if seat not in taken]


def people_for_seats(cycle):
    """Who could sit on the panel: leading people of the dealer, and examiners from outside of the whole group."""
    seats = PanelMember.SEATS[cycle.track]
    people = Employee.objects.filter(group=cycle.dealer.group_id, position__code__in=seats).exclude(status=Employee.Status.LEFT)
    return (people.filter(dealer=cycle.dealer) | people.filter(position__is_outside=True)).select_related("position")


def why_not_seated(cycle, seat, examiner):
    """Why this person can't take the seat, as a sentence; empty when they can."""
    misfit = misfit_of(cycle, seat, examiner)
    if misfit:
        return misfit
    if cycle.candidacies.filter(employee=examiner).exists():
        return _("%(name)s is a candidate of this cycle and can't examine in it.") % {"name": examiner.name}
    if cycle.panel.filter(examiner=examiner).exclude(seat=seat).exists():
        return _("%(name)s sits on this panel already; each of the three signs for themselves.") % {"name": examiner.name}
    return ""


def misfit_of(cycle, seat, examiner):
    """Why the seat is not for someone of this position and dealer; empty when it is. Asks the database nothing.

    A seat is for the holder of the position of that name: of the dealer itself, or from outside in the same group.
    """
    if seat not in PanelMember.SEATS[cycle.track]:
        return _("The panel of this track has no such seat.")
    words = {"name": examiner.name, "seat": PanelMember.Seat(seat).label, "position": examiner.position.name}
    if examiner.position.code != seat:
        return _("The seat “%(seat)s” is for whoever holds that position; %(name)s is %(position)s.") % words
    same = examiner.group_id == cycle.dealer.group_id if examiner.position.is_outside else examiner.dealer_id == cycle.dealer_id
    if not same:
        return _("%(name)s belongs to another dealer and can't sit on this panel.") % words
    return "" if examiner.is_here else _("%(name)s has left and can't sit on this panel.") % words


def line_managers_on_panel(cycle):
    """{candidate id: examiner id} for candidates whose line manager sits on the panel: they are marked as such, not refused."""
    examiners = cycle.panel.values_list("examiner", flat=True)
    return dict(cycle.candidacies.filter(employee__manager__in=examiners).values_list("employee", "employee__manager"))
