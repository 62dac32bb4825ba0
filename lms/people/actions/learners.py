"""A student comes to a dealer as an intern and goes back to school, of one record and one sign-in (ADR 24)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.common.states import Refused
from lms.people.actions import rules
from lms.people.actions.records import hold_lines, locked, remember, require_person, require_place, save_changes
from lms.people.actions.writing import take_roles
from lms.people.choices import Role
from lms.people.models import Employee, EmploymentEvent, Position

LEARN = (Employee.Kind.STUDENT, Employee.Kind.INTERN)


@transaction.atomic
def become_intern(*, employee, dealer, by, at, on=None, reason=""):
    """A student becomes an intern of the dealer, with the post and the role of one; an intern of another dealer goes on here."""
    line, verb = EmploymentEvent.Kind.INTERN, "person.became_intern"
    return _turn(employee, Employee.Kind.INTERN, Role.INTERN, dealer, line, verb, on or timezone.localdate(at), reason, by, at)


@transaction.atomic
def go_back_to_school(*, employee, by, at, on=None, reason=""):
    """An intern is a student again, and still signs in. Of anybody else it changes nothing: whoever became staff meanwhile stays staff."""
    line, verb = EmploymentEvent.Kind.SCHOOL, "person.back_at_school"
    employee.refresh_from_db(fields=["kind", "dealer"])
    if employee.kind != Employee.Kind.INTERN:
        return employee
    return _turn(employee, Employee.Kind.STUDENT, Role.STUDENT, employee.dealer, line, verb, on or timezone.localdate(at), reason, by, at)


def _turn(employee, kind, role, dealer, line, verb, on, reason, by, at):
    hold_lines(employee.group_id)
    employee, post = locked(employee), _post(role)
    require_person(by, employee)
    require_place(by, dealer, post)
    before, old = rules.particulars(employee), employee.position
    _check(employee, dealer, on)
    employee.kind, employee.dealer, employee.position = kind, dealer, post
    after = rules.particulars(employee)
    if before == after:
        return employee
    says = rules.moved_facts(before, after)
    rules.refuse(rules.why_not_before(on, employee, says | {"person_kind"}))
    save_changes(verb, employee, before, ["kind", "dealer", "position"], by, at)
    remember(employee, line, on, by, says=says, reason=reason, person_kind=kind)
    if employee.user and old != post:
        take_roles([(employee.user, post, old)])
    return employee


def _post(role):
    post = Position.objects.filter(role=role).order_by("order", "pk").first()
    if post is None:
        raise Refused(_("No post has the role “%(role)s”. Group HR adds one in the studio, under Positions.") % {"role": role.label})
    return post


def _check(employee, dealer, on):
    words = {"employee": employee.name}
    rules.refuse(
        not employee.is_here and _("%(employee)s has left. Record the return first.") % words,
        employee.kind not in LEARN and _("%(employee)s is neither a student nor an intern.") % words,
        rules.why_not_place(dealer, employee.group_id),
        rules.why_not_day(on, employee),
    )
