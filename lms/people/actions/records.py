"""What every change of a person's record needs: the right hands, the locked row, the line of history, the audit event."""

from lms.audit.actions import record_event
from lms.common.states import require
from lms.people.actions import rules
from lms.people.models import Employee, EmploymentEvent
from lms.people.permissions import may_give, may_manage, may_manage_person


def locked(employee):
    """The record as it stands now, held until the transaction ends."""
    found = Employee.objects.select_for_update(of=("self",)).select_related("dealer", "position", "manager", "user", "group")
    return found.get(pk=employee.pk)


def remember(employee, kind, on, by, reason=""):
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


def save_changes(verb, employee, before, fields, by, at):
    employee.save(update_fields=fields)
    was, now = rules.differences(before, rules.particulars(employee))
    record_event(verb, target=employee, by=by, at=at, before=was, after=now)


def require_place(by, dealer, position):
    """The head of whatever puts someone into a post: the right over the dealer, and over the post."""
    require(may_manage(by, dealer), rules.not_your_dealer(dealer))
    require(may_give(by, position, dealer.group_id), rules.not_your_post(position))


def require_person(by, employee):
    require(may_manage_person(by, employee), rules.not_your_person(by, employee))
