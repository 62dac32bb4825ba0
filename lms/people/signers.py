"""Who is a signer (§1): whoever examines, approves or countersigns pay, manages people, or authors; now, or within 90 days.

Rooms above add who signs without a post that says so (a seat on an open panel): `also_signs(condition)`.
"""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from lms.accounts.models import User
from lms.people.choices import Role
from lms.people.models import Employee, EmploymentEvent
from lms.people.roles import roles_that_sign

# How long someone who signed is still treated as a signer.
AFTERWARDS = timedelta(days=90)
# Whose posts are the group's, whatever dealer they stand under: a dealer's HR does not give, change or end them.
GROUP_ROLES = frozenset({Role.GROUP_HR, Role.EXAMINER, Role.AUTHOR})

_conditions = []


def also_signs(condition):
    """Register `condition(at)`: a Q on employees who are signers for another reason than their post."""
    _conditions.append(condition)
    return condition


def signers(at):
    """A condition on employees: they are signers at the aware time `at`."""
    roles = roles_that_sign()
    found = Q(position__role__in=roles) | Q(Exists(_of_a_role(roles))) | Q(Exists(_until_lately(roles, at - AFTERWARDS)))
    for condition in _conditions:
        found |= condition(at)
    return found


def _of_a_role(roles):
    """The person's sign-in holds a signing role, whatever their post: a second job."""
    return User.objects.filter(pk=OuterRef("user"), groups__name__in=roles)


def _until_lately(roles, since):
    """The person held a signing post, and no line written after it, and before `since`, ended that.

    By when and in what order it was recorded, not by the day it is said to have happened: a date in the past makes nobody harmless.
    """
    ended = EmploymentEvent.objects.filter(employee=OuterRef("employee"), pk__gt=OuterRef("pk"), recorded_at__lt=since)
    ended = ended.filter(Q(says_position=True) | Q(kind=EmploymentEvent.Kind.LEFT))
    return EmploymentEvent.objects.filter(employee=OuterRef("pk"), position__role__in=roles).exclude(Exists(ended))


def is_signer(employee, at):
    return Employee.objects.filter(signers(at), pk=employee.pk).exists()


def signers_among(employees, at):
    """The ids of those of `employees` (ids) who are signers."""
    return set(Employee.objects.filter(signers(at), pk__in=employees).values_list("pk", flat=True))


def makes_signer(position):
    """Whether whoever is given this post becomes a signer by it."""
    return position.role in roles_that_sign()


def is_the_groups(position):
    """Whether the post is one of the group's own: group HR, examiner, author."""
    return position.role in GROUP_ROLES


def has_group_hr(group_id):
    """Whether the group has HR of its own, who then confirms; without one a dealer's general manager does."""
    people = Employee.objects.filter(group=group_id, position__role=Role.GROUP_HR, user__is_active=True)
    return people.exclude(status=Employee.Status.LEFT).exists()
