from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.audit.actions import event_of, record_event, record_events
from lms.people.actions import rules
from lms.people.actions.refusals import CannotHire, CannotLeave, CannotMove, CannotStay, WrongDetails
from lms.people.actions.sign_in import grant_sign_in, take_role
from lms.people.models import Employee, EmploymentEvent
from lms.people.permissions import may_touch_sign_in
from lms.people.queries import team_of

Kind = EmploymentEvent.Kind
Status = Employee.Status


def _locked(employee):
    """The record as it stands now, held until the transaction ends."""
    found = Employee.objects.select_for_update(of=("self",)).select_related("dealer", "position", "manager", "user", "group")
    return found.get(pk=employee.pk)


def _remember(employee, kind, on, by, reason=""):
    return EmploymentEvent.objects.create(
        employee=employee,
        kind=kind,
        on=on,
        dealer=employee.dealer,
        position=employee.position,
        manager=employee.manager,
        reason=reason[:200],
        recorded_by=by,
    )


def _save(verb, employee, before, fields, by, at):
    employee.save(update_fields=fields)
    was, now = rules.differences(before, rules.particulars(employee))
    record_event(verb, target=employee, by=by, at=at, before=was, after=now)


@transaction.atomic
def hire_employee(
    *, dealer, position, number, name, hired_on, manager=None, email="", phone="", status=Status.ACTIVE, reason="", sign_in=True, by, at
):
    """Bring a person in, at level 0, with their first line of history and a way to sign in by their number."""
    employee = Employee(
        group=dealer.group, dealer=dealer, position=position, manager=manager, number=number.strip(), name=name.strip(),
        hired_on=hired_on, email=email.strip(), phone=phone.strip(), status=status,
    )  # fmt: skip
    known = Employee.objects.filter(group=dealer.group_id, number__iexact=employee.number).first()
    rules.refuse(
        CannotHire,
        rules.why_not_number(employee.number),
        known and _("The number %(number)s is %(name)s's already; choose another.") % {"number": known.number, "name": known.name},
        rules.why_not_position(by, position, dealer, dealer.group_id),
        rules.why_not_manager(employee, manager),
        rules.why_not_email(employee.email),
        status == Status.LEFT and _("Nobody is brought in as having left."),
    )
    try:
        with transaction.atomic():
            employee.save(force_insert=True)
    except IntegrityError:  # someone else brought the same number in at this moment
        raise CannotHire(_("The number %(number)s was given to someone a moment ago.") % {"number": number}) from None
    _remember(employee, Kind.HIRED, hired_on, by, reason)
    record_event("person.hired", target=employee, by=by, at=at, after=rules.particulars(employee))
    if sign_in:
        grant_sign_in(employee=employee, by=by, at=at)
    return employee


def kind_of_move(old, new):
    """Into a leading post from one that is not: promoted. Anything else: transferred."""
    return Kind.PROMOTED if new.is_leading and not old.is_leading else Kind.TRANSFERRED


@transaction.atomic
def transfer_employee(*, employee, by, at, on=None, dealer=None, position=None, manager=None, kind=None, reason=""):
    """Give a person another dealer, position or manager; what is left out stays. The role they hold here follows the position.

    A new line of history stands for a new dealer or position; a new manager alone is in the audit trail.
    """
    employee, on = _locked(employee), on or timezone.localdate(at)
    before, old = rules.particulars(employee), employee.position
    if not employee.is_here:
        raise CannotMove(_("%(employee)s has left. Record the return first.") % {"employee": employee.name})
    employee.dealer, employee.position = dealer or employee.dealer, position or employee.position
    employee.manager = manager or employee.manager
    rules.refuse(
        CannotMove,
        rules.why_not_oneself(by, employee),
        rules.why_not_position(by, employee.position, employee.dealer, employee.group_id),
        rules.why_not_manager(employee, manager),
        rules.why_not_day(on, employee),
        before == rules.particulars(employee) and _("Nothing would change: %(employee)s works there now.") % {"employee": employee.name},
    )
    _save("person.moved", employee, before, ["dealer", "position", "manager"], by, at)
    if (before["dealer"], before["position"]) != (employee.dealer.code, employee.position.code):
        _remember(employee, kind or kind_of_move(old, employee.position), on, by, reason)
    if employee.user and old != employee.position:
        take_role(employee.user, employee.position, before=old)
    return employee


@transaction.atomic
def record_departure(*, employee, left_on, reason="", hand_over_to=None, by, at):
    """The person leaves: no session of theirs lives on, and their team goes to `hand_over_to`, else to the manager above them."""
    employee = _locked(employee)
    before = rules.particulars(employee)
    team = list(team_of(employee).select_for_update(of=("self",)))
    successor = hand_over_to or employee.manager
    rules.refuse(
        CannotLeave,
        not employee.is_here and _("%(employee)s left on %(day)s already.") % {"employee": employee.name, "day": employee.left_on},
        rules.why_not_day(left_on, employee),
        rules.why_not_oneself(by, employee),
    )
    if team:
        _hand_over(employee, team, successor, by, at)
    employee.status, employee.left_on = Status.LEFT, left_on
    _save("person.left", employee, before, ["status", "left_on"], by, at)
    _remember(employee, Kind.LEFT, left_on, by, reason)
    if employee.user:
        User.objects.filter(pk=employee.user_id).update(is_active=False)
    return employee


def _hand_over(employee, team, successor, by, at):
    if successor is None or successor == employee or not successor.is_here:
        raise CannotLeave(
            _("%(count)d people report to %(employee)s, and nobody stands above to take them over. Say who is to lead them.")
            % {"count": len(team), "employee": employee.name}
        )
    rules.refuse(CannotLeave, *(rules.why_not_manager(member, successor) for member in team if member != successor))
    after = {member.pk: successor if member != successor else employee.manager for member in team}
    for member in team:
        member.manager = after[member.pk]
    Employee.objects.bulk_update(team, ["manager"])
    record_events(
        event_of(
            "person.moved", target=member, by=by, at=at,
            before={"manager": employee.number}, after={"manager": member.manager.number if member.manager else ""},
        )
        for member in team
    )  # fmt: skip


@transaction.atomic
def return_employee(*, employee, on, dealer=None, position=None, manager=None, reason="", status=Status.PROBATION, by, at):
    """Someone who left comes back under their old number: record, levels and certificates are theirs still."""
    employee = _locked(employee)
    before, old = rules.particulars(employee), employee.position
    if employee.is_here:
        raise CannotStay(_("%(employee)s has not left.") % {"employee": employee.name})
    left_on = employee.left_on
    employee.dealer, employee.position = dealer or employee.dealer, position or employee.position
    employee.manager = manager or (employee.manager if employee.manager and employee.manager.is_here else None)
    rules.refuse(
        CannotStay,
        rules.why_not_position(by, employee.position, employee.dealer, employee.group_id),
        rules.why_not_manager(employee, employee.manager),
        rules.why_not_day(on, employee),
        on < left_on and _("%(employee)s left on %(day)s; the return cannot be earlier.") % {"employee": employee.name, "day": left_on},
    )
    employee.status, employee.left_on = status, None
    _save("person.returned", employee, before, ["dealer", "position", "manager", "status", "left_on"], by, at)
    _remember(employee, Kind.RETURNED, on, by, reason)
    if employee.user:
        User.objects.filter(pk=employee.user_id).update(is_active=True)
        take_role(employee.user, employee.position, before=old)
    return employee


@transaction.atomic
def change_status(*, employee, status, by, at):
    """Probation is over, a long absence begins or ends. Leaving and returning have actions of their own."""
    employee = _locked(employee)
    before = rules.particulars(employee)
    if not employee.is_here or status == Status.LEFT:
        raise CannotStay(_("Departure and return are recorded as such, with their date."))
    if status != employee.status:
        employee.status = status
        _save("person.status_changed", employee, before, ["status"], by, at)
    return employee


@transaction.atomic
def correct_details(*, employee, by, at, name=None, email=None, phone=None, hired_on=None):
    """Put right a name, an address, a phone number or the day of hiring; what is left out stays."""
    employee = _locked(employee)
    before = rules.particulars(employee)
    given = {"name": name, "email": email, "phone": phone, "hired_on": hired_on}
    for field, value in given.items():
        if value is not None:
            setattr(employee, field, value)
    if email is not None and email != before["email"]:
        _readdress(employee, by)
    if before != rules.particulars(employee):
        _save("person.corrected", employee, before, list(given), by, at)
    return employee


def _readdress(employee, by):
    if not may_touch_sign_in(by, employee):
        raise WrongDetails(
            _("%(employee)s signs results or pay changes beside HR; only group HR changes the e-mail address by which they sign in.")
            % {"employee": employee.name}
        )
    rules.refuse(WrongDetails, rules.why_not_email(employee.email, employee.user))
    if employee.user:
        User.objects.filter(pk=employee.user_id).update(email=employee.email)
