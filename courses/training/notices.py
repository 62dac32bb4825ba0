from django.utils.translation import gettext_lazy as _

from courses.training.models import Reflection, Session
from lms.notifications.kinds import Urgency, about, notice_kind

COMING = [Session.Status.PLANNED, Session.Status.CONFIRMED]


def without_need_of_material(sessions):
    """It is in, or the session takes place no more."""
    waiting = Session.objects.filter(pk__in=sessions, status__in=COMING, material_at__isnull=True)
    return sessions - set(waiting.values_list("pk", flat=True))


def handed_in(notices):
    sessions = {notice.context.get("session") for notice in notices} - {None}
    written = Reflection.objects.filter(session__in=sessions, submitted_at__isnull=False).values_list("session", "employee__user")
    there = set(written)
    return {notice.pk for notice in notices if (notice.context.get("session"), notice.recipient_id) in there}


notice_kind("training_turns", title=_("Turns to present"))
notice_kind("training_turn", title=_("A turn to present"))
notice_kind("training_turn_passed", title=_("A turn passed on"))
notice_kind("training_moved", title=_("A training has moved"), urgency=Urgency.AT_ONCE, is_public=True)
notice_kind("training_cancelled", title=_("A training is cancelled"), urgency=Urgency.AT_ONCE, is_public=True)
notice_kind("training_material_due", title=_("Material is due"), done_when=about("session", without_need_of_material))
notice_kind(
    "training_material_overdue",
    title=_("Material is overdue"),
    urgency=Urgency.TODAY,
    done_when=about("session", without_need_of_material),
)
notice_kind("training_reflection", title=_("A reflection to write"), done_when=handed_in)
notice_kind("training_reflection_due", title=_("A reflection is due"), urgency=Urgency.TODAY, done_when=handed_in)
