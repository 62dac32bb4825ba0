"""The grades that hold: the latest of each kind."""

from talent_pool.schools.models import Grade


def grades_of(students):
    """{student id: {kind: the `Grade` that holds}}; a kind that is missing has none. One statement."""
    found = {}
    for grade in Grade.objects.filter(student__in=students).order_by("recorded_at", "pk"):
        found.setdefault(grade.student_id, {})[grade.kind] = grade
    return found
