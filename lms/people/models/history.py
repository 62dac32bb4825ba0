from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.people.models.employees import Employee
from lms.people.models.places import Dealer, Position


class EmploymentEvent(models.Model):
    """One dated line of a person's history. Only ever added to; what holds on a day is read from all of them (`people.standing`).

    Dealer, position and manager are those on record when it was written; it states those of them that `says_…` marks. The day of
    hiring is the one on the person's record, wherever the first line puts it.
    """

    class Kind(models.TextChoices):
        HIRED = "hired", _("Hired")
        TRANSFERRED = "transferred", _("Transferred")
        PROMOTED = "promoted", _("Promoted")
        RETURNED = "returned", _("Came back")
        LEFT = "left", _("Left")
        INTERN = "intern", _("Began an internship")
        SCHOOL = "school", _("Back at school")
        BECAME_STAFF = "became_staff", _("Became staff")
        MANAGER = "manager", _("New line manager")
        STATUS = "status", _("Status changed")
        CONTRACT = "contract", _("Contract and probation")
        ON_RECORD = "on_record", _("As on record")

    class Leaving(models.TextChoices):
        RESIGNED = "resigned", _("Resigned")
        DISMISSED = "dismissed", _("Dismissed")
        CONTRACT_ENDED = "contract_ended", _("Contract ended")
        RETIRED = "retired", _("Retirement")
        WITHIN_GROUP = "within_group", _("Went to another company of the group")
        OTHER = "other", _("Another reason")

    employee = models.ForeignKey(Employee, verbose_name=_("employee"), on_delete=models.PROTECT, related_name="history")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    on = models.DateField(_("on"))
    dealer = models.ForeignKey(Dealer, verbose_name=_("dealer"), on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey(Position, verbose_name=_("position"), on_delete=models.PROTECT, related_name="+")
    manager = models.ForeignKey(Employee, verbose_name=_("line manager"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    says_dealer = models.BooleanField(default=True)
    says_position = models.BooleanField(default=True)
    says_manager = models.BooleanField(default=True)
    status = models.CharField(_("status"), max_length=12, choices=Employee.Status, blank=True)
    person_kind = models.CharField(_("what the person is"), max_length=12, choices=Employee.Kind, blank=True)
    probation_until = models.DateField(_("probation until"), null=True, blank=True)
    contract_from = models.DateField(_("contract from"), null=True, blank=True)
    contract_until = models.DateField(_("contract until"), null=True, blank=True, help_text=_("Empty: without an end."))
    leaving = models.CharField(_("why they left"), max_length=16, choices=Leaving, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("employment event")
        verbose_name_plural = _("employment history")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(leaving="") | Q(kind="left"), name="%(app_label)s_%(class)s_leaving_is_of_departures"),
            models.CheckConstraint(
                condition=Q(contract_until__isnull=True) | Q(contract_from__isnull=False, contract_until__gte=F("contract_from")),
                name="%(app_label)s_%(class)s_contract_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return f"{self.employee} {self.get_kind_display()} {self.on}"


class NotWithdrawn(models.Manager):
    """Without what was withdrawn."""

    def get_queryset(self):
        return super().get_queryset().filter(withdrawn_at=None)


class Leave(models.Model):
    """Days away, approved beforehand; both ends included. What is withdrawn stays on record, and counts nowhere."""

    class Kind(models.TextChoices):
        ANNUAL = "annual", _("Annual leave")
        SICK = "sick", _("Sick leave")
        PERSONAL = "personal", _("Personal leave")
        MARRIAGE = "marriage", _("Marriage leave")
        PARENTAL = "parental", _("Maternity or paternity leave")
        BEREAVEMENT = "bereavement", _("Bereavement leave")
        INJURY = "injury", _("Leave for a work injury")
        OTHER = "other", _("Other leave")

    employee = models.ForeignKey(Employee, verbose_name=_("employee"), on_delete=models.PROTECT, related_name="leaves")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    approved_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = NotWithdrawn()
    recorded = models.Manager()  # noqa: DJ012  a manager

    class Meta:
        verbose_name = _("leave")
        verbose_name_plural = _("leave")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="%(app_label)s_%(class)s_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="%(app_label)s_%(class)s_withdrawn_has_time_and_person",
            ),
        ]

    def __str__(self):
        return f"{self.employee} {self.starts_on}–{self.ends_on}"
