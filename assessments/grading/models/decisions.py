from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.certification.models import Certificate
from assessments.grading.models.candidates import Candidacy
from assessments.grading.models.cycles import Cycle
from lms.people.choices import Level, Track
from lms.people.models import Employee

UP, DOWN, STAYS = Q(to_level=F("from_level") + 1), Q(from_level=F("to_level") + 1), Q(to_level=F("from_level"))
OF_A_CYCLE = Q(candidacy__isnull=False, cycle__isnull=False, year__isnull=False, quarter__isnull=False)
OF_NONE = Q(candidacy__isnull=True, cycle__isnull=True, year__isnull=True, quarter__isnull=True)


class LevelDecision(models.Model):
    """What made a person's level on one track what it is (G2, G7). The level is that of the newest: the one with the highest `number`.

    Each continues from the one before, and none is more than one step; the database holds it (see `apps.py`). Only ever added to.
    """

    class Kind(models.TextChoices):
        AWARD = "award", _("Award")
        RENEWAL = "renewal", _("Renewal")
        LAPSE = "lapse", _("Lapse")
        LOWERING = "lowering", _("Lowering")
        CORRECTION = "correction", _("Correction")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="level_decisions")
    track = models.CharField(_("track"), max_length=12, choices=Track)
    number = models.PositiveSmallIntegerField(_("place in the person's list of the track, from 1"))
    from_level = models.PositiveSmallIntegerField(_("from level"), choices=Level)
    to_level = models.PositiveSmallIntegerField(_("to level"), choices=Level)
    candidacy = models.OneToOneField(Candidacy, null=True, blank=True, on_delete=models.PROTECT, related_name="decision")
    cycle = models.ForeignKey(Cycle, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions")
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    quarter = models.PositiveSmallIntegerField(_("quarter"), null=True, blank=True)
    corrects = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="correction")
    certificate = models.OneToOneField(Certificate, null=True, blank=True, on_delete=models.PROTECT, related_name="decision")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    effective_on = models.DateField(_("effective on"))
    decided_at = models.DateTimeField(_("decided"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # The second of the two whom a correction takes.
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("level decision")
        verbose_name_plural = _("level decisions")
        ordering = ["decided_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="award") & UP
                | Q(kind="renewal", from_level__gte=1) & STAYS
                | Q(kind__in=["lapse", "lowering"]) & DOWN
                | Q(kind="correction") & (UP | DOWN),
                name="%(app_label)s_%(class)s_is_one_step",
            ),
            models.CheckConstraint(
                condition=Q(from_level__gte=0, from_level__lte=3, to_level__gte=0, to_level__lte=3),
                name="%(app_label)s_%(class)s_levels_are_0_to_3",
            ),
            models.CheckConstraint(
                condition=Q(kind="award", corrects__isnull=True) & OF_A_CYCLE
                | Q(kind="correction", corrects__isnull=True) & OF_A_CYCLE
                | Q(kind="correction", corrects__isnull=False) & OF_NONE
                | Q(kind__in=["renewal", "lapse", "lowering"], corrects__isnull=True) & OF_NONE,
                name="%(app_label)s_%(class)s_says_what_it_rests_on",
            ),
            models.CheckConstraint(condition=Q(kind="award") | ~Q(reason=""), name="%(app_label)s_%(class)s_has_a_reason"),
            models.CheckConstraint(
                condition=Q(certificate__isnull=False) & (UP | STAYS) | Q(certificate__isnull=True) & DOWN,
                name="%(app_label)s_%(class)s_what_is_held_has_a_certificate",
            ),
            models.CheckConstraint(
                condition=Q(kind="correction", confirmed_by__isnull=False) & ~Q(confirmed_by=F("decided_by"))
                | ~Q(kind="correction") & Q(confirmed_by__isnull=True),
                name="%(app_label)s_%(class)s_correction_takes_two_people",
            ),
            models.UniqueConstraint(fields=["employee", "track", "number"], name="%(app_label)s_%(class)s_place_is_taken_once"),
            models.UniqueConstraint(fields=["cycle", "employee"], name="%(app_label)s_%(class)s_is_one_a_cycle"),
            models.UniqueConstraint(fields=["employee", "track", "year", "quarter"], name="%(app_label)s_%(class)s_is_one_a_quarter"),
        ]

    def __str__(self):
        return f"{self.employee} {self.from_level} → {self.to_level}"

    @property
    def is_downward(self):
        return self.to_level < self.from_level
