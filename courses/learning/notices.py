from django.utils.translation import gettext_lazy as _

from courses.learning.models import Completion
from lms.notifications.kinds import notice_kind


def completed(notices):
    courses = {notice.context.get("id") for notice in notices} - {None}
    done = set(Completion.objects.filter(course__in=courses).values_list("course", "employee__user"))
    return {notice.pk for notice in notices if (notice.context.get("id"), notice.recipient_id) in done}


notice_kind("course_assigned", title=_("A course for you"), done_when=completed)
notice_kind("course_by_rule", title=_("A course of your class"), done_when=completed)
