"""Courses on a person's page: what is under way, those with a due date first, and what was completed last."""

from datetime import date

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from courses.learning.models import Completion
from courses.learning.queries import enrolments_visible_to, with_title
from lms.common.registries import PERSON, WIDE, panel
from lms.people.permissions import is_self

MOST = 8


def looks_after_learning(user, person):
    return is_self(user, person) or user.has_perm("learning.enrol_others")


@panel("courses/learning/_courses.html", order=50, sees=looks_after_learning, on={PERSON: WIDE})
def courses(person, user, at):
    """One statement."""
    completed = Completion.objects.filter(employee=OuterRef("employee"), course=OuterRef("course")).values("completed_at")[:1]
    found = list(with_title(enrolments_visible_to(user).filter(employee=person)).annotate(completed_at=Subquery(completed)))
    if not found:
        return None
    under_way = sorted((one for one in found if not one.completed_at), key=lambda one: (one.due_on or date.max, one.enrolled_at))
    done = sorted((one for one in found if one.completed_at), key=lambda one: one.completed_at, reverse=True)
    return {
        "shown": [*under_way, *done][:MOST],
        "more": [*under_way, *done][MOST:],
        "completed": len(done),
        "enrolled": len(found),
        "today": timezone.localdate(at),
    }
