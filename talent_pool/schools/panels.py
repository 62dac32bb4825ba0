"""What the school says of someone, on their page for whoever keeps or sees students."""

from lms.common.registries import NARROW, PERSON, panel, read_along
from lms.people.permissions import is_self
from talent_pool.schools.models import Grade
from talent_pool.schools.permissions import VIEW, came_from_school
from talent_pool.schools.queries.grades import grades_of
from talent_pool.schools.queries.visible import students_visible_to

read_along("student")


def sees_students(user, person):
    return user.has_perm(VIEW) and not is_self(user, person) and came_from_school(person)


@panel("talent_pool/schools/_panel.html", order=55, sees=sees_students, on={PERSON: NARROW})
def school_record(person, user, at):
    """Two statements, one for whoever never was a student."""
    student = students_visible_to(user).filter(person=person).first()
    if student is None:
        return None
    latest = grades_of([student.pk]).get(student.pk, {})
    return {"student": student, "grades": [(kind.label, latest.get(kind)) for kind in Grade.Kind]}
