"""Weekly logs and notes as they are read: by their intern, by the mentor who answers, by whoever looks after them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lms.common.shown import facts_of
from lms.people.permissions import dealer_scope, employee_of
from talent_pool.interns.models import Note, Placement, Rotation, WeeklyLog
from talent_pool.interns.permissions import VIEW, may_keep_stations
from talent_pool.interns.weeks import is_late, mentor_of_week, number_of, weeks_until

WRITING = [Placement.Stage.UNDER_WAY, Placement.Stage.PASSED, Placement.Stage.OFFERED]


@dataclass(frozen=True)
class Week:
    """One week of a placement: its log where it was begun, and whose it is to answer."""

    number: int
    monday: date
    log: WeeklyLog | None
    rotation: Rotation | None
    today: date

    @property
    def state(self):
        if self.log and self.log.answered_at:
            return "answered"
        if self.log and self.log.submitted_at:
            return "submitted"
        return "late" if is_late(self.monday, self.today) else "draft" if self.log else "open"

    @property
    def words(self):
        return {
            "answered": pgettext("reply", "Answered"),
            "submitted": pgettext("weekly log", "Submitted"),
            "late": _("Overdue"),
            "draft": _("Draft"),
            "open": pgettext("weekly log", "Open"),
        }[self.state]

    @property
    def mentor(self):
        return self.rotation.mentor if self.rotation else None


def with_weeks(placements):
    """Placements with all that their weeks are made of; four statements for however many."""
    return placements.select_related("person__user", "batch__dealer").prefetch_related(
        "logs__answered_by__employee", "pauses", Prefetch("rotations", Rotation.objects.select_related("station", "mentor__user"))
    )


def weeks_of(placement, today=None):
    """The weeks so far, the newest first, of one of `with_weeks`."""
    today = today or timezone.localdate()
    logs = {one.week_on: one for one in placement.logs.all()}
    pauses = [(one.starts_on, one.ends_on) for one in placement.pauses.all()]
    rotations = [(one.starts_on, one.ends_on, one) for one in placement.rotations.all()]
    mondays = weeks_until(placement.starts_on, placement.last_day, today, pauses)
    weeks = [
        Week(number_of(placement.starts_on, monday), monday, logs.get(monday), mentor_of_week(rotations, monday), today)
        for monday in mondays
    ]
    return weeks[::-1]


def writing_placement(user):
    """The placement whose log `user` keeps now, or None."""
    found = Placement.objects.filter(person__user=user, stage__in=WRITING).order_by("-starts_on", "-pk")
    return with_weeks(found).first()


def logs_scope(user):
    """A condition on logs that `user` reads: one's own, those of interns that one mentors, those of the dealer for whoever leads there."""
    employee = employee_of(user)
    if employee is None or not user.is_active:
        return Q(pk__in=[])
    mentored = Rotation.objects.filter(mentor=employee).values("placement")
    found = Q(placement__person=employee) | Q(placement__in=mentored)
    return found | dealer_scope(user, "placement__batch__dealer") if user.has_perm(VIEW) else found


def reads_logs(user, placement):
    """Whether `user` reads the logs of a placement that they may open: a school coordinator does not."""
    employee = employee_of(user)
    if employee is None:
        return False
    is_mentor = any(one.mentor_id == employee.pk for one in placement.rotations.all())
    return employee.pk == placement.person_id or is_mentor or user.has_perm(VIEW)


def logs_to_read(user):
    """Logs that were submitted, of others, with what a list shows."""
    related = ("placement__person", "placement__batch__dealer", "answered_by__employee")
    found = WeeklyLog.objects.filter(logs_scope(user)).exclude(placement__person__user=user)
    return found.exclude(submitted_at=None).select_related(*related)


def answers_of(user, logs):
    """Those of some logs that are `user`'s to answer. One statement more."""
    logs = list(logs)
    rotations: dict = {}
    for one in Rotation.objects.filter(placement__in={log.placement_id for log in logs}).select_related("mentor"):
        rotations.setdefault(one.placement_id, []).append((one.starts_on, one.ends_on, one))
    return [log for log in logs if is_answerer(user, log, mentor_of_week(rotations.get(log.placement_id, []), log.week_on))]


def is_answerer(user, log, rotation):
    """The mentor of the week; where there is none who is here, whoever keeps the stations of the dealer."""
    employee = employee_of(user)
    if employee is None or not user.is_active or employee.pk == log.placement.person_id:
        return False
    mentor = rotation.mentor if rotation else None
    if mentor is not None and mentor.is_here:
        return employee.pk == mentor.pk
    return may_keep_stations(user, log.placement.batch.dealer)


def log_shown(log):
    """What its author has written, for `lms.common.shown`."""
    return facts_of(log, "text")


def notes_of(placement):
    return Note.objects.filter(placement=placement).select_related("recorded_by__employee")
