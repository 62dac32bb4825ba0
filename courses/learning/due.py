from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.learning.queries import live_lessons_by_course, place_to_go_on, unfinished_enrolments
from lms.common.registries import due


@due
def due_for(employee, at):
    """Courses that this person has begun or was given, those with a due date first. Three queries."""
    enrolments = unfinished_enrolments(employee)
    if not enrolments:
        return []
    lessons = live_lessons_by_course([one.course.path for one in enrolments])
    enrolments.sort(key=lambda one: (one.due_on is None, one.due_on or timezone.localdate(at), -one.pk))
    return [_entry(one, lessons[one.course.path], at) for one in enrolments]


def _entry(enrolment, lessons, at):
    course, progress = enrolment.course, list(enrolment.lessons.all())
    done = {one.lesson_id for one in progress if one.done_at}
    url = reverse("course", args=[course.slug])
    if lessons:
        url = reverse("lesson", args=[course.slug, lessons[place_to_go_on(list(lessons), done, enrolment.last_lesson_id)]])
    return {
        "at": timezone.make_aware(datetime.combine(enrolment.due_on, time(23, 59))) if enrolment.due_on else None,
        "title": enrolment.title or course.title,
        "text": _("%(done)d of %(total)d lessons done") % {"done": len(done & set(lessons)), "total": len(lessons)},
        "url": url,
        "action": _("Go on reading") if progress else _("Begin"),
        "now": bool(enrolment.due_on and enrolment.due_on <= timezone.localdate(at)),
    }
