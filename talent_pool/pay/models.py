from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.grading.models import LevelDecision
from lms.people.choices import Level, Track
from lms.people.models import Dealer, Employee, EmploymentEvent, Position


class BandTable(models.Model):
    """Base pay by track and level, from a day on (P1). A table that has begun never changes; a new one takes its place."""

    dealer = models.ForeignKey(Dealer, verbose_name=_("dealer"), on_delete=models.PROTECT, related_name="band_tables")
    effective_on = models.DateField(_("valid from"))
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("band table")
        verbose_name_plural = _("band tables")
        ordering = ["-effective_on"]
        permissions = [("view_pay", "Sees pay; every look is logged")]
        constraints = [
            models.UniqueConstraint(fields=["dealer", "effective_on"], name="%(app_label)s_%(class)s_is_one_a_day"),
        ]

    def __str__(self):
        return f"{self.dealer} {self.effective_on}"


class Band(models.Model):
    """The base pay of one level of one track, CNY a month."""

    table = models.ForeignKey(BandTable, on_delete=models.PROTECT, related_name="bands")
    track = models.CharField(_("track"), max_length=12, choices=Track)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    code = models.CharField(_("band"), max_length=8)
    base_pay = models.DecimalField(
        _("base pay, CNY a month"), max_digits=10, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )

    class Meta:
        verbose_name = _("pay band")
        verbose_name_plural = _("pay bands")
        ordering = ["track", "level"]
        constraints = [
            models.UniqueConstraint(fields=["table", "track", "level"], name="%(app_label)s_%(class)s_is_one_a_level"),
            models.CheckConstraint(condition=Q(base_pay__gt=0), name="%(app_label)s_%(class)s_pay_is_positive"),
            models.CheckConstraint(condition=Q(level__lte=3), name="%(app_label)s_%(class)s_level_is_0_to_3"),
        ]

    def __str__(self):
        return self.code


class PayrollExport(models.Model):
    """Countersigned changes handed to payroll; each change is in one export only. What its file says is kept with it, so that the
    file is the same whenever it is asked for. Only ever added to."""

    dealer = models.ForeignKey(Dealer, verbose_name=_("dealer"), on_delete=models.PROTECT, related_name="payroll_exports")
    exported_at = models.DateTimeField(_("exported"))
    exported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Of the request that made it ("job:17"): a job that is repeated after a killed worker finds its export.
    key = models.CharField(max_length=60, unique=True)
    # What the file says, a row a change (see `queries.said_of`). None: made before it was kept.
    rows = models.JSONField(null=True)

    class Meta:
        verbose_name = _("payroll export")
        verbose_name_plural = _("payroll exports")
        ordering = ["-exported_at", "-pk"]
        indexes = [models.Index(fields=["exported_at", "id"], name="pay_export_by_time")]

    def __str__(self):
        return f"{self.dealer} {self.exported_at:%Y-%m-%d %H:%M}"


LIVE = ["proposed", "approved", "countersigned"]
GONE = ["rejected", "withdrawn"]


class PayChange(models.Model):
    """An entry of the pay ledger (P2): from band, to band, from a day on, for one cause; signed twice and exported once.

    One that no longer fits before it is with payroll is withdrawn. A level that goes down changes no pay. What was wrong is reversed by
    a counter-entry that names it; an entry is never edited.
    """

    class Cause(models.TextChoices):
        PROMOTION = "promotion", _("Promotion")
        APPEAL = "appeal", _("Appeal")
        MOVE = "move", _("Change of post")
        PROBATION = "probation", _("End of probation")
        CORRECTION = "correction", _("Correction")
        REVERSAL = "reversal", _("Reversal")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("Approved")
        COUNTERSIGNED = "countersigned", _("Countersigned")
        EXPORTED = "exported", _("Exported")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Unfit(models.TextChoices):
        """Why a change that is not with payroll yet goes no further (§1)."""

        LEFT = "left", _("left before the change takes effect")
        LEAVING = "leaving", _("leaves before the change takes effect")
        TAKEN_BACK = "taken_back", _("the level was withdrawn")
        TRACK = "track", _("no longer on this track")
        MOVED = "moved", _("now works at another dealer")
        MOVING = "moving", _("moves to another post or dealer before the change takes effect")

    cause = models.CharField(_("cause"), max_length=10, choices=Cause)
    # What the cause is: a level decision, a line of the person's history, or an earlier entry.
    decision = models.ForeignKey(LevelDecision, null=True, blank=True, on_delete=models.PROTECT, related_name="pay_changes")
    event = models.ForeignKey(EmploymentEvent, null=True, blank=True, on_delete=models.PROTECT, related_name="pay_changes")
    of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    employee = models.ForeignKey(Employee, verbose_name=_("employee"), on_delete=models.PROTECT, related_name="pay_changes")
    dealer = models.ForeignKey(Dealer, verbose_name=_("dealer"), on_delete=models.PROTECT, related_name="pay_changes")
    # The post that it was made for; people go on to others.
    position = models.ForeignKey(Position, verbose_name=_("position"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    from_band = models.ForeignKey(Band, verbose_name=_("from band"), on_delete=models.PROTECT, related_name="+")
    to_band = models.ForeignKey(Band, verbose_name=_("to band"), on_delete=models.PROTECT, related_name="+")
    effective_on = models.DateField(_("effective on"))
    status = models.CharField(_("state"), max_length=14, choices=Status, default=Status.PROPOSED)
    proposed_at = models.DateTimeField(_("proposed"))
    # None: the system, after a publication.
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    countersigned_at = models.DateTimeField(_("countersigned"), null=True, blank=True)
    countersigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    rejected_at = models.DateTimeField(_("rejected"), null=True, blank=True)
    rejected_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    rejected_reason = models.CharField(_("why rejected"), max_length=200, blank=True)
    # By the system, when the person or the level that it rests on is no longer what it was.
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_why = models.CharField(_("why withdrawn"), max_length=10, choices=Unfit, blank=True)
    export = models.ForeignKey(
        PayrollExport, verbose_name=_("export"), null=True, blank=True, on_delete=models.PROTECT, related_name="changes"
    )

    class Meta:
        verbose_name = _("pay change")
        verbose_name_plural = _("pay changes")
        ordering = ["effective_on", "employee__number"]
        permissions = [
            ("approve_pay_changes", "Approves pay changes and exports them"),
            ("countersign_pay_changes", "Countersigns pay changes"),
        ]
        indexes = [
            models.Index(fields=["dealer", "status"], name="pay_paychange_of_dealer"),
            models.Index(fields=["effective_on", "id"], name="pay_paychange_by_day"),
            models.Index(fields=["status", "effective_on", "id"], name="pay_paychange_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(cause__in=["promotion", "appeal"], decision__isnull=False, event__isnull=True, of__isnull=True)
                | Q(cause="move", decision__isnull=True, event__isnull=False, of__isnull=True)
                | Q(cause="probation", decision__isnull=True, event__isnull=True, of__isnull=True)
                | Q(cause__in=["correction", "reversal"], decision__isnull=True, event__isnull=True, of__isnull=False),
                name="%(app_label)s_%(class)s_names_its_cause",
            ),
            models.CheckConstraint(
                condition=Q(cause="promotion") | ~Q(reason="") & Q(proposed_by__isnull=False),
                name="%(app_label)s_%(class)s_by_hand_has_person_and_reason",
            ),
            # What HR rejected is decided; what was withdrawn may be proposed anew, where the person is now.
            models.UniqueConstraint(
                fields=["decision"], condition=~Q(status="withdrawn"), name="%(app_label)s_%(class)s_is_once_a_decision"
            ),
            models.UniqueConstraint(fields=["event"], condition=~Q(status__in=GONE), name="%(app_label)s_%(class)s_is_once_a_move"),
            models.UniqueConstraint(
                fields=["employee", "effective_on"],
                condition=Q(cause="probation") & ~Q(status__in=GONE),
                name="%(app_label)s_%(class)s_is_once_a_probation",
            ),
            models.UniqueConstraint(
                fields=["of", "cause"], condition=~Q(status__in=GONE), name="%(app_label)s_%(class)s_is_once_an_entry_and_cause"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{word}_at__isnull": True, f"{word}_by__isnull": True})
                    | Q(**{f"{word}_at__isnull": False, f"{word}_by__isnull": False}),
                    name=f"%(app_label)s_%(class)s_{word}_has_time_and_person",
                )
                for word in ("approved", "countersigned", "rejected")
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["countersigned", "exported"]) | Q(approved_at__isnull=False, countersigned_at__isnull=False),
                name="%(app_label)s_%(class)s_final_is_signed_twice",
            ),
            models.CheckConstraint(condition=~Q(countersigned_by=F("approved_by")), name="%(app_label)s_%(class)s_is_signed_by_two_people"),
            models.CheckConstraint(
                condition=Q(status="exported", export__isnull=False) | (~Q(status="exported") & Q(export__isnull=True)),
                name="%(app_label)s_%(class)s_exported_has_its_export",
            ),
            models.CheckConstraint(
                condition=Q(status="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawn_why="")
                | ~Q(status="withdrawn") & Q(withdrawn_at__isnull=True, withdrawn_why=""),
                name="%(app_label)s_%(class)s_withdrawn_has_time_and_reason",
            ),
        ]

    def __str__(self):
        return f"{self.employee}: {self.from_band} → {self.to_band}"

    @property
    def occasion(self):
        """What its notices are told once for: all promotions of a cycle together, anything else by itself."""
        return f"cycle:{self.decision.cycle_id}" if self.cause == self.Cause.PROMOTION else f"pay_change:{self.pk}"

    @property
    def monthly_difference(self):
        """CNY a month, what the change adds; below 0 what it takes."""
        return self.to_band.base_pay - self.from_band.base_pay

    @property
    def is_begun(self):
        return self.effective_on <= timezone.localdate()

    @property
    def back_pay_since(self):
        """From when pay is owed after the event, as the change went to payroll, or would go today (P2). None: in time."""
        if self.status in GONE:
            return None
        return self.back_pay_handed_over(timezone.localdate(self.export.exported_at if self.export else None))

    def back_pay_handed_over(self, on):
        """Its own day, where payroll hears of it on a day of a later month: the month it begins in is paid by then. None: in time."""
        is_late = (on.year, on.month) > (self.effective_on.year, self.effective_on.month)
        return self.effective_on if is_late else None


class KeptPay(models.Model):
    """HR's word that a move changes no pay: what was in force stays so (§1). Only ever added to."""

    employee = models.ForeignKey(Employee, verbose_name=_("employee"), on_delete=models.PROTECT, related_name="kept_pay")
    # The line of history of the move. It is answered once.
    event = models.OneToOneField(EmploymentEvent, on_delete=models.PROTECT, related_name="kept_pay")
    dealer = models.ForeignKey(Dealer, verbose_name=_("dealer"), on_delete=models.PROTECT, related_name="+")
    band = models.ForeignKey(Band, verbose_name=_("band"), on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    kept_at = models.DateTimeField(_("kept"))
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("pay kept after a move")
        verbose_name_plural = _("pay kept after moves")
        ordering = ["kept_at"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="%(app_label)s_%(class)s_has_a_reason")]

    def __str__(self):
        return f"{self.employee}: {self.band}"
