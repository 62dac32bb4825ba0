from django.db.models import Case, F, When
from django.db.models.functions import Greatest

from lms.people.choices import Role, Track
from lms.people.models import Dealer, Employee, Leave
from lms.people.permissions import dealer_scope, employee_of, people_scope

# `Employee.level` as the database computes it, to sort and filter by.
CURRENT_LEVEL = Case(
    When(position__track=Track.SERVICE, then=F("service_level")),
    When(position__track=Track.TECHNICAL, then=F("technical_level")),
    default=Greatest("service_level", "technical_level"),
)


def employees_visible_to(user):
    """Employees whose records `user` may see, with dealer, position and manager at hand."""
    return Employee.objects.filter(people_scope(user)).select_related("dealer", "position", "manager")


def dealers_visible_to(user):
    """The dealers whose records `user` may see: the own one, or all of the group."""
    return Dealer.objects.filter(dealer_scope(user, field=""))


def team_of(employee):
    """Who reports to the employee and has not left."""
    return employee.reports.exclude(status=Employee.Status.LEFT).select_related("position", "dealer").order_by("position__order", "number")


def leaders_near(employee):
    """Who may be meant as a line manager at the person's dealer: present holders of posts with more than staff's role."""
    if employee is None:
        return Employee.objects.none()
    return present_staff(employee.dealer).exclude(position__role=Role.STAFF).order_by("position__order", "number")[:60]


def leaves_visible_to(user, employee):
    """A person's leave, for themselves and HR; why someone is away is nobody else's business."""
    if user.has_perm("people.manage_people") or employee == employee_of(user):
        return employee.leaves.all()
    return employee.leaves.none()


def present_staff(dealer):
    """Staff of the dealer itself, without those who left and outside people."""
    return (
        Employee.objects.filter(dealer=dealer, position__is_outside=False).exclude(status=Employee.Status.LEFT).select_related("position")
    )


def people_on_leave(employees, on):
    """The ids among `employees` (ids) who have approved leave on the day `on`."""
    return set(Leave.objects.filter(employee__in=employees, starts_on__lte=on, ends_on__gte=on).values_list("employee_id", flat=True))


def chain_above(managers):
    """Who stands above these people (ids), up to the top: {id: manager's id}. One query a level, however many people."""
    above, level = {}, {pk for pk in managers if pk}
    while level:
        found = dict(Employee.objects.filter(pk__in=level).values_list("pk", "manager_id"))
        above |= found
        level = {pk for pk in found.values() if pk} - above.keys()
    return above
