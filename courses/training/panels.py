"""Attendance on a person's page."""

from django.utils import timezone

from courses.training.queries.figures import attendance_in, so_far
from lms.common.registries import PERSON, WIDE, panel
from lms.common.scores import percent_of
from lms.people.permissions import is_self


def watches(user, person):
    return is_self(user, person) or user.has_perm("training.view_board")


@panel("courses/training/_attendance_panel.html", order=40, sees=watches, on={PERSON: WIDE})
def attendance(person, user, at):
    """Of this quarter's closed sessions up to today, of the own track's training; nothing before the first. One statement."""
    first, last = so_far(timezone.localdate(at))
    attended, expected = attendance_in([person.pk], first, last, track=person.position.track)[person.pk]
    if not expected:
        return None
    return {"attended": attended, "expected": expected, "percent": percent_of(attended, expected)}
