"""Whose records a user sees."""

from talent_pool.schools.models import Agreement, School, Student, TargetedClass
from talent_pool.schools.permissions import at_dealers, classes_scope, schools_scope, students_scope


def schools_visible_to(user):
    return School.objects.filter(schools_scope(user))


def agreements_visible_to(user):
    return Agreement.objects.filter(at_dealers(user, "dealer")).select_related("school", "dealer")


def classes_visible_to(user):
    return TargetedClass.objects.filter(classes_scope(user)).select_related("agreement__school", "agreement__dealer")


def students_visible_to(user):
    """With the person and their dealer, the school and the class at hand."""
    found = Student.objects.filter(students_scope(user))
    return found.select_related(
        "person__dealer", "person__position", "person__user", "person__group", "school", "targeted_class__agreement"
    )
