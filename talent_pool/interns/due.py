"""What HR, the workshop, the intern and the mentor must do next about internships, for Today."""

from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lms.common.bilingual import listed
from lms.common.registries import due
from lms.people.models import Employee
from lms.people.permissions import dealer_scope, may_sign
from talent_pool.interns.models import BEFORE, HERE, Placement
from talent_pool.interns.permissions import LOG, MANAGE, STATIONS
from talent_pool.interns.queries.logs import answers_of, logs_to_read, weeks_of, writing_placement
from talent_pool.interns.queries.mentors import without_mentor
from talent_pool.interns.queries.placements import counted_for

MENTOR = "onboarding.sign_off"
FEW = 3
SOON, MOST = timedelta(days=7), 100
LEARN = (Employee.Kind.STUDENT, Employee.Kind.INTERN)


@due
def for_hr(employee, at):
    """Those whose first day has come, and those whose last has passed with nothing decided."""
    user = employee.user
    if not (may_sign(user) and user.has_perm(MANAGE)):
        return []
    return list(_for_hr(counted_for(user, at)))


def _for_hr(counts):
    if counts["to_start"]:
        title = ngettext("%(n)d internship to start", "%(n)d internships to start", counts["to_start"]) % {"n": counts["to_start"]}
        yield _item(
            title, _("The first day has come. The batch says what keeps whom from starting."), _("Open the batches"), "intern_batches"
        )
    if counts["over"]:
        title = ngettext("%(n)d internship is over", "%(n)d internships are over", counts["over"]) % {"n": counts["over"]}
        text = _("Decide who passed, or finish it.")
        yield _item(title, text, _("Open the list"), "placements", "?stage=under_way")


def _item(title, text, action, name, query=""):
    return {"at": None, "title": title, "text": text, "url": f"{reverse(name)}{query}", "action": action, "now": False}


@due
def for_the_workshop(employee, at):
    """Rotations under way, or that begin within a week, whose mentor is gone, no mentor any more, or away. For the workshop, not for HR.

    One statement.
    """
    user, today = employee.user, timezone.localdate(at)
    if not (may_sign(user) and user.has_perm(STATIONS)) or user.has_perm(MANAGE):
        return []
    waiting = without_mentor(dealer_scope(user, "placement__batch__dealer"), today, today + SOON)
    batches = {}
    for one in waiting.exclude(placement__person=employee).select_related("placement__person", "placement__batch")[:MOST]:
        batches.setdefault(one.placement.batch, {})[one.placement.person.name] = True
    return [_without_mentor(batch, names) for batch, names in batches.items()]


def _without_mentor(batch, names):
    title = _("Another mentor for %(names)s") % {"names": listed(names)}
    text = _("The mentor left, is none any more, or is away. Hand over in the rotations of %(batch)s.") % {"batch": batch.name}
    return {"at": None, "title": title, "text": text, "url": reverse("rotations", args=[batch.pk]), "action": _("Look"), "now": False}


@due
def for_the_intern(employee, at):
    """The station that begins today or tomorrow, and before the internship its first day. One statement."""
    if employee.kind not in LEARN:
        return []
    own = Placement.objects.filter(person=employee, stage__in=[*BEFORE, *HERE]).prefetch_related("rotations__station", "rotations__mentor")
    return list(_for_the_intern(own, timezone.localdate(at)))


def _for_the_intern(placements, today):
    for placement in placements:
        if placement.starts_on > today:
            day = {"days": (placement.starts_on - today).days}
            title = ngettext("Your internship begins in %(days)d day", "Your internship begins in %(days)d days", day["days"]) % day
            yield _item(title, _("See dates, station and papers."), _("My internship"), "my_internship")
        for rotation in placement.rotations.all():
            if 0 <= (rotation.starts_on - today).days <= 1:
                words = {"station": rotation.station.name, "mentor": rotation.mentor.name if rotation.mentor else "–"}
                begins = _("New station today: %(station)s") if rotation.starts_on == today else _("New station tomorrow: %(station)s")
                yield _item(begins % words, _("Your mentor there: %(mentor)s.") % words, _("My internship"), "my_internship")


# --- Weekly logs ---


@due
def own_log(employee, at):
    """For interns alone: the weeks that wait, the oldest first; of an internship that is decided none does."""
    if employee.kind != Employee.Kind.INTERN or not employee.user.has_perm(LOG):
        return []
    placement = writing_placement(employee.user)
    if placement is None or placement.decided_at:
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
        {
            "at": None,
            "title": title,
            "text": text,
            "url": f"{reverse('weekly_logs')}?state=waiting",
            "action": pgettext("reply", "Answer"),
            "now": False,
        }
    ]
