"""People move to another dealer, position or manager."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.common.states import Refused, require
from lms.people.actions import rules
from lms.people.actions.proposals import carries_out, manager_of, propose
from lms.people.actions.records import hold_lines, locked, remember, require_person, require_place, save_changes
from lms.people.actions.sign_in import begin_anew, take_role
from lms.people.models import Employee, EmploymentEvent, Proposal
from lms.people.permissions import may_give, may_manage
from lms.people.signers import is_signer, makes_signer

Kind = EmploymentEvent.Kind


def kind_of_move(old, new):
    """Into a leading post from one that is not: promoted. Anything else: transferred."""
    return Kind.PROMOTED if new.is_leading and not old.is_leading else Kind.TRANSFERRED


UNCHANGED = object()  # None is a manager, too: nobody


@transaction.atomic
def transfer_employee(*, employee, by, at, on=None, dealer=None, position=None, manager=UNCHANGED, kind=None, reason=""):
    """Give a person another dealer, position or manager (None: nobody); what is left out stays. The role that they hold here
    follows the position.

    The line of history says what is new. Where the person is a signer, or becomes one by a new dealer or position, this gives
    the `Proposal` that waits for a second person.
    """
    hold_lines(employee.group_id)
    employee, on = locked(employee), on or timezone.localdate(at)
    if isinstance(manager, Employee):
        manager.refresh_from_db(fields=["status", "manager"])
    require_person(by, employee)
    move = {
        "dealer": dealer or employee.dealer, "position": position or employee.position,
        "manager": employee.manager if manager is UNCHANGED else manager, "on": on, "kind": kind, "reason": reason,
    }  # fmt: skip
    require_place(by, move["dealer"], move["position"])
    before, old = _move(employee, move)
    if old != (employee.dealer, employee.position) and (is_signer(employee, at) or makes_signer(employee.position)):
        return propose(
            kind=Proposal.Kind.MOVE,
            dealer=old[0],
            employee=employee,
            number=employee.number,
            name=employee.name,
            by=by,
            at=at,
            **_asked(move),
        )
    return _moved(employee, before, old, move, by, at)


def _asked(move):
    """As a proposal keeps it: without the words that it needs itself, the manager as a number."""
    return {
        "to": move["dealer"], "position": move["position"], "reports_to": move["manager"].number if move["manager"] else "",
        "on": move["on"], "move": move["kind"], "reason": move["reason"],
    }  # fmt: skip


def _move(employee, move):
    """Put the new place on the (unsaved) record, once it is allowed. Gives what it was: particulars, (dealer, position)."""
    before, old = rules.particulars(employee), (employee.dealer, employee.position)
    if not employee.is_here:
        raise Refused(_("%(employee)s has left. Record the return first.") % {"employee": employee.name})
    employee.dealer, employee.position = move["dealer"], move["position"]
    new_manager = move["manager"] if move["manager"] != employee.manager else None
    employee.manager = move["manager"]
    rules.refuse(
        rules.why_not_place(employee.dealer, employee.group_id),
        rules.why_not_manager(employee, new_manager),
        rules.why_not_day(move["on"], employee),
        rules.why_not_before(move["on"], employee, rules.moved_facts(before, rules.particulars(employee))),
        before == rules.particulars(employee) and _("Nothing would change: %(employee)s works there now.") % {"employee": employee.name},
    )
    return before, old


def _moved(employee, before, old, move, by, at):
    save_changes("person.moved", employee, before, ["dealer", "position", "manager"], by, at)
    kind = (move["kind"] or kind_of_move(old[1], employee.position)) if old != (employee.dealer, employee.position) else Kind.MANAGER
    says = rules.moved_facts(before, rules.particulars(employee))
    remember(employee, kind, move["on"], by, says=says, reason=move["reason"])
    if employee.user and old[1] != employee.position:
        take_role(employee.user, employee.position, before=old[1])
    return employee


@carries_out(Proposal.Kind.MOVE)
def _move_as_proposed(proposal, asked, by, at):
    hold_lines(proposal.employee.group_id)
    employee = locked(proposal.employee)
    move = {
        "dealer": asked["to"], "position": asked["position"], "manager": manager_of(proposal, asked["reports_to"]),
        "on": asked["on"] or timezone.localdate(at), "kind": asked["move"], "reason": asked["reason"],
    }  # fmt: skip
    for signer in (proposal.proposed_by, by):
        require(may_give(signer, move["position"], employee.group_id), rules.not_your_post(move["position"]))
    require(may_manage(proposal.proposed_by, move["dealer"]), rules.not_your_dealer(move["dealer"]))
    becomes = makes_signer(move["position"]) and not is_signer(employee, at)
    before, old = _move(employee, move)
    _moved(employee, before, old, move, by, at)
    if becomes:
        begin_anew(employee, by, at)
    return employee
