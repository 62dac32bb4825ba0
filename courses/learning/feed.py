"""Courses that are due by a day."""

from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.learning.models import Completion, Enrolment
from courses.learning.queries import with_title
from lms.common.registries import Entry, feed


@feed
def courses(employee, start, end):
    """One statement."""
    due = Enrolment.objects.filter(employee=employee, course__live=True, due_on__range=(timezone.localdate(start), timezone.localdate(end)))
    done = Completion.objects.filter(employee=employee).values("course")
    for one in with_title(due.exclude(course__in=done)):
        due_at = timezone.make_aware(datetime.combine(one.due_on, time(23, 59)))
        if due_at < end:
            yield Entry(
                key=f"course-{one.pk}",
                title=one.title or one.course.title,
                starts_at=due_at,
                url=reverse("course", args=[one.course.slug]),
                note=_("to be completed by this day"),
            )
