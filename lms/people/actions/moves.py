"""People move to another dealer, position or manager."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.audit.meanwhile import check_shown
from lms.common.shown import facts_of
from lms.common.states import Refused, require
from lms.common.typed import folded
from lms.people.actions import rules
from lms.people.actions.coming import is_ahead, plan_change, takes_effect
from lms.people.actions.proposals import carries_out, manager_of, propose
from lms.people.actions.records import hold_lines, locked, remember, require_person, require_place, save_changes
from lms.people.actions.sign_in import begin_anew
from lms.people.actions.writing import name_of, take_roles
from lms.people.asked import asked_by, overtaken, place_of
from lms.people.models import Employee, EmploymentEvent, Proposal
from lms.people.permissions import may_give, may_manage
from lms.people.queries import PLACE_SHOWN
from lms.people.signers import is_signer, makes_signer

Kind = EmploymentEvent.Kind


def kind_of_move(old, new):
    """Into a leading post from one that is not: promoted. Anything else: transferred."""
    return Kind.PROMOTED if new.is_leading and not old.is_leading else Kind.TRANSFERRED


UNCHANGED = object()  # None is a manager, too: nobody


@transaction.atomic
def transfer_employee(*, employee, by, at, on=None, dealer=None, position=None, manager=UNCHANGED, kind=None, reason="", shown=None):
    """Give a person another dealer, position or manager (None: nobody); what is left out stays. The role that they hold here
    follows the position.

    The line of history says what is new. On a day to come this gives the `ComingChange` that is carried out then. Where the person is
    a signer, or becomes one by a new dealer or position, this gives the `Proposal` that waits for a second person.
    """
    employee, place = _begin(employee, dealer, position, manager, by, shown)
    move = {"on": on or timezone.localdate(at), "kind": kind, "reason": reason}
    return _put(employee, place | move, by, at)


@transaction.atomic
def become_staff(*, employee, by, at, number="", on=None, dealer=None, position=None, manager=UNCHANGED, reason="", shown=None):
    """A student, an intern or someone from outside becomes staff, of the same record: what is left out stays, also a number of before.

    From now on they sign in by their number. Where the person is a signer, or becomes one, this gives the `Proposal` that waits.
    """
    employee, place = _begin(employee, dealer, position, manager, by, shown)
    move = {"on": on or timezone.localdate(at), "kind": Kind.BECAME_STAFF, "reason": reason}
    return _put(employee, place | move | {"staff_number": employee.number or folded(number)}, by, at)


def _begin(employee, dealer, position, manager, by, shown):
    """The record, held and as it was shown, and the place that is asked for."""
    hold_lines(employee.group_id)
    employee = locked(employee)
    if isinstance(manager, Employee):
        manager.refresh_from_db(fields=["status", "manager"])
    require_person(by, employee)
    check_shown(shown, facts_of(employee, *PLACE_SHOWN), employee)
    manager = employee.manager if manager is UNCHANGED else manager
    return employee, {"dealer": dealer or employee.dealer, "position": position or employee.position, "manager": manager}


def _put(employee, move, by, at):
    """Carry the move out, or propose it where two people decide."""
    require_place(by, move["dealer"], move["position"])
    before, old = _move(employee, move)
    moves = old != (employee.dealer, employee.position) or "staff_number" in move
    if moves and (is_signer(employee, at) or makes_signer(employee.position)):
        return propose(
            kind=Proposal.Kind.MOVE,
            dealer=old[0],
            employee=employee,
            number=before["number"],
            name=employee.name,
            by=by,
            at=at,
            **_asked(move, old, before),
        )
    if is_ahead(move["on"], at):
        return plan_change(kind=Proposal.Kind.MOVE, employee=employee, on=move["on"], values=_asked(move, old, before), by=by, at=at)
    return _moved(employee, before, old, move, by, at)


def _asked(move, old, before):
    """As a proposal keeps it: without the words that it needs itself, the manager as a number, and beside it what stood there."""
    number = {"staff_number": move["staff_number"]} if "staff_number" in move else {}
    return number | {
        "to": move["dealer"], "position": move["position"], "reports_to": move["manager"].number if move["manager"] else "",
        "on": move["on"], "move": move["kind"], "reason": move["reason"],
        "stood": {"to": old[0].pk, "position": old[1].pk, "reports_to": before["manager"]},
    }  # fmt: skip


def _move(employee, move):
    """Put the new place on the (unsaved) record, once it is allowed. Gives what it was: particulars, (dealer, position)."""
    before, old = rules.particulars(employee), (employee.dealer, employee.position)
    if not employee.is_here:
        raise Refused(_("%(employee)s has left. Record the return first.") % {"employee": employee.name})
    employee.dealer, employee.position = move["dealer"], move["position"]
    new_manager = move["manager"] if move["manager"] != employee.manager else None
    employee.manager = move["manager"]
    if "staff_number" in move:
        _take_on(employee, move["staff_number"])
    rules.refuse(
        rules.why_not_place(employee.dealer, employee.group_id),
        rules.why_not_manager(employee, new_manager),
        rules.why_not_day(move["on"], employee, ahead="staff_number" not in move),
        rules.why_not_before(move["on"], employee, _said(before, rules.particulars(employee), move)),
        before == rules.particulars(employee) and _("Nothing would change: %(employee)s works there now.") % {"employee": employee.name},
    )
    return before, old


def _take_on(employee, number):
    """Put the number of staff on the (unsaved) record."""
    rules.refuse(
        employee.is_staff and _("%(employee)s is a staff member already.") % {"employee": employee.name},
        rules.why_not_without_number(Employee.Kind.STAFF, number),
        rules.why_not_free(number, employee),
    )
    employee.kind, employee.number = Employee.Kind.STAFF, number


def _said(before, after, move):
    """The facts that the line of history of a move states."""
    return rules.moved_facts(before, after) | ({"person_kind"} if "staff_number" in move else set())


def _moved(employee, before, old, move, by, at):
    if "staff_number" in move:
        _save_as_staff(employee, before, by, at)
        facts = {"person_kind": employee.kind}
    else:
        save_changes("person.moved", employee, before, ["dealer", "position", "manager"], by, at)
        facts = {}
    says = rules.moved_facts(before, rules.particulars(employee))
    remember(employee, _kind_of(employee, old, move), move["on"], by, says=says, reason=move["reason"], **facts)
    if employee.user and old[1] != employee.position:
        take_roles([(employee.user, employee.position, old[1])])
    return employee


def _kind_of(employee, old, move):
    if "staff_number" in move:
        return Kind.BECAME_STAFF
    if old == (employee.dealer, employee.position):
        return Kind.MANAGER
    return move["kind"] or kind_of_move(old[1], employee.position)


def _save_as_staff(employee, before, by, at):
    """The record and the sign-in, which is by the number from now on (and by the address, as before)."""
    user = employee.user
    named = {"username": name_of(employee)} if user and before["number"] != employee.number else {}
    try:
        with transaction.atomic():
            save_changes("person.became_staff", employee, before, ["kind", "number", "dealer", "position", "manager"], by, at, **named)
            if named:
                User.objects.filter(pk=user.pk).update(**named)
                user.username = named["username"]
    except IntegrityError:  # someone else was given the number at this moment
        raise Refused(_("The number %(number)s was given to someone a moment ago.") % {"number": employee.number}) from None


def _restored(kept, employee, asked, at):
    """The move as a proposal or a change to come keeps it, again as the action takes it: what it does not ask to change stays as it is."""
    if overtaken(kept.particulars, place_of(employee)):
        words = {"employee": employee.name}
        raise Refused(_("What this would change for %(employee)s was changed meanwhile. Look at their history and enter it anew.") % words)
    changed = asked_by(kept.particulars)
    return {
        "dealer": asked["to"] if "to" in changed else employee.dealer,
        "position": asked["position"] if "position" in changed else employee.position,
        "manager": manager_of(kept, asked["reports_to"]) if "reports_to" in changed else employee.manager,
        "on": asked["on"] or timezone.localdate(at), "kind": asked["move"], "reason": asked["reason"],
    } | {name: asked[name] for name in ("staff_number",) if name in asked}  # fmt: skip


@takes_effect(Proposal.Kind.MOVE)
def _move_as_planned(change, asked, by, at):
    employee = change.employee
    move = _restored(change, employee, asked, at)
    becomes = makes_signer(move["position"]) and not is_signer(employee, at)
    before, old = _move(employee, move)
    _moved(employee, before, old, move, by, at)
    if becomes:
        begin_anew(employee, by, at)
    return employee


@carries_out(Proposal.Kind.MOVE)
def _move_as_proposed(proposal, asked, by, at):
    hold_lines(proposal.employee.group_id)
    employee = locked(proposal.employee)
    move = _restored(proposal, employee, asked, at)
    for signer in (proposal.proposed_by, by):
        require(may_give(signer, move["position"], employee.group_id), rules.not_your_post(move["position"]))
    require(may_manage(proposal.proposed_by, move["dealer"]), rules.not_your_dealer(move["dealer"]))
    becomes = makes_signer(move["position"]) and not is_signer(employee, at)
    before, old = _move(employee, move)
    if by is not None and is_ahead(move["on"], at):
        ahead = {"kind": Proposal.Kind.MOVE, "on": move["on"], "values": asked}
        return plan_change(employee=employee, **ahead, by=proposal.proposed_by, at=at, confirmed_by=by)
    rules.refuse(rules.why_not_day(move["on"], employee))
    _moved(employee, before, old, move, by, at)
    if becomes:
        begin_anew(employee, by, at)
    return employee
