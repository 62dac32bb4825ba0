from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from courses.observations.choices import MOST_POINTS, Occasion, Step
from lms.common.bilingual import Bilingual
from lms.common.versions import Versioned
from lms.people.models import Dealer, Employee

MOST_REPETITIONS, MOST_WEIGHT = 20, 100


class Checklist(Bilingual, Versioned, ClusterableModel):
    """What somebody is observed by: the tasks of a task book, or the points of an evaluation. What was begun keeps its version."""

    PARTS = "items"

    class Scale(models.TextChoices):
        STEPS = "steps", _("Watched, helped, alone")
        POINTS = "points", _("Points from 1 to 5")

    code = models.SlugField(_("code"), max_length=40)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    scale = models.CharField(_("scale"), max_length=8, choices=Scale, default=Scale.STEPS)
    dealer = models.ForeignKey(
        Dealer,
        verbose_name=_("dealer"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="checklists",
        help_text=_("Empty: for every dealer."),
    )
    in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ["scale", "code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(version_of__isnull=True), name="%(app_label)s_%(class)s_code_is_of_one_checklist"
            ),
        ]

    def clean(self):
        """The constraint in words: a form leaves it alone, since it does not have the field that the condition asks about."""
        super().clean()
        if Checklist.objects.filter(code=self.code, version_of=None).exclude(pk=self.pk).exists():
            raise ValidationError({"code": _("Another checklist has this code. Choose one of its own.")})


class ChecklistItem(Bilingual, models.Model):
    """One task or point. Of a task: how often alone is enough, and by which day; of a point: how much it weighs."""

    class By(models.IntegerChoices):
        DAY_30 = 30, _("Day 30")
        DAY_60 = 60, _("Day 60")
        DAY_90 = 90, _("Day 90")

    checklist = ParentalKey(Checklist, on_delete=models.CASCADE, related_name="items")
    name_zh = models.CharField(_("name in Chinese"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    repetitions = models.PositiveSmallIntegerField(
        _("times alone"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_REPETITIONS)]
    )
    expected_by = models.PositiveSmallIntegerField(_("alone by"), choices=By, default=By.DAY_90)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_WEIGHT)])
    order = models.PositiveSmallIntegerField(_("order"), default=1)

    class Meta:
        verbose_name = _("checklist item")
        verbose_name_plural = _("checklist items")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(repetitions__gte=1, repetitions__lte=MOST_REPETITIONS), name="%(app_label)s_%(class)s_is_repeated_1_to_20"
            ),
            models.CheckConstraint(condition=Q(expected_by__in=[30, 60, 90]), name="%(app_label)s_%(class)s_is_expected_by_a_mark"),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=MOST_WEIGHT), name="%(app_label)s_%(class)s_weighs_1_to_100"),
        ]


class Observation(models.Model):
    """What one person saw another do, on one occasion, by one checklist. Only ever added to: what was wrong is corrected by another."""

    subject = models.ForeignKey(Employee, verbose_name=_("whom"), on_delete=models.PROTECT, related_name="observations")
    checklist = models.ForeignKey(Checklist, verbose_name=_("checklist"), on_delete=models.PROTECT, related_name="observations")
    observer = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("observer"), on_delete=models.PROTECT, related_name="+")
    occasion = models.CharField(_("occasion"), max_length=30)
    reference = models.CharField(max_length=40)
    at = models.DateTimeField(_("observed"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    # What it takes back; a correction without items says that nothing holds of it.
    corrects = models.OneToOneField(
        "self", verbose_name=_("corrects"), null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["occasion", "reference", "id"], name="observations_of_occasion"),
            models.Index(fields=["subject", "at"], name="observations_of_person"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(occasion="") & ~Q(reference=""), name="%(app_label)s_%(class)s_has_an_occasion"),
        ]

    def __str__(self):
        return f"{self.subject} · {self.checklist}"

    @property
    def made_for(self):
        return Occasion(self.occasion, self.reference)


class ObservedItem(models.Model):
    """The step or the points of one item. Only ever added to, with its observation."""

    observation = models.ForeignKey(Observation, on_delete=models.CASCADE, related_name="items")
    item = models.ForeignKey(ChecklistItem, verbose_name=_("checklist item"), on_delete=models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField(_("step or points"))

    class Meta:
        verbose_name = _("observed item")
        verbose_name_plural = _("observed items")
        ordering = ["item__order", "item", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["observation", "item"], name="%(app_label)s_%(class)s_is_one_an_item"),
            models.CheckConstraint(condition=Q(value__gte=1, value__lte=MOST_POINTS), name="%(app_label)s_%(class)s_value_is_1_to_5"),
        ]

    def __str__(self):
        return f"{self.item_id}: {self.value}"

    @property
    def step_words(self):
        """Of an observation by steps."""
        return Step(self.value).label


class Acceptance(models.Model):
    """What the person observed says to it: accepted, or seen otherwise and why. Only ever added to; one to an observation."""

    observation = models.OneToOneField(Observation, on_delete=models.CASCADE, related_name="acceptance")
    is_accepted = models.BooleanField(_("accepted"))
    words = models.CharField(_("in their words"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("answered"))
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("acceptance of an observation")
        verbose_name_plural = _("acceptances of observations")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.observation_id}: {self.is_accepted}"
