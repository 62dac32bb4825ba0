from fractions import Fraction

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.questions.models import QuestionVersion
from lms.people.models import Employee

MOST_RESPONSES = 5000  # of one sheet: a change every two seconds for almost three hours; a script that runs wild stops here


class AnswerSheet(models.Model):
    """What one person answers in one go: an attempt at an exam, a try of a lesson check. Whatever asks the questions points here."""

    person = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="answer_sheets")
    opened_at = models.DateTimeField(_("opened"))

    class Meta:
        verbose_name = _("answer sheet")
        verbose_name_plural = _("answer sheets")

    def __str__(self):
        return f"{self.person_id} {self.opened_at:%Y-%m-%d %H:%M}"


class Response(models.Model):
    """What was given to a question, once; of a question the one of the highest `sequence` counts. Only ever added to.

    `sequence` grows with each change on the device, so a late, older message never beats a newer one. `number` counts the rows of
    the sheet, and `chain` is made of `digest` (of this row) and the row before: see `chain.py`.
    """

    sheet = models.ForeignKey(AnswerSheet, on_delete=models.PROTECT, related_name="responses", db_index=False)  # constraints begin with it
    number = models.PositiveIntegerField()
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="responses")
    sequence = models.PositiveBigIntegerField()
    response = models.JSONField(null=True)
    saved_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    chain = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="%(app_label)s_%(class)s_number_is_unique"),
            models.UniqueConstraint(fields=["sheet", "version", "sequence"], name="%(app_label)s_%(class)s_sequence_is_unique"),
            models.CheckConstraint(condition=Q(number__lte=MOST_RESPONSES), name="%(app_label)s_%(class)s_sheet_is_not_endless"),
        ]

    def __str__(self):
        return f"{self.sheet_id}/{self.number}"


class Mark(models.Model):
    """What a response earned: `earned` of `possible` parts of the question's points. Of a response the newest counts. Only ever added to.

    Given by a rule of the question's kind or by a person, after the key of a version: the one that was asked, or a corrected one.
    """

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="marks")
    key = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    rule = models.CharField(_("rule"), max_length=20, blank=True)
    marker = models.ForeignKey(Employee, verbose_name=_("marker"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    earned = models.PositiveIntegerField()
    possible = models.PositiveIntegerField()
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    marked_at = models.DateTimeField(_("marked"))

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        constraints = [
            models.CheckConstraint(
                condition=(Q(rule="") & Q(marker__isnull=False)) | (~Q(rule="") & Q(marker__isnull=True)),
                name="%(app_label)s_%(class)s_is_by_a_rule_or_a_person",
            ),
            models.CheckConstraint(
                condition=Q(possible__gt=0, earned__lte=F("possible")), name="%(app_label)s_%(class)s_is_a_share_of_0_to_1"
            ),
        ]

    def __str__(self):
        return f"{self.response_id}: {self.earned}/{self.possible}"

    @property
    def share(self):
        return Fraction(self.earned, self.possible)
