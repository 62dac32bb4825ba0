"""Weekly logs that are due or overdue; part of the night's sweep. Each reminder has a key of its own and goes out once."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from lms.notifications.actions import Telling, notify_all
from talent_pool.interns.models import Placement
from talent_pool.interns.queries.logs import weeks_of, with_weeks
from talent_pool.interns.weeks import FRIDAY, monday_of

BACK = timedelta(days=21)  # a reminder that a failure left out is made up for, but not for what is long past


def remind_logs(*, at):
    """On Friday the intern hears of the week's log, from Monday on the mentor of one that did not come. Returns how many were told."""
    today = timezone.localdate(at)
    here = Placement.objects.filter(stage=Placement.Stage.UNDER_WAY, starts_on__lte=today, ends_on__gte=today - BACK)
    return notify_all([one for placement in with_weeks(here).order_by("pk") for one in _of(placement, today)])


def _of(placement, today):
    for week in weeks_of(placement, today):
        if week.log and week.log.submitted_at:
            continue
        if week.monday == monday_of(today) and today.weekday() >= FRIDAY:
            yield _telling("log_due", placement, week, [placement.person])
        elif week.state == "late" and week.monday >= today - BACK and week.mentor is not None:
            yield _telling("log_overdue", placement, week, [week.mentor])


def _telling(kind, placement, week, people):
    context = {
        "placement": placement.pk, "name": placement.person.name, "week": week.number, "week_on": week.monday.isoformat(),
        "about": f"{placement.pk}:{week.monday}",
    }  # fmt: skip
    url = reverse("weekly_log", args=[placement.pk, week.number])
    return Telling(kind=kind, people=people, key=f"{placement.pk}:{week.monday}", url=url, context=context)
