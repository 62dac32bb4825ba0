"""Who puts whom on a course, and who completes it: everyone themselves, leaders their people, the system by rule (None)."""

from lms.people.models import Employee
from lms.people.permissions import is_self, people_scope


def may_learn(by, employee):
    """Opens lessons and finishes them: the person alone, nobody in their place."""
    return is_self(by, employee) and by.is_active and by.has_perm("learning.take_courses")


def may_enrol(by, employees):
    """Puts all these people on a course: the system, a leader for others of the own dealer or team; one person for themselves."""
    if by is None:
        return True
    if any(is_self(by, employee) for employee in employees):
        return len(employees) == 1 and may_learn(by, employees[0])
    wanted = {employee.pk for employee in employees}
    return by.has_perm("learning.enrol_others") and Employee.objects.filter(people_scope(by), pk__in=wanted).count() == len(wanted)
