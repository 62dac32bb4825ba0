import secrets
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.audit.actions import record_event
from lms.people.actions.refusals import CannotSignIn
from lms.people.models import Employee
from lms.people.permissions import may_touch_sign_in

HANDED_OVER_FOR = timedelta(days=7)
# Letters and digits that are not mistaken for one another when read from paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def username_for(group_code, number, taken):
    """The employee number; where someone of another group signs in by it, the group's code before it. `taken` in lower case."""
    for name in (number, f"{group_code}-{number}"):
        if name.lower() not in taken:
            return name
    raise CannotSignIn(_("Someone else signs in as %(number)s already.") % {"number": number})


def names_taken(names):
    """Which of these sign-in names someone has already, in lower case."""
    users = User.objects.alias(lower=Lower("username")).filter(lower__in=[name.lower() for name in names])
    return {name.lower() for name in users.values_list("username", flat=True)}


def take_role(user, position, before=None):
    """The role follows the position; roles given besides stay."""
    if before and before.role != position.role:
        user.groups.remove(*Group.objects.filter(name=before.role))
    user.groups.add(*Group.objects.filter(name=position.role))


@transaction.atomic
def grant_sign_in(*, employee, by, at):
    """Let a person sign in: by number, or e-mail where they have one. They set a password by mail, or HR hands over a first one."""
    if employee.user_id:
        return employee.user
    if not employee.is_here:
        raise CannotSignIn(_("%(employee)s has left; whoever has left does not sign in.") % {"employee": employee.name})
    number = employee.number
    taken = names_taken([number, f"{employee.group.code}-{number}"])
    user = User(username=username_for(employee.group.code, number, taken), email=employee.email)
    user.set_unusable_password()
    user.save()
    take_role(user, employee.position)
    employee.user = user
    Employee.objects.filter(pk=employee.pk).update(user=user)
    record_event("person.sign_in_granted", target=employee, by=by, at=at, after={"username": user.username})
    return user


@transaction.atomic
def issue_first_password(*, employee, by, at):
    """A password to hand over on paper, for someone without e-mail or who forgot theirs. It is returned once and stored nowhere.

    It stops working after a week, and whoever signs in with it must choose their own before anything else.
    """
    if not employee.is_here:
        raise CannotSignIn(_("%(employee)s has left; whoever has left does not sign in.") % {"employee": employee.name})
    if by is not None and employee.user_id == by.pk:
        raise CannotSignIn(_("You change your own password under “My account”."))
    if not may_touch_sign_in(by, employee):
        raise CannotSignIn(
            _("%(employee)s signs beside HR and has signed in before; they reset their password by e-mail, or group HR does.")
            % {"employee": employee.name}
        )
    user = employee.user or grant_sign_in(employee=employee, by=by, at=at)
    password = "-".join("".join(secrets.choice(ALPHABET) for _letter in range(4)) for _part in range(4))
    user.set_password(password)
    user.temporary_until = at + HANDED_OVER_FOR
    user.save(update_fields=["password", "temporary_until"])
    record_event("person.first_password_issued", target=employee, by=by, at=at, after={"until": user.temporary_until})
    return password


@transaction.atomic
def reset_second_factor(*, employee, by, at):
    """Take away every second factor of someone who lost theirs, recovery codes too, and end their sessions.

    At the next sign-in they set up a new one, for which they need a code by mail or from another hand. Returns how many factors went.
    """
    if employee.user is None:
        raise CannotSignIn(_("%(employee)s cannot sign in, so there is no second step.") % {"employee": employee.name})
    if by is not None and employee.user_id == by.pk:
        raise CannotSignIn(_("You manage your own second step under “My account”."))
    factors = Authenticator.objects.filter(user=employee.user)
    kinds = sorted(factors.values_list("type", flat=True))
    factors.delete()
    employee.user.enrolment_codes.filter(used_at=None).delete()
    for session in UserSession.objects.filter(user=employee.user):
        session.end()
    record_event("person.second_factor_reset", target=employee, by=by, at=at, before={"types": kinds})
    return len(kinds)
