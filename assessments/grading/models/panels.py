from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.grading.models.cycles import Cycle
from lms.people.choices import Track
from lms.people.models import Employee


class PanelMember(models.Model):
    """One of the three who must sign before a result stands (G3)."""

    class Seat(models.TextChoices):
        GENERAL_MANAGER = "general_manager", _("Dealer general manager")
        OEM_SERVICE_COACH = "oem_service_coach", _("OEM service coach")
        SERVICE_MANAGER = "service_manager", _("Service manager")
        TECHNICAL_DIRECTOR = "technical_director", _("Group technical director")
        OEM_TECHNICAL_COACH = "oem_technical_coach", _("OEM technical coach")

    SEATS = {
        Track.SERVICE: [Seat.GENERAL_MANAGER, Seat.OEM_SERVICE_COACH, Seat.SERVICE_MANAGER],
        Track.TECHNICAL: [Seat.TECHNICAL_DIRECTOR, Seat.OEM_TECHNICAL_COACH, Seat.SERVICE_MANAGER],
    }

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="panel")
    seat = models.CharField(_("seat"), max_length=20, choices=Seat)
    examiner = models.ForeignKey(Employee, verbose_name=_("examiner"), on_delete=models.PROTECT, related_name="panel_seats")
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("panel member")
        verbose_name_plural = _("panel")
        permissions = [("examine", "Scores practical exams and signs results")]
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "seat"], name="%(app_label)s_%(class)s_seat_is_taken_once"),
            models.UniqueConstraint(fields=["cycle", "examiner"], name="%(app_label)s_%(class)s_sits_once"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True) | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="%(app_label)s_%(class)s_signed_has_time_and_person",
            ),
        ]

    def __str__(self):
        return f"{self.get_seat_display()}: {self.examiner}"


class SeatChange(models.Model):
    """A seat of a locked cycle given again (G3): proposed with a reason by one person, confirmed by another."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="seat_changes")
    seat = models.CharField(_("seat"), max_length=20, choices=PanelMember.Seat)
    leaver = models.ForeignKey(Employee, verbose_name=_("gives up the seat"), on_delete=models.PROTECT, related_name="+")
    examiner = models.ForeignKey(Employee, verbose_name=_("takes the seat"), on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    proposed_at = models.DateTimeField(_("proposed"))
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("change of a seat")
        verbose_name_plural = _("changes of seats")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "seat"],
                condition=Q(confirmed_at__isnull=True, withdrawn_at__isnull=True),
                name="%(app_label)s_%(class)s_is_open_once_a_seat",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")), name="%(app_label)s_%(class)s_takes_two_people"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(withdrawn_at__isnull=True), name="%(app_label)s_%(class)s_ends_one_way"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{word}_at__isnull": True, f"{word}_by__isnull": True})
                    | Q(**{f"{word}_at__isnull": False, f"{word}_by__isnull": False}),
                    name=f"%(app_label)s_%(class)s_{word}_has_time_and_person",
                )
                for word in ("confirmed", "withdrawn")
            ),
        ]

    def __str__(self):
        return f"{self.get_seat_display()}: {self.leaver} → {self.examiner}"

    @property
    def is_open(self):
        return self.confirmed_at is None and self.withdrawn_at is None
