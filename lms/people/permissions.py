"""Who may see whom, decided once (§1 of the domain notes). Every room's `visible_to` is built on `people_scope`."""

from django.db.models import Q

from lms.people.models import Employee


def employee_of(user):
    """The person at work behind a signed-in user, or None (a visitor, or a technical account)."""
    try:
        return user.employee
    except (AttributeError, Employee.DoesNotExist):
        return None


def people_scope(user, prefix=""):
    """A condition on employees, or on records that lead to one by `prefix` ("employee__"): whose records `user` sees.

    Group HR sees the group, HR, managers, supervisors and the watcher their dealer, everyone themselves.
    """
    employee = employee_of(user)
    if not user.is_active:
        return Q(pk__in=[])
    if user.is_superuser:
        return Q()
    if employee is None:
        return Q(pk__in=[])
    if user.has_perm("people.view_group_people"):
        return Q(**{f"{prefix}group": employee.group_id})
    if user.has_perm("people.view_dealer_people"):
        return Q(**{f"{prefix}dealer": employee.dealer_id})
    return Q(**{f"{prefix}pk": employee.pk})


def dealer_scope(user, field="dealer"):
    """A condition on records of a dealer (programmes, cycles): group HR the group's, everyone else the own dealer's."""
    employee = employee_of(user)
    if user.is_active and user.is_superuser:
        return Q()
    if employee is None or not user.is_active:
        return Q(pk__in=[])
    if user.has_perm("people.view_group_people"):
        return Q(**{f"{field}__group": employee.group_id})
    return Q(**{field: employee.dealer_id})
