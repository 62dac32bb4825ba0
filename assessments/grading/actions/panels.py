"""The panel of three and its signatures (G3)."""

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.grading.actions.guarding import check_state
from assessments.grading.models import Cycle, PanelMember
from lms.audit.actions import record_event
from lms.common.states import Refused, WrongState
from lms.people.permissions import employee_of


class CannotSeat(Refused):
    """This person does not belong in this seat."""


class CannotSign(Refused):
    """Not these hands, or not yet."""


@transaction.atomic
def seat_examiner(*, cycle, seat, examiner, by, at):
    """Give a seat of the panel to someone, or to someone else, until the cycle is locked."""
    if cycle.status != Cycle.Status.DRAFT:
        check_state(cycle, Cycle.Status.OPEN)
    _check_seat(cycle, seat, examiner)
    before = cycle.panel.filter(seat=seat).values_list("examiner", flat=True).first()
    member, _created = PanelMember.objects.update_or_create(cycle=cycle, seat=seat, defaults={"examiner": examiner})
    record_event("panel.seated", target=cycle, by=by, at=at, before={"examiner": before}, after={"seat": seat, "examiner": examiner.pk})
    return member


def _check_seat(cycle, seat, examiner):
    """A seat is for the holder of the position of that name: of the dealer itself, or from outside in the same group."""
    if seat not in PanelMember.SEATS[cycle.track]:
        raise CannotSeat(_("The panel of this track has no such seat."))
    words = {"name": examiner.name, "seat": PanelMember.Seat(seat).label, "position": examiner.position.name}
    if examiner.position.code != seat:
        raise CannotSeat(_("The seat “%(seat)s” is for whoever holds that position; %(name)s is %(position)s.") % words)
    same = examiner.group_id == cycle.dealer.group_id if examiner.position.is_outside else examiner.dealer_id == cycle.dealer_id
    if not same:
        raise CannotSeat(_("%(name)s belongs to another dealer and can't sit on this panel.") % words)
    if not examiner.is_here:
        raise CannotSeat(_("%(name)s has left and can't sit on this panel.") % words)
    if cycle.candidacies.filter(employee=examiner).exists():
        raise CannotSeat(_("%(name)s is a candidate of this cycle and can't examine in it.") % words)
    if cycle.panel.filter(examiner=examiner).exclude(seat=seat).exists():
        raise CannotSeat(_("%(name)s sits on this panel already; each of the three signs for themselves.") % words)


@transaction.atomic
def sign_results(*, member, by, at):
    """One of the three signs all results of the cycle. No result stands before all three have."""
    check_state(member.cycle, Cycle.Status.RATIFIED)
    employee = employee_of(by)
    if employee is None or employee.pk != member.examiner_id:
        raise CannotSign(_("Each member of the panel signs for themselves; this seat is %(name)s's.") % {"name": member.examiner.name})
    signed = PanelMember.objects.filter(pk=member.pk, signed_at__isnull=True).update(signed_at=at, signed_by=by)
    if not signed:
        raise WrongState(_("You have signed these results already; nothing was changed."))
    member.signed_at, member.signed_by = at, by
    record_event("panel.signed", target=member.cycle, by=by, at=at, after={"seat": member.seat, "results": _results(member.cycle)})
    return member


def _results(cycle):
    """What was signed: {candidacy id: [theory, practical, outcome]}."""
    rows = cycle.candidacies.values_list("pk", "theory_score", "practical_score", "outcome")
    return {str(pk): [theory, practical, outcome] for pk, theory, practical, outcome in rows}
