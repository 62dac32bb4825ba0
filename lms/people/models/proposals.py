from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.people.models.employees import Employee
from lms.people.models.places import Dealer


class Proposal(models.Model):
    """Something that one person wants done to a signer; it happens when a second one confirms it (§1, signers).

    `particulars` are plain values, records by their number of record; whoever is to be hired has no record yet and stands in it by
    name and number, or what they will sign in by. A proposal of the console has nobody under it: a first person takes it up, a
    second confirms. `team` holds the numbers of those who are to report to someone hired. What is decided never changes.
    """

    class Kind(models.TextChoices):
        HIRE = "hire", _("Hire")
        MOVE = "move", _("Transfer or promote")
        DEPARTURE = "departure", _("Record the departure")
        RETURN = "return", _("Record the return")
        PASSWORD = "password", _("A new first password")
        EMAIL = "email", _("A new e-mail address")
        SECOND_FACTOR = "second_factor", _("Reset the second step")
        WITHDRAWAL = "withdrawal", _("Withdraw what is to come")

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting for a second person")
        CONFIRMED = "confirmed", _("Confirmed")
        DECLINED = "declined", _("Declined")

    kind = models.CharField(_("what"), max_length=16, choices=Kind)
    dealer = models.ForeignKey(Dealer, verbose_name=_("dealer"), on_delete=models.PROTECT, related_name="proposals")
    employee = models.ForeignKey(
        Employee, verbose_name=_("about"), null=True, blank=True, on_delete=models.PROTECT, related_name="proposals"
    )
    number = models.CharField(_("employee number"), max_length=20, blank=True)
    signs_in_as = models.CharField(_("signs in as"), max_length=254, blank=True, help_text=_("Of someone new without a number."))
    name = models.CharField(_("name"), max_length=60)
    particulars = models.JSONField(_("particulars"), default=dict, blank=True)
    team = models.JSONField(_("who will report to them"), default=list, blank=True)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.WAITING)
    proposed_at = models.DateTimeField(_("proposed"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("proposed by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("decided by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_from = models.CharField(_("decided at the console by"), max_length=80, blank=True)
    decided_reason = models.CharField(_("why declined"), max_length=200, blank=True)
    told_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dealer", "number", "kind"],
                condition=Q(status="waiting") & ~Q(number=""),
                name="%(app_label)s_%(class)s_waits_once_a_person_and_kind",
            ),
            models.UniqueConstraint(
                fields=["employee", "kind"],
                condition=Q(status="waiting", number=""),
                name="%(app_label)s_%(class)s_waits_once_a_record_and_kind",
            ),
            models.UniqueConstraint(
                fields=["dealer", "signs_in_as", "kind"],
                condition=Q(status="waiting", number="", employee=None),
                name="%(app_label)s_%(class)s_waits_once_a_sign_in_and_kind",
            ),
            models.CheckConstraint(
                condition=Q(status="waiting", decided_at__isnull=True, decided_by__isnull=True, decided_from="")
                | (~Q(status="waiting") & Q(decided_at__isnull=False) & (Q(decided_by__isnull=False) ^ ~Q(decided_from=""))),
                name="%(app_label)s_%(class)s_decided_has_time_and_person",
            ),
            models.CheckConstraint(
                condition=~Q(status="confirmed")
                | (Q(proposed_by__isnull=False) & (Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")))),
                name="%(app_label)s_%(class)s_takes_two_people",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-proposed_at"], name="people_proposal_by_state"),
            models.Index(fields=["employee", "decided_at"], name="people_proposal_of_employee"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.name}"

    @property
    def is_waiting(self):
        return self.status == self.Status.WAITING
