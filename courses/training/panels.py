"""Attendance on a person's page."""

from django.utils import timezone

from courses.training.queries.figures import attendance_in
from lms.common.quarters import bounds, quarter_of
from lms.common.registries import PERSON, WIDE, panel
from lms.common.scores import percent_of
from lms.people.permissions import is_self


def watches(user, person):
    return is_self(user, person) or user.has_perm("training.view_board")


@panel("courses/training/_attendance_panel.html", order=40, sees=watches, on={PERSON: WIDE})
def attendance(person, user, at):
    """Of this quarter's closed sessions; nothing before the first. One statement."""
    first, last = bounds(*quarter_of(timezone.localdate(at)))
    attended, expected = attendance_in([person.pk], first, last)[person.pk]
    if not expected:
        return None
    return {"attended": attended, "expected": expected, "percent": percent_of(attended, expected)}
