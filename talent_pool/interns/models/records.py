"""What an internship leaves in writing: the intern's weekly log, and notes of incidents and of the school's visits."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talent_pool.interns.models.placements import Placement


class WeeklyLog(models.Model):
    """What an intern did in one week, in their own words; a draft until it is handed in, then answered by the mentor."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="logs")
    week_on = models.DateField(_("week from"))  # its Monday
    text = models.TextField(_("what I did and learnt"), blank=True)
    submitted_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    answer = models.TextField(_("the mentor's answer"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("weekly log")
        verbose_name_plural = _("weekly logs")
        ordering = ["-week_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "week_on"], name="%(app_label)s_%(class)s_is_one_a_week"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False, submitted_at__isnull=False),
                name="%(app_label)s_%(class)s_answered_is_handed_in",
            ),
        ]

    def __str__(self):
        return f"{self.placement_id} {self.week_on}"


class Note(models.Model):
    """An incident, or a visit of the school. Only ever added to."""

    class Kind(models.TextChoices):
        INCIDENT = "incident", _("Incident")
        VISIT = "visit", _("Visit of the school")

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    on = models.DateField(_("on"))
    words = models.TextField(_("what happened"))
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("note on an internship")
        verbose_name_plural = _("notes on an internship")
        ordering = ["-on", "-pk"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.on}"
