"""Who may set up a first second factor: whoever holds a code that came by another way than the password."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from lms.accounts.models import EnrolmentCode, User
from lms.audit.actions import record_event
from lms.audit.models import Event
from lms.common.states import Refused, require
from lms.people.actions.sign_in import ALPHABET
from lms.people.models import Proposal
from lms.people.permissions import employee_of, may_vouch

BY_MAIL_FOR, BY_HAND_FOR = timedelta(minutes=15), timedelta(days=1)
SAME_HAND_FOR = timedelta(days=90)
CONFIRMED = "enrolment_confirmed"  # in the session: until when a factor may be set up, seconds since 1970


def _digest(code):
    return salted_hmac("lms.people.enrolment", "".join(sign for sign in code.casefold() if sign.isalnum()), algorithm="sha256").hexdigest()


def _issue(user, channel, by, at, valid_for):
    """A new code in place of all before it."""
    User.objects.select_for_update().get(pk=user.pk)
    user.enrolment_codes.filter(used_at=None, valid_until__gt=at).update(valid_until=at)
    code = "-".join("".join(secrets.choice(ALPHABET) for _sign in range(4)) for _part in range(2))
    EnrolmentCode.objects.create(user=user, channel=channel, digest=_digest(code), issued_at=at, issued_by=by, valid_until=at + valid_for)
    return code


@transaction.atomic
def make_enrolment_code(*, user, at):
    """A code for the mail to the address on record. The caller sends it and keeps it nowhere."""
    if not user.email:
        raise Refused(_("There is no e-mail address on record for you. Ask HR or your general manager for an enrolment code."))
    employee = employee_of(user)
    if employee and _one_hand_gave_both(employee, at):
        raise Refused(
            _(
                "Your password and your e-mail address were entered by the same person, so the mail proves nothing. "
                "Ask someone else for a code."
            )
        )
    return _issue(user, EnrolmentCode.Channel.MAIL, None, at, BY_MAIL_FOR)


@transaction.atomic
def hand_out_enrolment_code(*, employee, by, at):
    """A code that somebody hands over in person. Never the hand that brought the person in or gave them their password."""
    require(may_vouch(by, employee), _("An enrolment code comes from HR or the general manager, never from oneself."))
    if employee.user is None or not employee.is_here:
        raise Refused(_("%(employee)s cannot sign in, so there is nothing to set up.") % {"employee": employee.name})
    if by is not None and _gave_the_password(by, employee, at):
        raise Refused(
            _("You brought %(employee)s in, or gave them their password or address. The code must come from someone else.")
            % {"employee": employee.name}
        )
    code = _issue(employee.user, EnrolmentCode.Channel.HAND, by, at, BY_HAND_FOR)
    record_event("person.enrolment_code_issued", target=employee, by=by, at=at, after={"until": at + BY_HAND_FOR})
    return code


def _lately(employee, at):
    """What was done to the person's record in the last months, by people (not by the system itself)."""
    events = Event.objects.filter(target_type=employee._meta.label_lower, target_id=str(employee.pk), at__gte=at - SAME_HAND_FOR)
    return events.exclude(actor=None)


def _gave_the_password(by, employee, at):
    """Or the address that one comes to, or stood under the proposal by which it came about."""
    asked = Proposal.objects.filter(employee=employee, status=Proposal.Status.CONFIRMED, decided_at__gte=at - SAME_HAND_FOR)
    verbs = ["person.hired", "person.returned", "person.first_password_issued", "person.sign_in_granted", "person.readdressed"]
    alone = _lately(employee, at).filter(actor=by, verb__in=verbs)
    return alone.exists() or asked.filter(Q(proposed_by=by) | Q(decided_by=by)).exists()


def _one_hand_gave_both(employee, at):
    """Whether someone who handed over a password also entered the address that the code would go to."""
    done = list(_lately(employee, at).filter(verb__in=["person.hired", "person.readdressed", "person.first_password_issued"]))
    gave_password = {event.actor_id for event in done if event.verb == "person.first_password_issued"}
    gave_address = {event.actor_id for event in done if event.verb != "person.first_password_issued" and event.after.get("email")}
    return bool(gave_password & gave_address)


@transaction.atomic
def confirm_enrolment(*, user, code, at):
    """Take the code, once. Whoever holds it may set up a factor now."""
    held = user.enrolment_codes.filter(digest=_digest(code), used_at=None, valid_until__gt=at)
    if not held.update(used_at=at):
        raise Refused(_("That code is not right, or it is too old. Take the newest one."))
    record_event("person.enrolment_confirmed", target=employee_of(user) or user, by=user, at=at)
