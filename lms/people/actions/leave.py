from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.audit.actions import record_event
from lms.common.days import day
from lms.common.states import Refused, require
from lms.people.actions.rules import not_your_person
from lms.people.models import Employee, Leave
from lms.people.permissions import may_manage_person


@transaction.atomic
def record_leave(*, employee, starts_on, ends_on, kind=Leave.Kind.OTHER, reason="", by, at):
    """Approve days away, both ends included. Rotation, attendance and eligibility read them (T3, T5, G4)."""
    employee = Employee.objects.select_for_update(of=("self",)).select_related("dealer", "position").get(pk=employee.pk)
    require(may_manage_person(by, employee), not_your_person(by, employee))
    if not employee.is_here:
        raise Refused(_("%(employee)s has left; leave is recorded only for people who are here.") % {"employee": employee.name})
    if starts_on < employee.hired_on:
        raise Refused(
            _("%(employee)s was hired on %(day)s; the date cannot lie before that.")
            % {"employee": employee.name, "day": day(employee.hired_on)}
        )
    if ends_on < starts_on:
        raise Refused(_("The last day of leave lies before the first one. Put them the other way round."))
    other = employee.leaves.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if other:
        raise Refused(
            _("Leave from %(first)s to %(last)s is recorded already; withdraw it first, or choose other days.")
            % {"first": day(other.starts_on), "last": day(other.ends_on)}
        )
    leave = Leave.objects.create(employee=employee, kind=kind, starts_on=starts_on, ends_on=ends_on, reason=reason, approved_by=by)
    after = {"kind": kind, "from": starts_on, "to": ends_on, "reason": reason}
    record_event("person.leave_recorded", target=employee, by=by, at=at, after=after)
    return leave


@transaction.atomic
def withdraw_leave(*, leave, by, at):
    """Take back the days of a leave that are yet to come; it stays on record as withdrawn.

    Days that were taken stand, as leave up to yesterday: rotation, attendance and eligibility have read them.
    """
    require(may_manage_person(by, leave.employee), not_your_person(by, leave.employee))
    today = timezone.localdate(at)
    if leave.ends_on < today:
        raise Refused(_("This leave is over, so it stays on record: the days were taken."))
    if not Leave.objects.filter(pk=leave.pk).update(withdrawn_at=at, withdrawn_by=by):
        return leave
    values = {"kind": leave.kind, "from": leave.starts_on, "to": leave.ends_on, "reason": leave.reason}
    if leave.starts_on >= today:
        record_event("person.leave_withdrawn", target=leave.employee, by=by, at=at, before=values)
        return leave
    taken = {"kind": leave.kind, "starts_on": leave.starts_on, "ends_on": today - timedelta(days=1), "reason": leave.reason}
    record_event("person.leave_cut_short", target=leave.employee, by=by, at=at, before=values, after=values | {"to": taken["ends_on"]})
    return Leave.objects.create(employee=leave.employee, approved_by=by, **taken)
