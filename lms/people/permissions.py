"""Who may see whom, decided once (§1 of the domain notes). Every room's `visible_to` is built on `people_scope`."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from lms.audit.models import Event
from lms.people.choices import Role
from lms.people.models import ComingChange, Employee, Position, Proposal
from lms.people.roles import signing_permissions
from lms.people.signers import has_group_hr, is_the_groups


def employee_of(user):
    """The person at work behind a signed-in user, or None (a visitor, or a technical account)."""
    try:
        return user.employee
    except (AttributeError, Employee.DoesNotExist):
        return None


def is_technical(user):
    """Whether the account is one of whoever runs the machine: no signature is theirs, and nobody's pay is theirs to see."""
    return user.is_superuser or employee_of(user) is None


def may_sign(user):
    """Whether `user` is a person at work whose signature can count at all; never the system (None), never a technical account, and nobody
    before their first day."""
    return user is not None and user.is_active and not is_technical(user) and employee_of(user).hired_on <= timezone.localdate()


def is_self(user, employee):
    """Whether `user` would act on themselves."""
    return user is not None and employee is not None and employee.user_id is not None and user.pk == employee.user_id


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


def may_manage(user, dealer):
    """Whether `user` brings in, moves and looks after people of this dealer. None is the system itself: a new installation, the demo."""
    if user is None:
        return True
    if not user.is_active or not user.has_perm("people.manage_people"):
        return False
    return is_technical(user) or _over(user, dealer)


def _over(user, dealer):
    employee = employee_of(user)
    if employee is None:
        return False
    return employee.group_id == dealer.group_id if user.has_perm("people.view_group_people") else employee.dealer_id == dealer.pk


def may_give(user, position, group_id):
    """Whether `user` may put someone into `position`: the group's own posts are given by group HR, as long as there is one.

    Group HR itself is given by group HR alone; a group's first ones come from the console.
    """
    if user is None or not is_the_groups(position) or _sees_group(user, group_id):
        return True
    return position.role != Role.GROUP_HR and not has_group_hr(group_id)


def _sees_group(user, group_id):
    employee = employee_of(user)
    return user.has_perm("people.view_group_people") and employee is not None and employee.group_id == group_id


def may_manage_person(user, employee):
    """Whether `user` may change this person's record: never the own one; outside examiners, authors and group people are group HR's."""
    return may_manage(user, employee.dealer) and not is_self(user, employee) and may_give(user, employee.position, employee.group_id)


def may_propose(user, employee, dealer):
    """Whether `user`'s may be the first of the two signatures about a signer: HR with the right over the dealer, never about themselves."""
    return may_sign(user) and may_manage(user, dealer) and not is_self(user, employee)


def may_confirm(user, proposal):
    """Whether `user`'s may be the second: HR with the right over the dealer; in a group without group HR the dealer's general manager.

    It comes from another person than the first, and not about oneself.
    """
    if not may_sign(user) or user.pk == proposal.proposed_by_id or is_self(user, proposal.employee) or is_the_consoles(proposal):
        return False
    if may_manage(user, proposal.dealer):
        return all(may_give(user, post, proposal.dealer.group_id) for post in _posts_of(proposal))
    return not has_group_hr(proposal.dealer.group_id) and _is_general_manager(user, proposal.dealer)


def _posts_of(proposal):
    """The post that is given, and the one that the person holds now."""
    given, held = proposal.particulars.get("position"), proposal.employee and proposal.employee.position
    return [post for post in (Position.objects.filter(pk=given).first() if given else None, held) if post]


def is_the_consoles(proposal):
    """Whether only the console confirms it: the general manager's own post where the group has no HR of its own."""
    its_managers = any(post.role == Role.GENERAL_MANAGER for post in _posts_of(proposal))
    return its_managers and not has_group_hr(proposal.dealer.group_id)


def _is_general_manager(user, dealer):
    employee = employee_of(user)
    return employee is not None and employee.position.role == Role.GENERAL_MANAGER and employee.dealer_id == dealer.pk


def signs(user):
    """Whether the person answers for others: by their word somebody rises, is paid, comes, leaves or is asked."""
    return any(user.has_perm(permission) for permission in signing_permissions())


def needs_second_factor(user):
    """Signers and technical accounts, where the installation asks for it."""
    return settings.SECOND_FACTOR == "signers" and (user.is_superuser or signs(user))


def may_vouch(user, employee):
    """Whether `user` may hand `employee` a code to set up their second factor with: HR and the general manager, for others.

    None is the command line. Whether `user` is the same hand that gave the password is decided in the action.
    """
    if user is None:
        return True
    if not may_sign(user):
        return False
    leads = user.has_perm("people.manage_people") or user.has_perm("pay.countersign_pay_changes")
    return leads and employee.user_id != user.pk and _sees(user, employee)


def _sees(user, employee):
    """What `people_scope` says of one person at hand, for somebody at work."""
    own = employee_of(user)
    if user.has_perm("people.view_group_people"):
        return employee.group_id == own.group_id
    if user.has_perm("people.view_dealer_people"):
        return own.dealer_id == employee.dealer_id or own.pk == employee.manager_id
    return own.pk == employee.pk


# How long whoever appointed a signer is no second signature beside theirs.
PAIRED_FOR = timedelta(days=30)
_BY_ONE = ["person.hired", "person.returned", "person.first_password_issued", "person.readdressed"]
_LETS_NOBODY_IN = [Proposal.Kind.DEPARTURE, Proposal.Kind.WITHDRAWAL]


def paired(first, second, *, at):
    """Whether one of the two users gave the other the post, a password or an address within 30 days: no two signatures of theirs count.

    A post that is given ahead counts until it is taken, and 30 days from then on.
    """
    return _let_in(first, second, at) or _let_in(second, first, at)


def _let_in(user, by, at):
    """Whether `by` proposed, confirmed or did alone what let `user` in."""
    employee = employee_of(user)
    if employee is None or by is None:
        return False
    since = at - PAIRED_FOR
    return _appointed(employee, by, since) or _moved_ahead(employee, by, since) or _alone(employee, by, since)


def _begun_since(employee, since):
    """Whether the person's first day lies after `since`, or is still to come: whoever is hired ahead is let in on that day."""
    return employee.hired_on > timezone.localdate(since)


def _appointed(employee, by, since):
    lately = Q(decided_at__gt=since) | (Q(kind=Proposal.Kind.HIRE) if _begun_since(employee, since) else Q())
    found = Proposal.objects.filter(lately, Q(proposed_by=by) | Q(decided_by=by), employee=employee, status=Proposal.Status.CONFIRMED)
    return found.exclude(kind__in=_LETS_NOBODY_IN).exists()


def _moved_ahead(employee, by, since):
    lately = Q(status=ComingChange.Status.COMING) | Q(carried_out_at__gt=since)
    two = Q(planned_by=by, confirmed_by__isnull=False) | Q(confirmed_by=by)
    return ComingChange.objects.filter(lately, two, employee=employee, kind=Proposal.Kind.MOVE).exists()


def _alone(employee, by, since):
    lately = Q(at__gt=since) | (Q(verb="person.hired") if _begun_since(employee, since) else Q())
    done = {"target_type": Employee._meta.label_lower, "target_id": str(employee.pk), "verb__in": _BY_ONE, "actor": by}
    return Event.objects.filter(lately, **done).exists()
