from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from assessments.practicals.choices import PRACTICAL, part_choices
from lms.common.bilingual import Bilingual
from lms.common.versions import Versioned
from lms.people.choices import Level, Track
from lms.people.models import Employee

MOST_POINTS = 1000  # of one criterion; marks have room for 9999.9


class Rubric(Bilingual, Versioned, ClusterableModel):
    """What a practical exam (实操) is scored by. A practical keeps the version that it was made with."""

    PARTS = "criteria"

    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    track = models.CharField(_("track"), max_length=12, choices=Track)
    level = models.PositiveSmallIntegerField(_("level aimed at"), choices=Level.choices[1:])
    part = models.CharField(_("part of the exam"), max_length=12, choices=part_choices, default=PRACTICAL)
    pass_mark = models.PositiveSmallIntegerField(_("pass mark, of 100"), default=60, validators=[MaxValueValidator(100)])
    in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")
        ordering = ["track", "level", "name_zh"]


class Criterion(Bilingual, models.Model):
    rubric = ParentalKey(Rubric, on_delete=models.CASCADE, related_name="criteria")
    name_zh = models.CharField(_("name in Chinese"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    max_points = models.PositiveSmallIntegerField(_("points at most"), default=10)
    order = models.PositiveSmallIntegerField(_("order"), default=1)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["order", "pk"]

    def clean(self):
        """A rubric whose criteria give nothing has no score to divide by."""
        super().clean()
        if self.max_points is not None and not 1 <= self.max_points <= MOST_POINTS:
            raise ValidationError({"max_points": _("A criterion gives from 1 to %(most)d points.") % {"most": MOST_POINTS}})


class Practical(models.Model):
    """One candidate's practical exam by one rubric, to be scored by its markers until it is closed."""

    class Status(models.TextChoices):
        OPEN = "open", _("To be scored")
        CLOSED = "closed", _("Closed")

    candidate = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="practicals")
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="practicals")
    markers = models.ManyToManyField(Employee, verbose_name=_("markers"), related_name="practicals_to_mark")
    status = models.CharField(_("state"), max_length=8, choices=Status, default=Status.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("practical exam")
        verbose_name_plural = _("practical exams")

    def __str__(self):
        return f"{self.candidate} · {self.rubric}"


class ScoreSheet(models.Model):
    """One examiner's scoring of one practical. Only ever added to: a correction is a new sheet, and the latest wins."""

    practical = models.ForeignKey(Practical, on_delete=models.PROTECT, related_name="sheets")
    marker = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="sheets_marked")
    score = models.DecimalField(_("score, 0-100"), max_digits=5, decimal_places=2)
    comment = models.TextField(_("comment"), blank=True)
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("scoring sheet")
        verbose_name_plural = _("scoring sheets")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=100), name="%(app_label)s_%(class)s_score_is_0_to_100"),
        ]

    def __str__(self):
        return f"{self.practical_id} · {self.marker} · {self.score}"


class SheetMark(models.Model):
    """The points for one criterion. Only ever added to, with its sheet."""

    sheet = models.ForeignKey(ScoreSheet, on_delete=models.CASCADE, related_name="marks")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    points = models.DecimalField(max_digits=5, decimal_places=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "criterion"], name="%(app_label)s_%(class)s_is_one_a_criterion"),
            models.CheckConstraint(condition=Q(points__gte=0), name="%(app_label)s_%(class)s_points_are_not_negative"),
        ]

    def __str__(self):
        return f"{self.criterion_id}: {self.points}"
