from lms.people.models import Dealer, Employee, Leave
from lms.people.permissions import dealer_scope, employee_of, people_scope


def employees_visible_to(user):
    """Employees whose records `user` may see, with dealer, position and manager at hand."""
    return Employee.objects.filter(people_scope(user)).select_related("dealer", "position", "manager")


def dealers_visible_to(user):
    return Dealer.objects.filter(dealer_scope(user, "pk") if not user.has_perm("people.view_group_people") else _group(user))


def _group(user):
    from django.db.models import Q

    employee = employee_of(user)
    return Q() if employee is None else Q(group=employee.group_id)


def present_staff(dealer):
    """Staff of the dealer itself, without those who left and outside people."""
    return (
        Employee.objects.filter(dealer=dealer, position__is_outside=False)
        .exclude(status=Employee.Status.LEFT)
        .select_related("position")
    )


def people_on_leave(employees, on):
    """The ids among `employees` (ids) who have approved leave on the day `on`."""
    return set(
        Leave.objects.filter(employee__in=employees, starts_on__lte=on, ends_on__gte=on).values_list("employee_id", flat=True)
    )
