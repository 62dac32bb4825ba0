"""A coordinator's own page: the classes of the school with how far each is, and nothing else."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lms.common.acting import open_to
from lms.people.models import Employee
from talent_pool.schools.models import School
from talent_pool.schools.permissions import COORDINATE, school_of
from talent_pool.schools.queries.classes import courses_of, progress_of
from talent_pool.schools.queries.visible import classes_visible_to, students_visible_to


@open_to(COORDINATE)
@require_safe
def my_students(request):
    user, on = request.user, timezone.localdate()
    here = students_visible_to(user).exclude(person__status=Employee.Status.LEFT).order_by("code")
    students, classes = list(here), list(classes_visible_to(user).filter(graduates_on__gte=on))
    courses = courses_of([one.pk for one in classes])
    every = [course for of in courses.values() for course in of]
    rows = {row.student.pk: row for row in progress_of(students, every, on)}
    groups = [_group(one, courses.get(one.pk, []), every, students, rows) for one in classes]
    shown = {student.pk for group in groups for student in group["students"]}
    context = {
        "school": School.objects.filter(pk=school_of(user)).first(), "groups": groups,
        "others": [one for one in students if one.pk not in shown], "count": len(students),
    }  # fmt: skip
    return render(request, "talent_pool/schools/my_students.html", context)


def _group(one, courses, every, students, rows):
    """A class with its students; `completed` of `wanted`: courses completed by those in it."""
    members = [student for student in students if student.targeted_class_id == one.pk]
    places = [every.index(course) for course in courses]
    for student in members:
        cells = [rows[student.pk].cells[place] for place in places]
        student.completed, student.late = sum(1 for cell in cells if cell.completed_at), sum(1 for cell in cells if cell.is_late)
    completed = sum(student.completed for student in members)
    return {"class": one, "students": members, "courses": len(courses), "completed": completed, "wanted": len(members) * len(courses)}
