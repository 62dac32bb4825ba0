from django.db.models import Exists, F, OuterRef, Q

from lms.common.integrity import invariant
from lms.people.models import Employee
from talent_pool.schools.models import Agreement, Contact, Grade, School, Student
from talent_pool.schools.permissions import LEARNERS


@invariant("Whoever is in a class is a student of its school (C3)")
def students_are_of_their_class_s_school():
    return Student.objects.exclude(targeted_class=None).exclude(school=F("targeted_class__agreement__school"))


@invariant("An agreement is between a dealer and a school of one group (C3)")
def agreements_stay_in_their_group():
    return Agreement.objects.exclude(school__group=F("dealer__group"))


@invariant("A renewal is of the same school and dealer, and begins after the old one's last day (C3)")
def renewals_follow_what_they_renew():
    same = Q(school=F("renews__school"), dealer=F("renews__dealer"), starts_on__gt=F("renews__ends_on"))
    return Agreement.objects.exclude(renews=None).exclude(same)


@invariant("Whoever signs in as a contact of a school is its coordinator, nobody of the dealer (C3)")
def coordinators_are_coordinators():
    return Contact.objects.exclude(person=None).exclude(person__kind=Employee.Kind.COORDINATOR)


@invariant("A learner without an employee number who is on record as a student of a school is one of its group (C3)")
def students_are_of_their_school_s_group():
    groups = School.objects.filter(pk=OuterRef("school"), group=OuterRef("person__group"))
    return Student.objects.filter(person__kind__in=LEARNERS).exclude(Exists(groups))


@invariant("Nobody recorded their own grade (C4)")
def nobody_graded_themselves():
    return Grade.objects.filter(recorded_by=F("student__person__user"))
