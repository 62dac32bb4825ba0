"""Who names mentors, opens task books and signs them off: HR and the supervisors of the dealer, and the book's own mentor.

Nobody does any of it for themselves.
"""

from django.db.models import F, Q

from lms.people.models import Employee
from lms.people.permissions import dealer_scope, employee_of, is_self, is_technical, may_sign
from talent_pool.onboarding.models import Mentor

SIGN, NAME, OPEN, VIEW = "onboarding.sign_off", "onboarding.name_mentors", "onboarding.open_task_books", "onboarding.view_taskbook"


def may_name(by, employee):
    """Name somebody as mentor: HR of where they work, or group HR."""
    return _acts_at(by, employee.dealer, NAME) and not is_self(by, employee)


def may_end(by, mentor):
    return _acts_at(by, mentor.dealer, NAME) and not is_self(by, mentor.employee)


def may_open(by, newcomer, dealer):
    """Open a task book, hand it on, close it: HR or a supervisor of the dealer."""
    return _acts_at(by, dealer, OPEN) and not is_self(by, newcomer)


def may_sign_off(by, book):
    """The book's own mentor, while named as one and at work at its dealer."""
    if not may_sign(by) or not by.has_perm(SIGN) or is_self(by, book.newcomer) or employee_of(by).pk != book.mentor_id:
        return False
    return acting_mentors().filter(employee=book.mentor_id, dealer=book.dealer_id).exists()


def may_correct(by, book):
    return may_sign_off(by, book) or may_open(by, book.newcomer, book.dealer)


def acting_mentors():
    """Appointments of those who are here: staff who still work where they were named."""
    here = Mentor.objects.filter(ended_at=None, employee__kind=Employee.Kind.STAFF).exclude(employee__status=Employee.Status.LEFT)
    return here.filter(employee__dealer=F("dealer"))


def books_scope(user):
    """A condition on task books that `user` may see: one's own, those that one signs off, and those of the dealer for who leads there."""
    employee = employee_of(user)
    if employee is None or not user.is_active:
        return dealer_scope(user) if is_technical(user) and user.is_superuser else Q(pk__in=[])
    own = Q(newcomer=employee) | Q(mentor=employee)
    return own | dealer_scope(user) if user.has_perm(VIEW) else own


def _acts_at(by, dealer, permission):
    return may_sign(by) and by.has_perm(permission) and _is_over(by, dealer)


def _is_over(by, dealer):
    """`dealer_scope` for one dealer at hand."""
    employee = employee_of(by)
    return employee.dealer_id == dealer.pk or (by.has_perm("people.view_group_people") and employee.group_id == dealer.group_id)
