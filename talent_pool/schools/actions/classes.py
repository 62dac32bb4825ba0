"""Targeted classes and the courses that they follow: whoever is in the class is enrolled by rule, later joiners too."""

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.learning.actions import enrol_by_rule
from courses.learning.models import Enrolment
from courses.learning.queries import canonical
from lms.audit.actions import record_event
from lms.common.states import Refused, require
from lms.people.models import Employee
from talent_pool.schools.models import ClassCourse, TargetedClass
from talent_pool.schools.permissions import may_keep_at
from talent_pool.schools.queries.classes import courses_that_lack_someone


def whose_class():
    return _("Classes are kept by HR of the dealer whose agreement they belong to, and by group HR.")


@transaction.atomic
def make_class(*, agreement, code, name, entered_on, graduates_on, major="", by, at):
    """A targeted class of an agreement."""
    require(may_keep_at(by, agreement.dealer), whose_class())
    if graduates_on <= entered_on:
        raise Refused(_("A class graduates after it began. Correct one of the two days."), field="graduates_on")
    values = {"code": code, "name": name, "major": major, "entered_on": entered_on, "graduates_on": graduates_on}
    try:
        with transaction.atomic():
            found = TargetedClass.objects.create(agreement=agreement, **values)
    except IntegrityError:
        words = _("This agreement has a class with the code %(code)s already. Choose another code.")
        raise Refused(words % {"code": code}, field="code") from None
    record_event("schools.class_made", target=found, by=by, at=at, after=values)
    return found


@transaction.atomic
def set_courses(*, targeted_class, courses, due_on=None, by, at):
    """The class follows these courses too; of one that it has already, this sets when it is due. Returns how many enrolments are new."""
    require(may_keep_at(by, targeted_class.agreement.dealer), whose_class())
    if due_on and due_on < timezone.localdate(at):
        raise Refused(_("The date by which a course is due cannot lie in the past. Choose today or a later day."), field="due_on")
    return sum(_set(targeted_class, canonical(course), due_on, by, at) for course in courses)


def _set(targeted_class, course, due_on, by, at):
    if not course.live:
        words = _("“%(course)s” is not published, so nobody can be enrolled in it yet.")
        raise Refused(words % {"course": course.title}, field="courses")
    one, is_new = ClassCourse.objects.get_or_create(
        targeted_class=targeted_class, course=course, defaults={"due_on": due_on, "set_at": at, "set_by": by}
    )
    if not is_new:
        ClassCourse.objects.filter(pk=one.pk).update(due_on=due_on)
    record_event("schools.course_set", target=one, by=by, at=at, after={"due_on": due_on})
    return enrol_by_rule(employees=people_of(targeted_class), course=course, due_on=due_on, at=at)


@transaction.atomic
def drop_course(*, class_course, by, at):
    """The class follows the course no longer: who joins from now on is not enrolled. Those who are stay so, with what they have done."""
    require(may_keep_at(by, class_course.targeted_class.agreement.dealer), whose_class())
    record_event("schools.course_dropped", target=class_course, by=by, at=at, before={"due_on": class_course.due_on})
    class_course.delete()


def people_of(targeted_class):
    """The people in the class who are here."""
    return list(_here().filter(student__targeted_class=targeted_class))


def _here():
    return Employee.objects.exclude(status=Employee.Status.LEFT).select_related("user", "dealer")


def enrol_with_class(student, at):
    """Whoever joins a class follows its courses."""
    if student.targeted_class_id:
        for one in ClassCourse.objects.filter(targeted_class=student.targeted_class_id, course__live=True).select_related("course__locale"):
            enrol_by_rule(employees=[student.person], course=one.course, due_on=one.due_on, at=at)


def make_up_enrolments(*, at):
    """Part of the nightly sweep: put on the courses of their class whoever a failure left out. Returns how many were."""
    return sum(
        enrol_by_rule(employees=_without(one), course=one.course, due_on=one.due_on, at=at)
        for one in courses_that_lack_someone().select_related("course__locale")
    )


def _without(class_course):
    """Those of the class who are not on this course of it."""
    enrolled = Enrolment.objects.filter(course=class_course.course_id, employee=OuterRef("pk"))
    return list(_here().filter(~Exists(enrolled), student__targeted_class=class_course.targeted_class_id))
