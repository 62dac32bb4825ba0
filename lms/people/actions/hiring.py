"""People come, and come back."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.audit.actions import record_event
from lms.audit.meanwhile import check_shown
from lms.common.days import day
from lms.common.shown import facts_of
from lms.common.states import Refused, require
from lms.common.typed import folded, line, why_not_name
from lms.people.actions import rules
from lms.people.actions.proposals import carries_out, manager_of, propose
from lms.people.actions.records import day_of, hold_lines, locked, remember, require_person, require_place, save_changes
from lms.people.actions.sign_in import begin_anew
from lms.people.actions.writing import Newcomer, enter, remember_hired, take_roles
from lms.people.models import Employee, EmploymentEvent, Proposal
from lms.people.permissions import may_give, may_manage_person
from lms.people.queries import PLACE_SHOWN, team_coming_under
from lms.people.signers import is_signer, makes_signer
from lms.people.standing import PLACE

Kind = EmploymentEvent.Kind
Status = Employee.Status
DATES = ("probation_until", "contract_from", "contract_until")


@transaction.atomic
def hire_employee(
    *,
    dealer,
    position,
    name,
    hired_on,
    number="",
    person_kind=None,
    sign_in_name="",
    manager=None,
    email="",
    phone="",
    status=Status.ACTIVE,
    reason="",
    sign_in=True,
    probation_until=None,
    contract_from=None,
    contract_until=None,
    by,
    at,
):
    """Bring a person in, at level 0, with their first line of history and a way to sign in: by their number, or without one by
    `sign_in_name` or their address. What they are (`person_kind`) follows from the post where it is not said.

    Into a post that signs two people bring someone in: then this gives the `Proposal` that waits for the second.
    """
    require_place(by, dealer, position)
    hold_lines(dealer.group_id)
    if manager:
        manager.refresh_from_db(fields=["status", "manager"])
    person = {
        "position": position, "manager": manager, "hired_on": hired_on, "email": email.strip(), "phone": phone.strip(),
        "status": status, "reason": reason,
    } | dates_of(probation_until, contract_from, contract_until)  # fmt: skip
    person |= _who(position, person_kind, folded(sign_in_name))
    employee = _new(dealer, folded(number), line(name), person)
    _check_new(employee)
    rules.refuse(rules.why_not_contract(person, hired_on), sign_in and rules.why_not_sign_in(employee, _sign_in_name(person)))
    if makes_signer(position):
        called = "" if employee.number else (_sign_in_name(person) or employee.email).lower()
        return propose(
            kind=Proposal.Kind.HIRE, dealer=dealer, number=employee.number, signs_in_as=called, name=employee.name, by=by, at=at,
            **_asked(person),
        )  # fmt: skip
    return _hire(employee, person, sign_in, by, at)


def _who(position, person_kind, sign_in_name):
    """What does not follow from post and number by itself: so a proposal asks for the same by form and by file."""
    who = {"person_kind": person_kind} if person_kind and person_kind != rules.kind_by_post(position) else {}
    return who | ({"sign_in_name": sign_in_name} if sign_in_name else {})


def _sign_in_name(person):
    return person.get("sign_in_name", "")


def dates_of(probation_until=None, contract_from=None, contract_until=None):
    """Those that are given: what a proposal keeps and a line of history says."""
    dates = {"probation_until": probation_until, "contract_from": contract_from, "contract_until": contract_until}
    return {name: value for name, value in dates.items() if value}


def _asked(values):
    """As a proposal keeps them: the dealer is the one to come to, the manager a number that may only be given later."""
    values = {**values, "reports_to": values["manager"].number if values["manager"] else ""}
    return {"to" if name == "dealer" else name: value for name, value in values.items() if name != "manager"}


def _new(dealer, number, name, person):
    fields = {key: value for key, value in person.items() if key not in {"reason", "person_kind", "sign_in_name", *DATES}}
    kind = person.get("person_kind") or rules.kind_by_post(person["position"])
    return Employee(group=dealer.group, dealer=dealer, kind=kind, number=number, name=name, **fields)


def bring_in(*, dealer, position, number, name, hired_on, email, by, at):
    """Hire into any post without a second person: only for a group's first people of HR, who have none yet."""
    person = {
        "position": position, "manager": None, "hired_on": hired_on, "email": email.strip(), "phone": "",
        "status": Status.ACTIVE, "reason": "",
    }  # fmt: skip
    employee = _new(dealer, folded(number), line(name), person)
    _check_new(employee)
    return _hire(employee, person, True, by, at)


def _check_new(employee):
    rules.refuse(
        why_not_name(employee.name),
        rules.why_not_without_number(employee.kind, employee.number),
        rules.why_not_hired_on(employee.hired_on),
        rules.why_not_free(employee.number, employee),
        rules.why_not_place(employee.dealer, employee.group_id),
        rules.why_not_manager(employee, employee.manager),
        rules.why_not_email(employee.email),
        employee.status == Status.LEFT and _("Nobody is brought in as having left."),
    )


def _hire(employee, person, sign_in, by, at):
    """A batch of one."""
    dates = {name: person.get(name) for name in DATES}
    newcomer = Newcomer(employee, person["reason"], sign_in, _sign_in_name(person), dates)
    try:
        with transaction.atomic():
            enter([newcomer])
    except IntegrityError:  # someone else was given the same number, name or address at this moment
        raise Refused(_why_a_moment_ago(employee)) from None
    remember_hired([newcomer], by, at)
    return employee


def _why_a_moment_ago(employee):
    if rules.why_not_free(employee.number, employee):
        return _("The number %(number)s was given to someone a moment ago.") % {"number": employee.number}
    if rules.why_not_email(employee.email):
        return _("The e-mail address %(email)s was given to someone else a moment ago.") % {"email": employee.email}
    return _("Someone else was given the same sign-in name a moment ago.")


@carries_out(Proposal.Kind.HIRE)
def _hire_as_proposed(proposal, person, by, at):
    for signer in (proposal.proposed_by, by):
        require(may_give(signer, person["position"], proposal.dealer.group_id), rules.not_your_post(person["position"]))
    hold_lines(proposal.dealer.group_id)
    person["manager"] = manager_of(proposal, person.pop("reports_to"))
    employee = _new(proposal.dealer, proposal.number, proposal.name, person)
    _check_new(employee)
    rules.refuse(rules.why_not_sign_in(employee, _sign_in_name(person)))
    _hire(employee, person, True, by, at)
    Proposal.objects.filter(pk=proposal.pk).update(employee=employee)
    for member in team_coming_under(proposal).exclude(pk=employee.pk).select_for_update(of=("self",)):
        if all(may_manage_person(one, member) for one in (proposal.proposed_by, by)) and not rules.why_not_manager(member, employee):
            member.manager = employee
            member.save(update_fields=["manager"])
            remember(member, Kind.MANAGER, day_of(member, at), by, says={"manager"})
            record_event("person.moved", target=member, by=by, at=at, before={"manager": ""}, after={"manager": employee.number})
    return employee


@transaction.atomic
def return_employee(*, employee, on, dealer=None, position=None, manager=None, reason="", status=Status.PROBATION, by, at, shown=None):
    """Someone who left comes back under their old number: record, levels and certificates are theirs still.

    Where they were a signer, or become one, this gives the `Proposal` that waits for a second person.
    """
    hold_lines(employee.group_id)
    employee = locked(employee)
    require_person(by, employee)
    check_shown(shown, facts_of(employee, *PLACE_SHOWN), employee)
    here = employee.manager if employee.manager and employee.manager.is_here else None
    coming = {
        "dealer": dealer or employee.dealer, "position": position or employee.position, "manager": manager or here,
        "on": on, "status": status, "reason": reason,
    }  # fmt: skip
    require_place(by, coming["dealer"], coming["position"])
    before, old = _come_back(employee, coming)
    if is_signer(employee, at) or makes_signer(employee.position):
        return propose(
            kind=Proposal.Kind.RETURN, dealer=employee.dealer, employee=employee, number=employee.number, name=employee.name,
            by=by, at=at, **_asked(coming),
        )  # fmt: skip
    return _came_back(employee, before, old, coming, by, at)


def _come_back(employee, coming):
    """Put the return on the (unsaved) record, once it is allowed. Gives what it was: particulars, position."""
    before, old, left_on = rules.particulars(employee), employee.position, employee.left_on
    if employee.is_here:
        raise Refused(_("%(employee)s has not left.") % {"employee": employee.name})
    employee.dealer, employee.position, employee.manager = coming["dealer"], coming["position"], coming["manager"]
    early = _("%(employee)s left on %(day)s; the return cannot be earlier.") % {"employee": employee.name, "day": day(left_on)}
    rules.refuse(
        rules.why_not_place(employee.dealer, employee.group_id),
        rules.why_not_manager(employee, employee.manager),
        rules.why_not_day(coming["on"], employee),
        coming["on"] < left_on and early,
        rules.why_not_before(coming["on"], employee, {*PLACE, "status"}),
    )
    employee.status, employee.left_on = coming["status"], None
    return before, old


def _came_back(employee, before, old, coming, by, at):
    save_changes("person.returned", employee, before, ["dealer", "position", "manager", "status", "left_on"], by, at)
    remember(employee, Kind.RETURNED, coming["on"], by, says=PLACE, status=employee.status, reason=coming["reason"])
    if employee.user:
        User.objects.filter(pk=employee.user_id).update(is_active=True)
        take_roles([(employee.user, employee.position, old)])
    return employee


@carries_out(Proposal.Kind.RETURN)
def _return_as_proposed(proposal, coming, by, at):
    employee = locked(proposal.employee)
    coming["dealer"], coming["manager"] = coming.pop("to"), manager_of(proposal, coming.pop("reports_to"))
    for signer in (proposal.proposed_by, by):
        require(may_give(signer, coming["position"], employee.group_id), rules.not_your_post(coming["position"]))
    becomes = makes_signer(coming["position"]) and not is_signer(employee, at)
    before, old = _come_back(employee, coming)
    _came_back(employee, before, old, coming, by, at)
    if becomes:
        begin_anew(employee, by, at)
    return employee
