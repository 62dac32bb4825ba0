"""Who may see whom, decided once (§1 of the domain notes). Every room's `visible_to` is built on `people_scope`."""

from django.conf import settings
from django.db.models import Q

from lms.people.choices import Role
from lms.people.models import Employee

# Who examines, signs for pay, manages people or writes what people learn and are asked.
SIGNERS_PERMISSIONS = (
    "grading.examine",
    "pay.approve_pay_changes",
    "pay.countersign_pay_changes",
    "people.manage_people",
    "questions.change_question",
)
SIGNING_ROLES = {Role.SERVICE_MANAGER, Role.GENERAL_MANAGER, Role.EXAMINER, Role.GROUP_HR}


def employee_of(user):
    """The person at work behind a signed-in user, or None (a visitor, or a technical account)."""
    try:
        return user.employee
    except (AttributeError, Employee.DoesNotExist):
        return None


def people_scope(user, prefix=""):
    """A condition on employees, or on records that lead to one by `prefix` ("employee__"): whose records `user` sees.

    Group HR sees the group; HR, managers, supervisors and the watcher their dealer, and their own team where it sits at
    another one; everyone themselves.
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
        return Q(**{f"{prefix}dealer": employee.dealer_id}) | Q(**{f"{prefix}manager": employee.pk})
    return Q(**{f"{prefix}pk": employee.pk})


def dealer_scope(user, field="dealer"):
    """A condition on records of a dealer (programmes, cycles): group HR the group's, everyone else the own dealer's.

    `field` leads to the dealer; it is empty where the records are dealers themselves.
    """
    prefix = f"{field}__" if field else ""
    employee = employee_of(user)
    if user.is_active and user.is_superuser:
        return Q()
    if employee is None or not user.is_active:
        return Q(pk__in=[])
    if user.has_perm("people.view_group_people"):
        return Q(**{f"{prefix}group": employee.group_id})
    return Q(**{f"{prefix}pk": employee.dealer_id})


def may_give(user, position):
    """Whether `user` may put someone into `position`: what sees all dealers is given only by someone who does.

    None is the system itself: the import on the command line, a new installation.
    """
    return user is None or position.role != Role.GROUP_HR or user.has_perm("people.view_group_people")


def signs(employee):
    """Whether the person's own signature stands beside HR's (panel, countersignature, group HR)."""
    return employee.position.role in SIGNING_ROLES


def may_touch_sign_in(user, employee):
    """Whether `user` may hand out a password for `employee` or change their e-mail address, by which it is reset.

    Someone whose signature stands beside HR's and who has signed in before keeps their sign-in to themselves: else HR could
    sign for them. Group HR may, and it is on record.
    """
    if user is None or user.has_perm("people.view_group_people"):
        return True
    return not (signs(employee) and employee.user and employee.user.last_login)


def is_signer(user):
    """Whether the person answers for others: by their word somebody rises, is paid, comes, leaves or is asked."""
    return any(user.has_perm(permission) for permission in SIGNERS_PERMISSIONS)


def needs_second_factor(user):
    """Signers and technical accounts, where the installation asks for it."""
    return settings.SECOND_FACTOR == "signers" and (user.is_superuser or is_signer(user))


def may_vouch(user, employee):
    """Whether `user` may hand `employee` a code to set up their second factor with: HR and the general manager, for others.

    None is the command line. Whether `user` is the same hand that gave the password is decided in the action.
    """
    if user is None:
        return True
    leads = user.has_perm("people.manage_people") or user.has_perm("pay.countersign_pay_changes")
    return leads and employee.user_id != user.pk and Employee.objects.filter(people_scope(user), pk=employee.pk).exists()
