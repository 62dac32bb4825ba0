from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.learning.models import Completion, Enrolment, LessonProgress
from courses.learning.permissions import may_enrol, may_learn
from courses.learning.queries import canonical, course_of, live_lessons_by_course, titles_of
from lms.audit.actions import record_event
from lms.common.states import Refused, require
from lms.notifications.actions import notify
from lms.people.permissions import is_self


@transaction.atomic
def enrol(*, employee, course, by, at, due_on=None):
    """Put a person on a course. Doing it again changes at most the date by which it is due, which nobody sets themselves."""
    require(may_enrol(by, [employee]), _("You can enrol yourself; a leader can enrol the people of the own dealer or team."))
    require(due_on is None or not is_self(by, employee), _("The due date is set by whoever assigns the course; you can't change your own."))
    return _put_on(employee, canonical(course), by, at, due_on)


@transaction.atomic
def enrol_people(*, employees, course, by, at, due_on=None):
    """A leader puts people on a course; all of them or none. Returns how many were not on it before; each of them is told."""
    require(
        may_enrol(by, employees) and not any(is_self(by, employee) for employee in employees),
        _("A leader can enrol other people of the own dealer or team. To enrol yourself, use the course's page."),
    )
    course = canonical(course)
    before = set(Enrolment.objects.filter(course=course, employee__in=employees).values_list("employee_id", flat=True))
    for employee in employees:
        _put_on(employee, course, by, at, due_on)
    new = [employee for employee in employees if employee.pk not in before]
    _tell(new, course, due_on, "course_assigned")
    return len(new)


@transaction.atomic
def enrol_by_rule(*, employees, course, at, due_on=None):
    """A rule puts people on a course, such as that of their class: whose hands made the rule was asked when it was made.

    Whoever has left is passed over, and a due date that has passed binds nobody who comes after it. Returns how many were not on it
    before; each of them is told.
    """
    course, here = canonical(course), [employee for employee in employees if employee.is_here]
    due_on = due_on if due_on and due_on >= timezone.localdate(at) else None
    before = set(Enrolment.objects.filter(course=course, employee__in=here).values_list("employee_id", flat=True))
    new = [employee for employee in here if employee.pk not in before]
    for employee in here if due_on else new:
        _put_on(employee, course, None, at, due_on)
    _tell(new, course, due_on, "course_by_rule")
    return len(new)


def _tell(people, course, due_on, kind):
    notify(
        kind=kind,
        people=people,
        key=f"course-{course.pk}",
        context={"id": course.pk, "course": titles_of(course), "due_on": due_on.isoformat() if due_on else ""},
        url=reverse("course", args=[course.slug]),
    )


def _put_on(employee, course, by, at, due_on):
    _check(employee, course, due_on, at)
    source = _source(by, employee)
    enrolment, is_new = Enrolment.objects.get_or_create(
        employee=employee, course=course, defaults={"source": source, "due_on": due_on, "enrolled_at": at}
    )
    if is_new:
        record_event("learning.enrolled", target=enrolment, by=by, at=at, after={"source": source, "due_on": due_on})
    elif due_on is not None and due_on != enrolment.due_on:
        before, enrolment.due_on = enrolment.due_on, due_on
        enrolment.save(update_fields=["due_on"])
        record_event("learning.due_date_set", target=enrolment, by=by, at=at, before={"due_on": before}, after={"due_on": due_on})
    return enrolment


def _check(employee, course, due_on, at):
    if not course.live:
        raise Refused(_("“%(course)s” is not published, so nobody can be enrolled in it yet.") % {"course": course.title})
    if not employee.is_here:
        raise Refused(_("%(person)s has left and can no longer be enrolled in courses.") % {"person": employee.name}, field="people")
    if due_on is not None and due_on < timezone.localdate(at):
        raise Refused(_("The date by which a course is due cannot lie in the past. Choose today or a later day."), field="due_on")


def _source(by, employee):
    """Who it comes from is what happened, not what a caller says."""
    if by is None:
        return Enrolment.Source.RULE
    return Enrolment.Source.SELF if is_self(by, employee) else Enrolment.Source.MANAGER


@transaction.atomic
def open_lesson(*, employee, lesson, by, at):
    """Remember where someone reads; opening a first lesson enrols. Returns the progress on this lesson."""
    require(may_learn(by, employee), _learner_only())
    lesson = canonical(lesson)
    course = course_of(lesson)
    enrolment = Enrolment.objects.filter(employee=employee, course=course).first()
    if enrolment is None:
        enrolment = enrol(employee=employee, course=course, by=by, at=at)
    enrolment.employee = employee
    if enrolment.last_lesson_id != lesson.pk:
        Enrolment.objects.filter(pk=enrolment.pk).update(last_lesson=lesson)
        enrolment.last_lesson = lesson
    return _progress(enrolment, lesson, at)


@transaction.atomic
def record_lesson_done(*, enrolment, lesson, by, at):
    """Mark a lesson without a check as read. `lesson` is the page that was read, in whatever language; the second time changes nothing."""
    require(may_learn(by, enrolment.employee), _learner_only())
    if canonical(lesson).check_question_ids:
        raise Refused(_("This lesson ends with a short check. Pass it, and the lesson counts as done."))
    return _finish(enrolment, lesson, by, at)


@transaction.atomic
def record_check_passed(*, employee, lesson, score, by, at):
    """A passed check ends its lesson. The best score of all tries is kept."""
    progress = open_lesson(employee=employee, lesson=lesson, by=by, at=at)
    LessonProgress.objects.filter(Q(score__isnull=True) | Q(score__lt=score), pk=progress.pk).update(score=score)
    return _finish(progress.enrolment, lesson, by, at)


def _learner_only():
    return _("A lesson and its check can only be completed by the person who learns.")


def _progress(enrolment, lesson, at):
    progress, _is_new = LessonProgress.objects.get_or_create(enrolment=enrolment, lesson=lesson, defaults={"opened_at": at})
    progress.enrolment = enrolment
    return progress


def _finish(enrolment, lesson, by, at):
    """Mark the lesson done with the revision that was read, once; its last lesson completes the course. Returns the completion, if any."""
    progress = _progress(enrolment, canonical(lesson), at)
    LessonProgress.objects.filter(pk=progress.pk, done_at__isnull=True).update(done_at=at, revision_id=lesson.live_revision_id)
    # The row is locked until the transaction ends: whoever finishes the other last lesson at this moment waits, and then sees this one.
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    course = course_of(lesson)
    wanted = set(live_lessons_by_course([course.path])[course.path])
    done = set(enrolment.lessons.filter(done_at__isnull=False).values_list("lesson_id", flat=True))
    return _complete(enrolment, course, lesson.locale, by, at) if wanted and wanted <= done else None


def _complete(enrolment, course, locale, by, at):
    """Record the completion with the revision of the course that was live in the language it was finished in."""
    read = course if course.locale_id == locale.pk else course.get_translation_or_none(locale) or course
    completion, is_new = Completion.objects.get_or_create(
        employee_id=enrolment.employee_id,
        course=course,
        defaults={"revision_id": read.live_revision_id, "language": locale.language_code, "completed_at": at},
    )
    if is_new:
        record_event("learning.completed", target=completion, by=by, at=at, after={"revision": read.live_revision_id})
    return completion
