from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import CoursePage, LessonPage
from lms.people.models import Employee


class Enrolment(models.Model):
    """A person takes a course. Course and lessons are always the pages of the main language; readers see their translation."""

    class Source(models.TextChoices):
        SELF = "self", _("by oneself")
        MANAGER = "manager", _("by a manager")
        RULE = "rule", _("by rule")

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="enrolments")
    course = models.ForeignKey(CoursePage, on_delete=models.PROTECT, related_name="enrolments")
    source = models.CharField(_("enrolled"), max_length=10, choices=Source, default=Source.SELF)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    enrolled_at = models.DateTimeField(_("enrolled on"), default=timezone.now)
    # The place to go on reading; what is done stands in `LessonProgress`.
    last_lesson = models.ForeignKey(LessonPage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        permissions = [("take_courses", "Takes courses"), ("enrol_others", "Enrols the people of the own dealer in courses")]
        constraints = [
            models.UniqueConstraint(fields=["employee", "course"], name="%(app_label)s_%(class)s_is_once_a_course"),
        ]

    def __str__(self):
        return f"{self.employee} · {self.course}"


class LessonProgress(models.Model):
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="lessons")
    lesson = models.ForeignKey(LessonPage, on_delete=models.PROTECT, related_name="progress")
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    revision_id = models.PositiveBigIntegerField(_("revision read"), null=True, blank=True)
    score = models.PositiveSmallIntegerField(_("score of the check, 0-100"), null=True, blank=True)

    class Meta:
        verbose_name = _("lesson progress")
        verbose_name_plural = _("lesson progress")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "lesson"], name="%(app_label)s_%(class)s_is_one_a_lesson"),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__lte=100), name="%(app_label)s_%(class)s_score_is_0_to_100"
            ),
        ]

    def __str__(self):
        return f"{self.enrolment_id} · {self.lesson_id}"


class Completion(models.Model):
    """A course completed, with the revision that was completed: a later edit does not change what was learnt."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="completions")
    course = models.ForeignKey(CoursePage, on_delete=models.PROTECT, related_name="completions")
    revision_id = models.PositiveBigIntegerField(_("revision completed"), null=True)
    language = models.CharField(_("language"), max_length=10)
    completed_at = models.DateTimeField(_("completed"))

    class Meta:
        verbose_name = _("completion")
        verbose_name_plural = _("completions")
        constraints = [
            models.UniqueConstraint(fields=["employee", "course"], name="%(app_label)s_%(class)s_is_once_a_course"),
        ]

    def __str__(self):
        return f"{self.employee} · {self.course}"
