from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.people.models.employees import Employee
from lms.people.models.proposals import Proposal


class ComingChange(models.Model):
    """A departure or a move that is decided and takes effect on a day to come; until then the record says what it says now.

    `on` is the last day of whoever leaves, the first in the new place of whoever moves. `particulars` are plain values, as a proposal
    keeps them; of a signer the second person stands under it too. It can be withdrawn until it takes effect. What stands in its way
    on its day is kept in `held_up`, and the next sweep tries again.
    """

    class Status(models.TextChoices):
        COMING = "coming", _("To come")
        DONE = "done", _("Took effect")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    kind = models.CharField(_("what"), max_length=16, choices=Proposal.Kind)
    employee = models.ForeignKey(Employee, verbose_name=_("employee"), on_delete=models.PROTECT, related_name="coming_changes")
    on = models.DateField(_("on"))
    particulars = models.JSONField(_("particulars"), default=dict, blank=True)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.COMING)
    held_up = models.CharField(_("what stands in its way"), max_length=300, blank=True)
    planned_at = models.DateTimeField(_("planned"))
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    carried_out_at = models.DateTimeField(_("took effect"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("change to come")
        verbose_name_plural = _("changes to come")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["move", "departure"]), name="%(app_label)s_%(class)s_is_move_or_departure"),
            models.UniqueConstraint(
                fields=["employee", "kind"], condition=Q(status="coming"), name="%(app_label)s_%(class)s_comes_once_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("planned_by")), name="%(app_label)s_%(class)s_takes_two_people"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="%(app_label)s_%(class)s_withdrawn_has_time_and_person",
            ),
            models.CheckConstraint(
                condition=Q(status="coming", carried_out_at=None, withdrawn_at=None)
                | Q(status="done", carried_out_at__isnull=False, withdrawn_at=None)
                | Q(status="withdrawn", carried_out_at=None, withdrawn_at__isnull=False),
                name="%(app_label)s_%(class)s_ended_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["status", "on"], name="people_coming_by_day")]

    def __str__(self):
        return f"{self.what}: {self.employee} {self.on}"

    @property
    def what(self):
        """What is to come, where the choices name the act of entering it."""
        return _("Transfer or promotion") if self.kind == Proposal.Kind.MOVE else _("Departure")

    @property
    def dealer(self):
        return self.employee.dealer
