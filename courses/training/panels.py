"""Attendance, and lectures given at schools, on a person's page."""

from django.utils import timezone

from courses.training.queries.figures import attendance_in, so_far
from courses.training.queries.lectures import lecture_hours
from lms.common.registries import PERSON, WIDE, panel
from lms.common.scores import percent_of
from lms.people.choices import Track
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


def teaches(user, person):
    """Lectures at schools are given by technicians and by who leads them."""
    return watches(user, person) and (person.technical_level > 0 or person.position.track == Track.TECHNICAL)


@panel("courses/training/_lectures_panel.html", order=42, sees=teaches, on={PERSON: WIDE})
def lectures(person, user, at):
    """Hours taught at schools this year; nothing of whoever gave none. One statement."""
    today = timezone.localdate(at)
    given = lecture_hours([person.pk], today.replace(month=1, day=1), today)[person.pk]
    return {"hours": given.hours, "lectures": given.lectures} if given.lectures else None
