import secrets
from contextlib import contextmanager
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lms.audit.actions import record_event, record_events
from lms.common.states import Refused, require
from lms.people.actions.proposals import carries_out, propose
from lms.people.actions.records import locked
from lms.people.actions.rules import not_your_person
from lms.people.actions.writing import let_in_event, make_users
from lms.people.models import Employee, Proposal
from lms.people.permissions import may_manage_person
from lms.people.signers import is_signer

HANDED_OVER_FOR = timedelta(days=7)
# Letters and digits that are not mistaken for one another when read from paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@contextmanager
def address_taken(email):
    """Two who are given one address, or one name, at the same moment: the second is refused in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        if not email:
            raise Refused(_("Someone else was given the same sign-in name a moment ago.")) from None
        raise Refused(_("The e-mail address %(email)s was given to someone else a moment ago.") % {"email": email}) from None


def let_in(employee, by, at):
    """The user by whom a person signs in, made where there is none; inside an action that has checked whose hands these are."""
    if employee.user_id:
        return employee.user
    _check_is_here(employee)
    with address_taken(employee.email):
        make_users([(employee, "")])
    Employee.objects.filter(pk=employee.pk).update(user=employee.user)
    record_events([let_in_event(employee, by, at)])
    return employee.user


def begin_anew(employee, by, at):
    """Whoever becomes a signer signs in anew: nothing that one hand may have set before opens the door to their signature.

    Their password, second factors, codes and sessions end. The next password goes to the address that both who appointed them
    have seen, or is handed over, which then takes two.
    """
    user = employee.user
    if user is None:
        return
    user.set_unusable_password()
    user.temporary_until = None
    user.save(update_fields=["password", "temporary_until"])
    _forget_factors(user)
    record_event("person.begins_anew", target=employee, by=by, at=at, after={"email": employee.email})


def _forget_factors(user):
    """Gives the kinds of those that there were."""
    factors = Authenticator.objects.filter(user=user)
    kinds = sorted(factors.values_list("type", flat=True))
    factors.delete()
    user.enrolment_codes.filter(used_at=None).delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
    return kinds


@transaction.atomic
def issue_first_password(*, employee, by, at):
    """A password to hand over on paper, for someone without e-mail or who forgot theirs. It is returned once and stored nowhere.

    It stops working after a week, and whoever signs in with it must choose their own before anything else. For a signer this
    gives the `Proposal` that waits for a second person, who then hands the password over.
    """
    employee = locked(employee)  # whoever becomes a signer at this moment begins anew before or after, not between
    require(may_manage_person(by, employee), not_your_person(by, employee))
    _check_is_here(employee)
    if is_signer(employee, at):
        return propose(
            kind=Proposal.Kind.PASSWORD, dealer=employee.dealer, employee=employee, number=employee.number, name=employee.name, by=by, at=at
        )
    return hand_over_password(employee, by, at)


def _check_is_here(employee):
    if not employee.is_here:
        raise Refused(_("%(employee)s has left; whoever has left does not sign in.") % {"employee": employee.name})


def hand_over_password(employee, by, at):
    """Make the password; inside an action that has checked whose hands these are."""
    user = let_in(employee, by, at)
    password = "-".join("".join(secrets.choice(ALPHABET) for _letter in range(4)) for _part in range(4))
    user.set_password(password)
    user.temporary_until = at + HANDED_OVER_FOR
    user.save(update_fields=["password", "temporary_until"])
    record_event("person.first_password_issued", target=employee, by=by, at=at, after={"until": user.temporary_until})
    return password


@carries_out(Proposal.Kind.PASSWORD)
def _issue_as_proposed(proposal, values, by, at):
    _check_is_here(proposal.employee)
    return hand_over_password(proposal.employee, by, at)


@transaction.atomic
def reset_second_factor(*, employee, by, at):
    """Take away every second factor of someone who lost theirs, recovery codes too, and end their sessions.

    At the next sign-in they set up a new one, for which they need a code by mail or from another hand. For a signer this gives
    the `Proposal` that waits for a second person. Returns how many factors went.
    """
    employee = locked(employee)
    require(may_manage_person(by, employee), not_your_person(by, employee))
    if employee.user is None:
        raise Refused(_("%(employee)s cannot sign in, so there is no second step.") % {"employee": employee.name})
    if is_signer(employee, at):
        kind = Proposal.Kind.SECOND_FACTOR
        return propose(kind=kind, dealer=employee.dealer, employee=employee, number=employee.number, name=employee.name, by=by, at=at)
    return _reset(employee, by, at)


def _reset(employee, by, at):
    kinds = _forget_factors(employee.user)
    record_event("person.second_factor_reset", target=employee, by=by, at=at, before={"types": kinds})
    return len(kinds)


@carries_out(Proposal.Kind.SECOND_FACTOR)
def _reset_as_proposed(proposal, values, by, at):
    return _reset(proposal.employee, by, at)
