from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.answers.models import AnswerSheet
from courses.catalogue.models import LessonPage
from lms.people.models import Employee


class Check(models.Model):
    """One try at the questions that end a lesson. It may be tried as often as wanted; the lesson keeps the best."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="checks")
    lesson = models.ForeignKey(LessonPage, on_delete=models.PROTECT, related_name="checks")
    number = models.PositiveSmallIntegerField(_("try"), default=1)
    sheet = models.OneToOneField(AnswerSheet, verbose_name=_("answer sheet"), on_delete=models.PROTECT, related_name="check_taken")
    score = models.PositiveSmallIntegerField(_("score, 0-100"))
    passed = models.BooleanField(_("passed"))
    taken_at = models.DateTimeField(_("taken"))

    class Meta:
        verbose_name = _("lesson check")
        verbose_name_plural = _("lesson checks")
        ordering = ["-taken_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(score__lte=100), name="%(app_label)s_%(class)s_score_is_0_to_100"),
            models.UniqueConstraint(fields=["employee", "lesson", "number"], name="%(app_label)s_%(class)s_is_once_a_try"),
        ]

    def __str__(self):
        return f"{self.employee} · {self.lesson} · {self.score}"
