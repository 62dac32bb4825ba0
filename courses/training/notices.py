from django.db.models import F
from django.utils.translation import gettext_lazy as _

from courses.training.models import COUNTS_AS_ATTENDED, Reflection, Session
from lms.notifications.kinds import Urgency, about, notice_kind

COMING = [Session.Status.PLANNED, Session.Status.CONFIRMED]


def without_need_of_material(sessions):
    """It is in, or the session takes place no more."""
    waiting = Session.objects.filter(pk__in=sessions, status__in=COMING, material_at__isnull=True)
    return sessions - set(waiting.values_list("pk", flat=True))


def owed_no_more(notices):
    """It is handed in, or they were not there after all."""
    sessions = {notice.context.get("session") for notice in notices} - {None}
    theirs = {"session__attendances__employee": F("employee"), "session__attendances__state__in": COUNTS_AS_ATTENDED}
    owed = Reflection.objects.filter(session__in=sessions, submitted_at__isnull=True, **theirs)
    waiting = set(owed.values_list("session", "employee__user"))
    return {notice.pk for notice in notices if (notice.context.get("session"), notice.recipient_id) not in waiting}


def called_off(sessions):
    return set(Session.objects.filter(pk__in=sessions, status=Session.Status.CANCELLED).values_list("pk", flat=True))


notice_kind("training_turns", title=_("Turns to present"))
notice_kind("training_turn", title=_("A turn to present"), done_when=about("session", called_off))
notice_kind("training_turn_passed", title=_("A turn passed on"), done_when=about("session", called_off))
notice_kind(
    "training_moved", title=_("A training has moved"), urgency=Urgency.AT_ONCE, is_public=True, done_when=about("session", called_off)
)
notice_kind("training_cancelled", title=_("A training is cancelled"), urgency=Urgency.AT_ONCE, is_public=True)
notice_kind("training_material_due", title=_("Material is due"), done_when=about("session", without_need_of_material))
notice_kind(
    "training_material_overdue",
    title=_("Material is overdue"),
    urgency=Urgency.TODAY,
    done_when=about("session", without_need_of_material),
)
notice_kind("training_reflection", title=_("A reflection to write"), done_when=owed_no_more)
notice_kind("training_reflection_due", title=_("A reflection is due"), urgency=Urgency.TODAY, done_when=owed_no_more)
