from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.people.models.employees import Employee
from lms.people.models.places import Dealer, Position


class EmploymentEvent(models.Model):
    """One dated line of a person's history: hired, transferred, promoted, left. Only ever added to."""

    class Kind(models.TextChoices):
        HIRED = "hired", _("Hired")
        TRANSFERRED = "transferred", _("Transferred")
        PROMOTED = "promoted", _("Promoted")
        RETURNED = "returned", _("Came back")
        LEFT = "left", _("Left")

    employee = models.ForeignKey(Employee, verbose_name=_("employee"), on_delete=models.PROTECT, related_name="history")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    on = models.DateField(_("on"))
    dealer = models.ForeignKey(Dealer, verbose_name=_("dealer"), on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey(Position, verbose_name=_("position"), on_delete=models.PROTECT, related_name="+")
    manager = models.ForeignKey(Employee, verbose_name=_("line manager"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("employment event")
        verbose_name_plural = _("employment history")
        ordering = ["on", "pk"]

    def __str__(self):
        return f"{self.employee} {self.get_kind_display()} {self.on}"


class Leave(models.Model):
    """Days away, approved beforehand; both ends included."""

    employee = models.ForeignKey(Employee, verbose_name=_("employee"), on_delete=models.PROTECT, related_name="leaves")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    approved_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("leave")
        verbose_name_plural = _("leave")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="%(app_label)s_%(class)s_ends_after_it_starts"),
        ]

    def __str__(self):
        return f"{self.employee} {self.starts_on}–{self.ends_on}"
