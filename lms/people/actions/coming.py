"""What is decided today and happens on a day to come: planned, withdrawn until then, and carried out on its day by the sweep."""

import logging

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.audit.actions import record_event
from lms.common.states import Refused, advance
from lms.people.actions.proposals import carries_out, close_proposal, particulars_of, plain, propose
from lms.people.actions.records import hold_lines, locked, require_person
from lms.people.asked import asked_by, place_of
from lms.people.models import ComingChange, Proposal
from lms.people.permissions import may_confirm, may_give, may_manage, may_manage_person, paired
from lms.people.signers import is_signer, makes_signer

logger = logging.getLogger(__name__)

Status = ComingChange.Status
Kind = Proposal.Kind
_doers = {}


def takes_effect(kind):
    """Register the decorated `function(change, values, by, at)`: what happens on the day, to `change.employee` as it stands now, held.
    It checks all again but whose hands it is in."""

    def register(function):
        _doers[kind] = function
        return function

    return register


def is_ahead(day, at):
    return day > timezone.localdate(at)


def plan_change(*, kind, employee, on, values, by, at, confirmed_by=None):
    """Keep what was decided for a day to come. Once a person and kind: the one that waits is withdrawn first."""
    try:
        with transaction.atomic():
            change = ComingChange.objects.create(
                kind=kind, employee=employee, on=on, particulars=plain(values), planned_at=at, planned_by=by, confirmed_by=confirmed_by
            )
    except IntegrityError:
        words = {"employee": employee.name, "what": Kind(kind).label}
        raise Refused(_("%(employee)s: “%(what)s” is entered for a coming day already. Withdraw it first.") % words) from None
    record_event("person.change_planned", target=employee, by=by, at=at, after={"kind": kind, "on": on})
    return change


@transaction.atomic
def withdraw_change(*, change, by, at):
    """Let it not happen after all, until the day: whoever looks after the person does so.

    What two people decided two withdraw: then this gives the `Proposal` that waits for the second. Until they confirm it goes on.
    """
    person = change.employee
    require_person(by, person)
    change.refresh_from_db(fields=["status"])
    if change.confirmed_by_id is None or change.status != Status.COMING:
        return _withdraw(change, by, at)
    about = {"dealer": person.dealer, "employee": person, "number": person.number, "name": person.name}
    return propose(kind=Kind.WITHDRAWAL, **about, by=by, at=at, what=change.kind, on=change.on)


def _withdraw(change, by, at):
    """Without `by` (the console) it is taken back in the name of whoever entered it."""
    advance(change, start=Status.COMING, end=Status.WITHDRAWN, withdrawn_at=at, withdrawn_by=by or change.planned_by)
    _end_withdrawals(change, _("It was withdrawn."), by, at)
    record_event("person.change_withdrawn", target=change.employee, by=by, at=at, after={"kind": change.kind, "on": change.on})
    return change


def _end_withdrawals(change, reason, by, at):
    """Nobody decides any more whether it is to come."""
    about = {"employee": change.employee, "particulars__what": change.kind, "particulars__on": change.on.isoformat()}
    for proposal in Proposal.objects.filter(kind=Kind.WITHDRAWAL, status=Proposal.Status.WAITING, **about):
        close_proposal(proposal, reason, by, at)


@carries_out(Kind.WITHDRAWAL)
def _withdraw_as_proposed(proposal, values, by, at):
    coming = ComingChange.objects.filter(employee=proposal.employee, kind=values["what"], on=values["on"], status=Status.COMING).first()
    if coming is None:
        raise Refused(_("It is no longer to come: it took effect or was withdrawn. Decline this."))
    return _withdraw(coming, by, at)


def withdraw_for_leaver(employee, by, at):
    """Whoever has left has nothing to come."""
    for change in ComingChange.objects.filter(employee=employee, status=Status.COMING).select_related("planned_by"):
        _withdraw(change, by, at)


def carry_out_changes(*, at):
    """Carry out what has come: a move on its day, a departure once the last day is over. Part of the sweep. Returns how many.

    Each in its own transaction: one that cannot be, for whatever reason, says so and stops no other.
    """
    today = timezone.localdate(at)
    due = Q(kind=Kind.MOVE, on__lte=today) | Q(kind=Kind.DEPARTURE, on__lt=today)
    found = list(ComingChange.objects.filter(due, status=Status.COMING).values_list("pk", "employee__group"))
    return sum(_try(pk, group, at) for pk, group in found)


def _try(pk, group, at):
    try:
        return _carry_out(pk, group, at)
    except Refused as refusal:  # somebody has to see to it: it stands on HR's Today
        held_up = str(refusal)
    except Exception:
        logger.exception("The change to come %s could not be carried out; the next sweep tries again.", pk)
        held_up = _("It could not be carried out: something that it names may be gone. Withdraw it and enter it anew, or tell IT.")
    ComingChange.objects.filter(pk=pk, status=Status.COMING).update(held_up=held_up[:300])
    return False


@transaction.atomic
def _carry_out(pk, group, at):
    hold_lines(group)
    found = ComingChange.objects.select_for_update(of=("self",)).select_related("employee", "planned_by", "confirmed_by")
    change = found.filter(pk=pk, status=Status.COMING).first()
    if change is None:
        return False
    change.employee = locked(change.employee)
    values = particulars_of(change)
    _check_hands(change, values, at)
    advance(change, start=Status.COMING, end=Status.DONE, carried_out_at=at, held_up="")
    _end_withdrawals(change, _("It took effect."), None, at)
    _doers[change.kind](change, values, change.planned_by, at)
    return True


def _check_hands(change, values, at):
    """Those who decided it still may, as when they did, and are as many as it takes by now."""
    person, words = change.employee, {"name": change.employee.name}
    first, second = change.planned_by, change.confirmed_by
    if second is None and _takes_two(change, values, at):
        raise Refused(_("%(name)s signs by now, so this takes two people. Withdraw it and propose it.") % words)
    if not may_manage_person(first, person) or not _may_place(first, change, values):
        raise Refused(_("Whoever entered this no longer looks after %(name)s. Withdraw it and enter it anew.") % words)
    if second is None:
        return
    if not may_confirm(second, _as_proposed(change)):
        raise Refused(_("Whoever confirmed this for %(name)s may no longer. Withdraw it and propose it anew.") % words)
    if paired(first, second, at=at):
        raise Refused(_("One of the two who decided this gave the other the post or a password lately. Withdraw it and propose it anew."))


def _takes_two(change, values, at):
    if change.kind == Kind.DEPARTURE:
        return is_signer(change.employee, at)
    now = place_of(change.employee)
    other = {name for name, value in asked_by(change.particulars).items() if value != now[name]}
    return bool(other & {"to", "position"}) and (is_signer(change.employee, at) or makes_signer(values["position"]))


def _may_place(first, change, values):
    """Whether whoever entered it may still give the place that it asks for."""
    given = asked_by(change.particulars) if change.kind == Kind.MOVE else {}
    there = "to" not in given or may_manage(first, values["to"])
    return there and ("position" not in given or may_give(first, values["position"], change.employee.group_id))


def _as_proposed(change):
    """The proposal that it was, of the person as they stand now."""
    person = change.employee
    return Proposal(kind=change.kind, employee=person, dealer=person.dealer, proposed_by=change.planned_by, particulars=change.particulars)
