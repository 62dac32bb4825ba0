"""Weekly logs on Today: the one that the intern owes, and those that a mentor is to answer."""

from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.common.registries import due
from lms.people.models import Employee
from talent_pool.interns.permissions import LOG, STATIONS
from talent_pool.interns.queries.logs import answers_of, logs_to_read, weeks_of, writing_placement

MENTOR = "onboarding.sign_off"
FEW = 3


@due
def own_log(employee, at):
    """For interns alone: the weeks that wait, the oldest first."""
    if employee.kind != Employee.Kind.INTERN or not employee.user.has_perm(LOG):
        return []
    placement = writing_placement(employee.user)
    if placement is None:
        return []
    waiting = [one for one in weeks_of(placement, timezone.localdate(at)) if not (one.log and one.log.submitted_at)]
    return [_week(placement, one, at) for one in reversed(waiting[:FEW])]


def _week(placement, week, at):
    ends = timezone.make_aware(datetime.combine(week.monday + timedelta(days=6), time(23, 59)))
    text = _("Your draft is kept; hand it in by Sunday.") if week.log else _("What you did and learnt this week. Hand it in by Sunday.")
    return {
        "at": ends,
        "title": _("Weekly log, week %(number)d") % {"number": week.number},
        "text": _("This log is overdue. You can still hand it in.") if ends < at else text,
        "url": reverse("weekly_log", args=[placement.pk, week.number]),
        "action": _("Write"),
        "now": ends < at,
    }


@due
def logs_to_answer(employee, at):
    """For mentors and whoever keeps stations. Two statements."""
    user = employee.user
    if not (user.has_perm(MENTOR) or user.has_perm(STATIONS)):
        return []
    waiting = answers_of(user, logs_to_read(user).filter(answered_at=None).order_by("submitted_at")[:50])
    if not waiting:
        return []
    title = ngettext("%(n)d weekly log to answer", "%(n)d weekly logs to answer", len(waiting)) % {"n": len(waiting)}
    text = _("A sentence is enough: what was good, and what comes next.")
    return [
        {"at": None, "title": title, "text": text, "url": f"{reverse('weekly_logs')}?state=waiting", "action": _("Answer"), "now": False}
    ]
