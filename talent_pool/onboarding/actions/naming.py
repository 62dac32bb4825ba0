"""HR names mentors, says how many newcomers each has at once, and ends an appointment."""

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from lms.audit.actions import record_event
from lms.audit.meanwhile import check_shown
from lms.common.bilingual import gettext as _
from lms.common.shown import facts_of
from lms.common.states import Refused, WrongState, require
from lms.people.choices import Role
from lms.people.models import Employee
from talent_pool.onboarding.models import MOST_LOAD, USUAL_LOAD, Mentor
from talent_pool.onboarding.permissions import may_end, may_name

CHANGED = ("most_at_once",)


class CannotName(Refused):
    pass


@transaction.atomic
def name_mentor(*, employee, most_at_once=USUAL_LOAD, by, at):
    """The person may be given newcomers, and signs off their tasks: the role of mentor comes besides that of the post.

    An appointment at a dealer that they no longer work at ends with it.
    """
    locked = Employee.objects.select_for_update(of=("self",)).select_related("dealer", "position", "user")
    employee = locked.get(pk=employee.pk)
    require(may_name(by, employee), _not_yours())
    _check_person(employee)
    _check_number(most_at_once)
    for former in Mentor.objects.filter(employee=employee, ended_at=None):
        if former.dealer_id == employee.dealer_id:
            raise CannotName(_("%(employee)s is a mentor here already.") % {"employee": employee.name})
        _end(former, "", by, at)
    try:
        with transaction.atomic():
            mentor = Mentor.objects.create(
                employee=employee, dealer=employee.dealer, most_at_once=most_at_once, appointed_at=at, appointed_by=by
            )
    except IntegrityError:  # somebody else did at this moment
        raise CannotName(_("%(employee)s is a mentor here already.") % {"employee": employee.name}) from None
    employee.user.groups.add(_role())
    record_event("mentor.named", target=mentor, by=by, at=at, after={"most_at_once": most_at_once})
    return mentor


@transaction.atomic
def change_load(*, mentor, most_at_once, by, at, shown=None):
    """How many newcomers they mentor at once, at most. Those they have already stay."""
    mentor = _held(mentor)
    require(may_end(by, mentor), _not_yours())
    check_shown(shown, facts_of(mentor, *CHANGED), mentor)
    _check_open(mentor)
    _check_number(most_at_once)
    if most_at_once == mentor.most_at_once:
        return mentor
    before, mentor.most_at_once = mentor.most_at_once, most_at_once
    mentor.save(update_fields=["most_at_once"])
    values = {"before": {"most_at_once": before}, "after": {"most_at_once": most_at_once}}
    record_event("mentor.changed", target=mentor, by=by, at=at, **values)
    return mentor


@transaction.atomic
def end_mentor(*, mentor, reason, by, at):
    """They are given no more newcomers. Task books that are still theirs are handed on by a supervisor, who finds them on Today."""
    mentor = _held(mentor)
    require(may_end(by, mentor), _not_yours())
    _check_open(mentor)
    if not reason.strip():
        raise CannotName(_("Say why the appointment ends; it stays on record."), field="reason")
    return _end(mentor, reason.strip(), by, at)


def _held(mentor):
    rows = Mentor.objects.select_for_update(of=("self",)).select_related("employee__position", "employee__user", "dealer")
    return rows.get(pk=mentor.pk)


def _check_open(mentor):
    if not mentor.is_open:
        raise WrongState(_("This appointment has ended; nothing was changed."))


def _end(mentor, reason, by, at):
    mentor.ended_at, mentor.ended_by, mentor.ended_reason = at, by, reason
    mentor.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    person = mentor.employee
    if person.user and person.position.role != Role.MENTOR:
        person.user.groups.remove(_role())
    record_event("mentor.ended", target=mentor, by=by, at=at, after={"reason": reason})
    return mentor


def _role():
    return Group.objects.get(name=Role.MENTOR)


def _check_person(employee):
    words = {"employee": employee.name}
    if not employee.is_here:
        raise CannotName(_("%(employee)s has left and can't be named as a mentor.") % words)
    if not employee.is_staff or employee.position.is_outside:
        raise CannotName(_("%(employee)s is not a staff member of this dealer. Mentors are its own staff.") % words)
    if employee.user is None:
        raise CannotName(_("%(employee)s has no sign-in, and a mentor signs off on a phone. Give them one first.") % words)


def _check_number(most_at_once):
    if not 1 <= most_at_once <= MOST_LOAD:
        raise CannotName(_("A mentor has from 1 to %(most)d newcomers at once.") % {"most": MOST_LOAD}, field="most_at_once")


def _not_yours():
    return _("Mentors are named by HR of their dealer, and nobody names themselves.")
