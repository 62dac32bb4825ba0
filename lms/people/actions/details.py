"""What stands on a person's record is put right: status, name, address, phone, day of hiring."""

from django.db import transaction
from django.utils.translation import gettext as _

from lms.audit.actions import record_event
from lms.audit.meanwhile import check_shown
from lms.common.shown import facts_of
from lms.common.states import Refused
from lms.common.typed import line, why_not_name
from lms.people.actions import rules
from lms.people.actions.proposals import carries_out, propose
from lms.people.actions.records import day_of, locked, remember, require_person, save_changes
from lms.people.actions.sign_in import address_taken
from lms.people.actions.writing import readdress
from lms.people.models import Employee, EmploymentEvent, Proposal
from lms.people.queries import DETAILS_SHOWN, contract_of, contract_shown
from lms.people.signers import is_signer

Kind = EmploymentEvent.Kind
Status = Employee.Status


@transaction.atomic
def change_status(*, employee, status, on=None, by, at, shown=None):
    """Probation is over, a long absence begins or ends. Leaving and returning have actions of their own."""
    employee = locked(employee)
    require_person(by, employee)
    check_shown(shown, facts_of(employee, "status"), employee)
    before = rules.particulars(employee)
    if not employee.is_here or status == Status.LEFT:
        raise Refused(_("Departure and return are recorded as such, with their date."))
    if status != employee.status:
        on = on or day_of(employee, at)
        rules.refuse(on != employee.hired_on and rules.why_not_day(on, employee), rules.why_not_before(on, employee, {"status"}))
        employee.status = status
        save_changes("person.status_changed", employee, before, ["status"], by, at)
        remember(employee, Kind.STATUS, on, by, status=status)
    return employee


@transaction.atomic
def record_contract(*, employee, on=None, probation_until=None, contract_from=None, contract_until=None, by, at, shown=None):
    """A contract is signed or renewed, probation is given another end. The line of history is where they stand."""
    employee = locked(employee)
    require_person(by, employee)
    check_shown(shown, contract_shown(employee), employee)
    dates = {"probation_until": probation_until, "contract_from": contract_from, "contract_until": contract_until}
    dates = {name: day for name, day in dates.items() if day}
    on = on or day_of(employee, at)
    rules.refuse(
        not employee.is_here and _("%(employee)s has left. Record the return first.") % {"employee": employee.name},
        not dates and _("Give at least one date: the end of probation, or the first day of the contract."),
        rules.why_not_contract(dates, employee.hired_on),
        on != employee.hired_on and rules.why_not_day(on, employee),
        rules.why_not_before(on, employee, dates.keys() & {"probation_until", "contract_from"}),
    )
    remember(employee, Kind.CONTRACT, on, by, **dates)
    record_event("person.contract_recorded", target=employee, by=by, at=at, after=dates)
    return employee


@transaction.atomic
def correct_details(*, employee, by, at, name=None, email=None, phone=None, hired_on=None, shown=None):
    """Put right a name, an address, a phone number or the day of hiring; what is left out stays.

    A signer's new address waits as a `Proposal`, which this gives, while the rest is put right at once.
    """
    employee = locked(employee)
    require_person(by, employee)
    check_shown(shown, facts_of(employee, *DETAILS_SHOWN), employee)
    before = rules.particulars(employee)
    if name is not None:
        name = line(name)
        rules.refuse(why_not_name(name))
    if hired_on is not None and hired_on != employee.hired_on:
        rules.refuse(
            rules.why_not_hired_on(hired_on, employee.hired_on),
            rules.why_not_hired_after(hired_on, employee),
            rules.why_not_contract(contract_of(employee), hired_on),
        )
    given = {"name": name, "phone": phone, "hired_on": hired_on}
    for field, value in given.items():
        if value is not None:
            setattr(employee, field, value)
    if before != rules.particulars(employee):
        save_changes("person.corrected", employee, before, list(given), by, at)
    if email is None or email.strip().lower() == employee.email.lower():
        return employee
    return _readdress(employee, email.strip(), by, at)


def _readdress(employee, email, by, at):
    rules.refuse(_why_not_address(employee, email))
    if is_signer(employee, at):
        return propose(
            kind=Proposal.Kind.EMAIL, dealer=employee.dealer, employee=employee, number=employee.number, name=employee.name,
            by=by, at=at, email=email, was=employee.email,
        )  # fmt: skip
    return _readdressed(employee, email, by, at)


def _readdressed(employee, email, by, at):
    before = rules.particulars(employee)
    employee.email = email
    save_changes("person.readdressed", employee, before, ["email"], by, at)
    with address_taken(email):
        readdress([(employee, _is_by_address(employee, before["email"]))])
    return employee


def _is_by_address(employee, address):
    """Whether the address is the only name that the person signs in by."""
    return bool(employee.user and address) and employee.user.username.lower() == address.lower()


def _why_not_address(employee, email):
    reason = rules.why_not_email(email, employee.user)
    return reason or (_is_by_address(employee, employee.email) and rules.why_not_by_address(email))


@carries_out(Proposal.Kind.EMAIL)
def _readdress_as_proposed(proposal, values, by, at):
    employee = locked(proposal.employee)
    rules.refuse(_why_not_address(employee, values["email"]))
    return _readdressed(employee, values["email"], by, at)
