"""What every change of a person's record needs: the right hands, the locked row, the line of history, the audit event."""

from django.utils import timezone

from lms.common.states import require
from lms.people.actions import rules
from lms.people.actions.writing import Change, line_of, record_changes, remember_all, save_fields
from lms.people.models import DealerGroup, Employee
from lms.people.permissions import may_give, may_manage, may_manage_person


def locked(employee):
    """The record as it stands now, held until the transaction ends."""
    found = Employee.objects.select_for_update(of=("self",)).select_related("dealer", "position", "manager", "user", "group")
    return found.get(pk=employee.pk)


def hold_lines(group_id):
    """Who reports to whom changes for one at a time in a group, before any record is held: two moves at once could close a circle, and
    someone could come under a manager who leaves at that moment."""
    list(DealerGroup.objects.select_for_update(no_key=True).filter(pk=group_id))


def day_of(employee, at):
    """The day from which something done at `at` holds: for someone yet to begin, the first."""
    return max(timezone.localdate(at), employee.hired_on)


def remember(employee, kind, on, by, **said):
    """One line of history; many at once are `remember_all` of their `line_of`."""
    remember_all([line_of(employee, kind, on, by, **said)])


def save_changes(verb, employee, before, fields, by, at, **more):
    save_fields([employee], fields)
    record_changes([Change(verb, employee, before, more)], by, at)


def require_place(by, dealer, position):
    """The head of whatever puts someone into a post: the right over the dealer, and over the post."""
    require(may_manage(by, dealer), rules.not_your_dealer(dealer))
    require(may_give(by, position, dealer.group_id), rules.not_your_post(position))


def require_person(by, employee):
    require(may_manage_person(by, employee), rules.not_your_person(by, employee))
