"""Who keeps schools, agreements and students, and who sees them: HR of the dealer or the group; a coordinator the own school's students.

A school is the group's: its dealers share it. Agreements, classes and students are a dealer's. Nobody keeps their own record.
"""

from django.db.models import Q

from lms.people.models import Employee
from lms.people.permissions import dealer_scope, employee_of, is_self, may_manage_person

VIEW, MANAGE, COORDINATE = "schools.view_schools", "schools.manage_schools", "schools.coordinate_students"
LEARNERS = (Employee.Kind.STUDENT, Employee.Kind.INTERN)


def may_keep_school(by, group_id):
    """Makes and corrects a school and its contacts: HR of the dealer group's dealers."""
    return _keeps(by) and (by.is_superuser or employee_of(by).group_id == group_id)


def may_keep_at(by, dealer):
    """Keeps agreements, classes and students of the dealer: its own HR, or the group's."""
    if not _keeps(by):
        return False
    person = employee_of(by)
    if person is None:
        return by.is_superuser
    return person.dealer_id == dealer.pk or (by.has_perm("people.view_group_people") and person.group_id == dealer.group_id)


def may_keep_student(by, student):
    """Corrects what the school says of someone, moves them to another class, records grades: never of oneself."""
    return may_keep_at(by, student.person.dealer) and not is_self(by, student.person)


def may_let_in(by, student):
    """Hands over a first password: HR; the coordinator of the own school's students, but not of whoever is staff by now."""
    if by is None or is_self(by, student.person):
        return False
    return _coordinates(by, student) or (may_keep_student(by, student) and may_manage_person(by, student.person))


def _keeps(by):
    return by is not None and by.is_active and by.has_perm(MANAGE) and (by.is_superuser or employee_of(by) is not None)


def _coordinates(by, student):
    return student.person.kind in LEARNERS and student.school_id is not None and student.school_id == school_of(by)


def school_of(user):
    """The id of the school whose students this user coordinates, or None."""
    person = employee_of(user)
    if person is None or not user.is_active or not user.has_perm(COORDINATE):
        return None
    contact = getattr(person, "school_contact", None)
    return contact.school_id if contact and contact.is_here else None


# --- What is seen ---------------------------------------------------------------------------------------------------------------


def schools_scope(user):
    """A condition on schools: those of the own group. A coordinator sees classes and students, no school's page."""
    if not user.is_active or not user.has_perm(VIEW):
        return Q(pk__in=[])
    if user.is_superuser:
        return Q()
    person = employee_of(user)
    return Q(group=person.group_id) if person else Q(pk__in=[])


def at_dealers(user, field):
    """A condition on records that lead to a dealer by `field`."""
    return dealer_scope(user, field) if user.has_perm(VIEW) else Q(pk__in=[])


def students_scope(user):
    """A condition on students: those of the dealers that the user sees; for a coordinator the own school's, but for those who are staff."""
    school = school_of(user)
    own = Q(school=school) & Q(person__kind__in=LEARNERS) if school else Q(pk__in=[])
    return own | at_dealers(user, "person__dealer")


def classes_scope(user):
    school = school_of(user)
    return (Q(agreement__school=school) if school else Q(pk__in=[])) | at_dealers(user, "agreement__dealer")


def came_from_school(person):
    """Whether the person is, or was, a student of a school. Asked once of a record, however many panels ask."""
    return getattr(person, "student", None) is not None
