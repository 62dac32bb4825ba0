"""What is decided today and happens on a day to come: planned, withdrawn until then, and carried out on its day by the sweep."""

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.audit.actions import record_event
from lms.common.states import Refused, advance
from lms.people.actions.proposals import particulars_of, plain
from lms.people.actions.records import require_person
from lms.people.models import ComingChange, Proposal
from lms.people.permissions import may_manage_person
from lms.people.signers import is_signer, makes_signer

Status = ComingChange.Status
Kind = Proposal.Kind
_doers = {}


def takes_effect(kind):
    """Register the decorated `function(change, values, by, at)`: what happens on the day. It checks all again."""

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
    """Let it not happen after all. Whoever looks after the person does so, until the day."""
    require_person(by, change.employee)
    advance(change, start=Status.COMING, end=Status.WITHDRAWN, withdrawn_at=at, withdrawn_by=by)
    record_event("person.change_withdrawn", target=change.employee, by=by, at=at, after={"kind": change.kind, "on": change.on})


def withdraw_for_leaver(employee, by, at):
    """Whoever has left has nothing to come. Without `by` (the console) it is taken back in the name of whoever entered it."""
    ended = {"status": Status.WITHDRAWN, "withdrawn_at": at, "withdrawn_by": by.pk if by else F("planned_by")}
    ComingChange.objects.filter(employee=employee, status=Status.COMING).update(**ended)


def carry_out_changes(*, at):
    """Carry out what has come: a move on its day, a departure once the last day is over. Part of the sweep. Returns how many."""
    today = timezone.localdate(at)
    due = Q(kind=Kind.MOVE, on__lte=today) | Q(kind=Kind.DEPARTURE, on__lt=today)
    return sum(_carry_out(pk, at) for pk in list(ComingChange.objects.filter(due, status=Status.COMING).values_list("pk", flat=True)))


def _carry_out(pk, at):
    try:
        with transaction.atomic():
            found = ComingChange.objects.select_for_update(of=("self",)).select_related("employee__position", "planned_by")
            change = found.filter(pk=pk, status=Status.COMING).first()
            if change is None:
                return False
            values = particulars_of(change)
            _check_hands(change, values, at)
            advance(change, start=Status.COMING, end=Status.DONE, carried_out_at=at, held_up="")
            _doers[change.kind](change, values, change.planned_by, at)
            return True
    except Refused as refusal:  # somebody has to see to it: it stands on HR's Today
        ComingChange.objects.filter(pk=pk).update(held_up=str(refusal)[:300])
        return False


def _check_hands(change, values, at):
    """Those who decided it may still, and are as many as it takes by now."""
    person = change.employee
    signs = is_signer(person, at) or ("position" in values and makes_signer(values["position"]))
    if signs and change.confirmed_by_id is None:
        raise Refused(_("%(name)s signs by now, so this takes two people. Withdraw it and propose it.") % {"name": person.name})
    if not may_manage_person(change.planned_by, person):
        raise Refused(_("Whoever entered this no longer looks after %(name)s. Withdraw it and enter it anew.") % {"name": person.name})
