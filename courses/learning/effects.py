"""Courses that fall due while someone is away."""

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from courses.learning.models import Completion, Enrolment
from courses.learning.queries import with_title
from lms.common.registries import Effect, effect


@effect
def falls_due(change, user):
    """Of a leave alone: who moves takes the courses along, who leaves needs none. One statement."""
    if not change.is_leave:
        return
    done = Completion.objects.filter(employee=change.person).values("course")
    due = Enrolment.objects.filter(employee=change.person, course__live=True, **change.during("due_on")).exclude(course__in=done)
    for one in with_title(due).order_by("due_on"):
        yield Effect(
            _("A course falls due: %(course)s") % {"course": one.title or one.course.title},
            _("By %(day)s; nobody moves the day by itself.") % {"day": formats.date_format(one.due_on, "DATE_FORMAT")},
            reverse("course", args=[one.course.slug]),
        )
