from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.notifications.kinds import Urgency, about, notice_kind
from talent_pool.interns.models import WeeklyLog


def answered(logs):
    return set(WeeklyLog.objects.filter(pk__in=logs, answered_at__isnull=False).values_list("pk", flat=True))


def submitted(weeks):
    """Those of some weeks ("placement:Monday") whose log was handed in."""
    meant = Q(pk__in=[])
    for week in weeks:
        placement, _colon, monday = week.partition(":")
        meant |= Q(placement=placement, week_on=monday)
    rows = WeeklyLog.objects.filter(meant, submitted_at__isnull=False).values_list("placement", "week_on")
    return {f"{placement}:{monday}" for placement, monday in rows}


notice_kind("log_due", title=_("Your weekly log is due"), urgency=Urgency.TODAY, done_when=about("about", submitted))
notice_kind("log_overdue", title=_("A weekly log is overdue"), done_when=about("about", submitted))
notice_kind("log_to_answer", title=_("A weekly log to answer"), urgency=Urgency.TODAY, done_when=about("log", answered))
notice_kind("log_answered", title=_("Your weekly log was answered"))
notice_kind("internship_started", title=_("Your internship has started"))
notice_kind("internship_ended", title=_("Your internship has ended"))
