from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.people.choices import Track
from lms.people.models import Dealer


class Cycle(models.Model):
    """One quarter's grading of one track at one dealer (G1, G5), with the rules that applied to it."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Open")
        LOCKED = "locked", _("Locked")
        SITTING = "sitting", _("Sitting")
        MARKING = "marking", _("Marking")
        RATIFIED = "ratified", _("Ratification")
        PUBLISHED = "published", _("Published")
        CLOSED = "closed", _("Closed")

    dealer = models.ForeignKey(Dealer, verbose_name=_("dealer"), on_delete=models.PROTECT, related_name="cycles")
    track = models.CharField(_("track"), max_length=12, choices=Track)
    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.DRAFT)
    min_attendance = models.PositiveSmallIntegerField(_("attendance asked for, %"), default=80, validators=[MaxValueValidator(100)])
    needs_reflections = models.BooleanField(_("reflections must be handed in"), default=True)
    needs_courses = models.BooleanField(_("required courses must be done"), default=True)
    # Set when it is opened. Cycles opened before this was asked for keep the rules that they were opened with.
    needs_three_sheets = models.BooleanField(_("all three of the panel must judge"), default=False, editable=False)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    followed_up_at = models.DateTimeField(_("pay proposed and people told"), null=True, blank=True)

    class Meta:
        verbose_name = _("grading cycle")
        verbose_name_plural = _("grading cycles")
        ordering = ["-year", "-quarter", "track"]
        permissions = [
            ("view_cycles", "Sees the grading cycles of the dealer"),
            ("run_cycles", "Opens, runs and publishes grading cycles"),
            ("view_own_grading", "Sees the own grading"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["dealer", "track", "year", "quarter"], name="%(app_label)s_%(class)s_is_one_a_quarter"),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="%(app_label)s_%(class)s_quarter_is_1_to_4"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{word}_at__isnull": True, f"{word}_by__isnull": True})
                    | Q(**{f"{word}_at__isnull": False, f"{word}_by__isnull": False}),
                    name=f"%(app_label)s_%(class)s_{word}_has_time_and_person",
                )
                for word in ("opened", "locked", "published")
            ),
        ]

    def __str__(self):
        return f"{self.get_track_display()} {self.year} Q{self.quarter}"
