from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.exams.models import Blueprint, Paper, Sitting
from assessments.grading.kinds.registry import kind_choices, kind_of
from assessments.grading.models.candidates import Candidacy
from assessments.grading.models.cycles import Cycle
from assessments.practicals.models import Practical, Rubric
from lms.people.choices import Level

LIVE = Q(voided_at__isnull=True)


class Component(models.Model):
    """One part of the exam of those who aim at one level, and what they are examined by, as it stood when the cycle was locked.

    Only ever added to.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="components")
    level = models.PositiveSmallIntegerField(_("level aimed at"), choices=Level.choices[1:])
    kind = models.CharField(_("kind"), max_length=12, choices=kind_choices)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    pass_mark = models.PositiveSmallIntegerField(_("pass mark, of 100"), default=60, validators=[MaxValueValidator(100)])
    blueprint = models.ForeignKey(
        Blueprint, verbose_name=_("blueprint"), null=True, blank=True, on_delete=models.PROTECT, related_name="components"
    )
    rubric = models.ForeignKey(Rubric, verbose_name=_("rubric"), null=True, blank=True, on_delete=models.PROTECT, related_name="components")

    class Meta:
        verbose_name = _("component")
        verbose_name_plural = _("components")
        ordering = ["cycle", "level", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "level", "kind"], name="%(app_label)s_%(class)s_is_one_a_level_and_kind"),
            models.CheckConstraint(
                condition=Q(blueprint__isnull=True, rubric__isnull=False) | Q(blueprint__isnull=False, rubric__isnull=True),
                name="%(app_label)s_%(class)s_is_examined_by_one_thing",
            ),
            models.CheckConstraint(condition=Q(pass_mark__lte=100, weight__gte=1), name="%(app_label)s_%(class)s_can_be_reckoned"),
        ]

    def __str__(self):
        return f"{self.exam} · {self.get_level_display()}"

    @property
    def label(self):
        return kind_of(self).label

    @property
    def exam(self):
        return kind_of(self).exam


class ComponentSitting(models.Model):
    """One time and place at which a component is sat. A component may have several: another room, another day, a second date."""

    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="sittings")
    sitting = models.OneToOneField(Sitting, on_delete=models.PROTECT, related_name="component_sitting")

    class Meta:
        verbose_name = _("sitting of a component")
        verbose_name_plural = _("sittings of components")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.component} · {self.sitting}"


class ComponentResult(models.Model):
    """How one candidate does in one component: where it is sat, what is sat, and the score once results are fixed.

    One counts; what was voided stays beside it.
    """

    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="results")
    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="results")
    sitting = models.ForeignKey(ComponentSitting, null=True, blank=True, on_delete=models.PROTECT, related_name="results")
    paper = models.OneToOneField(Paper, null=True, blank=True, on_delete=models.PROTECT, related_name="result")
    practical = models.OneToOneField(Practical, null=True, blank=True, on_delete=models.PROTECT, related_name="result")
    score = models.DecimalField(_("score, 0-100"), max_digits=5, decimal_places=2, null=True, blank=True)
    voided_at = models.DateTimeField(_("voided"), null=True, blank=True)
    voided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    voided_reason = models.CharField(_("why voided"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("result of a component")
        verbose_name_plural = _("results of components")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["candidacy", "component"], condition=LIVE, name="%(app_label)s_%(class)s_one_counts"),
            models.CheckConstraint(
                condition=Q(paper__isnull=True) | Q(practical__isnull=True), name="%(app_label)s_%(class)s_is_sat_one_way"
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100), name="%(app_label)s_%(class)s_score_is_0_to_100"
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, voided_by__isnull=True, voided_reason="")
                | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(voided_reason="")),
                name="%(app_label)s_%(class)s_voided_by_someone_for_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.candidacy_id} · {self.component_id}"
