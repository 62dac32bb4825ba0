"""The one hand that writes people and what follows from it: history, audit events, sign-ins, roles.

A form, a proposal and the demo write a batch of one, HR's table a thousand, in as many statements. Whoever calls has checked it all.
"""

from functools import partial
from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.audit.actions import event_of, record_events
from lms.common.states import Refused
from lms.people.actions import rules
from lms.people.models import Employee, EmploymentEvent
from lms.people.signals import people_changed
from lms.people.standing import PLACE

BATCH = 500


class Newcomer(NamedTuple):
    """Somebody who comes: the (unsaved) record, and what else the day they come says."""

    employee: Employee
    reason: str = ""
    signs_in: bool = True
    sign_in_name: str = ""  # of whoever has no number
    dates: dict = {}  # of contract and probation; of those given


class Change(NamedTuple):
    """One audit event about somebody whose record has changed: `before` are the particulars (`rules`) until then."""

    verb: str
    employee: Employee
    before: dict
    more: dict = {}


# -- coming -------------------------------------------------------------------------------------------------------------------


def enter(newcomers):
    """Their records, with users and roles. The line of history comes with `remember_hired`, once each has a manager."""
    make_users([(one.employee, one.sign_in_name) for one in newcomers if one.signs_in])
    Employee.objects.bulk_create([one.employee for one in newcomers], batch_size=BATCH)


def remember_hired(newcomers, by, at):
    remember_all([_line_of_hiring(one, by) for one in newcomers])
    record_events(event for one in newcomers for event in _events_of_hiring(one, by, at))


def _line_of_hiring(newcomer, by):
    person = newcomer.employee
    facts = {"status": person.status, "person_kind": person.kind, **newcomer.dates}
    return line_of(person, EmploymentEvent.Kind.HIRED, person.hired_on, by, says=PLACE, reason=newcomer.reason, **facts)


def _events_of_hiring(newcomer, by, at):
    person = newcomer.employee
    yield event_of("person.hired", target=person, by=by, at=at, after=rules.particulars(person))
    if newcomer.signs_in:
        yield let_in_event(person, by, at)


def let_in_event(person, by, at):
    return event_of("person.sign_in_granted", target=person, by=by, at=at, after={"username": person.user.username})


# -- signing in -------------------------------------------------------------------------------------------------------------------


def make_users(people):
    """A user for each (employee, sign-in name of whoever has no number), put on the employee, with the role of the post."""
    taken = names_taken([name for one, given in people for name in _names_for(one, given)])
    users = []
    for employee, given in people:
        name = _free_name(employee, given, taken)
        taken.add(name.lower())
        users.append(User(username=name, email=employee.email, password=make_password(None)))
    User.objects.bulk_create(users, batch_size=BATCH)
    for (employee, _given), user in zip(people, users, strict=True):
        employee.user = user
    take_roles([(employee.user, employee.position, None) for employee, _given in people])


def name_of(employee, given=""):
    """What the person signs in by beside their address: the number; without one the name given for it, else the address itself."""
    return _free_name(employee, given, names_taken(_names_for(employee, given)))


def _names_for(employee, given):
    """In the order in which they are tried: the number alone, and where another group has it, with the group's code before it."""
    number = employee.number
    return [number, f"{employee.group.code}-{number}"] if number else [name for name in (given or employee.email,) if name]


def _free_name(employee, given, taken):
    names = _names_for(employee, given)
    if not names:
        raise Refused(
            _("%(employee)s has no employee number and no e-mail address to sign in by. Enter an address first.")
            % {"employee": employee.name}
        )
    for name in names:
        if name.lower() not in taken:
            return name
    raise Refused(_("Someone else signs in as %(number)s already.") % {"number": names[0]})


def names_taken(names):
    """Which of these sign-in names someone has already, in lower case."""
    users = User.objects.alias(lower=Lower("username")).filter(lower__in=[name.lower() for name in names])
    return {name.lower() for name in users.values_list("username", flat=True)}


def take_roles(moves):
    """The role follows the position; roles given besides stay. `moves`: (user, position, position before or None)."""
    keys = dict(Group.objects.filter(name__in={post.role for _user, *posts in moves for post in posts if post}).values_list("name", "pk"))
    held = User.groups.through.objects
    gone = [(user, before.role) for user, position, before in moves if before and before.role != position.role]
    for role in {role for _user, role in gone} & keys.keys():
        held.filter(group_id=keys[role], user_id__in=[user.pk for user, its in gone if its == role]).delete()
    given = [(user.pk, keys[position.role]) for user, position, _before in moves if position.role in keys]
    held.bulk_create([held.model(user_id=user, group_id=key) for user, key in given], batch_size=BATCH, ignore_conflicts=True)


# -- changing ---------------------------------------------------------------------------------------------------------------------


def save_fields(people, fields):
    if people and fields:
        Employee.objects.bulk_update(people, fields, batch_size=BATCH)


def record_changes(changes, by, at):
    """An event for each change: what differs of the particulars that its verb is about."""
    record_events(_event(change, by, at) for change in changes)


def _event(change, by, at):
    was, now = rules.differences(change.before, rules.particulars(change.employee))
    about = ABOUT.get(change.verb, now.keys())
    was, now = ({name: value for name, value in side.items() if name in about} for side in (was, now))
    return event_of(change.verb, target=change.employee, by=by, at=at, before=was, after=now | change.more)


# What a change is about where others are recorded beside it; everything that differs where nothing is said.
ABOUT = {
    "person.moved": {*PLACE},
    "person.status_changed": {"status"},
    "person.corrected": {"name", "phone", "hired_on"},
    "person.readdressed": {"email"},
}


def readdress(people):
    """The sign-ins of those whose address has changed. Whoever signs in by it alone (`by_address`) goes on to the new one."""
    users = [person.user for person, _by_address in people if person.user]
    for person, by_address in people:
        if person.user:
            person.user.email = person.email
            person.user.username = person.email if by_address else person.user.username
    User.objects.bulk_update(users, ["email", "username"], batch_size=BATCH)


# -- history ----------------------------------------------------------------------------------------------------------------------


def line_of(employee, kind, on, by, *, says=(), reason="", **facts):
    """A line of history, unsaved. `says`: which of dealer, position and manager it states; `facts`: status, dates, why they left."""
    return EmploymentEvent(
        employee=employee,
        kind=kind,
        on=on,
        dealer=employee.dealer,
        position=employee.position,
        manager=employee.manager,
        **{f"says_{name}": name in says for name in PLACE},
        **facts,
        reason=reason[:200],
        recorded_by=by,
    )


def remember_all(lines):
    EmploymentEvent.objects.bulk_create(lines, batch_size=BATCH)
    people = sorted({line.employee_id for line in lines})
    transaction.on_commit(partial(people_changed.send, EmploymentEvent, employee_ids=people))
