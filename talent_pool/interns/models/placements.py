"""Students who come in batches before they graduate, and on what terms each of them is here (C4)."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.people.models import Dealer, Employee
from talent_pool.schools.models import Agreement, School, TargetedClass


class Batch(models.Model):
    """Students of one school who come to one dealer together, from a first day to a last one."""

    dealer = models.ForeignKey(Dealer, verbose_name=_("dealer"), on_delete=models.PROTECT, related_name="intern_batches")
    school = models.ForeignKey(School, verbose_name=_("school"), on_delete=models.PROTECT, related_name="batches")
    agreement = models.ForeignKey(
        Agreement, verbose_name=_("agreement"), null=True, blank=True, on_delete=models.PROTECT, related_name="batches"
    )
    targeted_class = models.ForeignKey(
        TargetedClass, verbose_name=_("targeted class"), null=True, blank=True, on_delete=models.PROTECT, related_name="batches"
    )
    name = models.CharField(_("name"), max_length=80)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("batch of interns")
        verbose_name_plural = _("batches of interns")
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["dealer", "name"], name="%(app_label)s_%(class)s_name_is_unique_at_dealer"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="%(app_label)s_%(class)s_ends_after_it_starts"),
        ]
        indexes = [models.Index(fields=["dealer", "-starts_on"], name="interns_batch_by_start")]

    def __str__(self):
        return self.name


class Placement(models.Model):
    """One student in one batch, with the terms that the rule check asks about (C5), and how far they have come (C4).

    `internship_score` is fixed with the decision whether they passed; None until then.
    """

    class Kind(models.TextChoices):
        VISIT = "visit", _("Visit internship")
        POST = "post", _("Post internship")

    class Stage(models.TextChoices):
        APPLIED = "applied", pgettext_lazy("internship", "Applied")
        PLACED = "placed", pgettext_lazy("internship", "Placed")
        UNDER_WAY = "under_way", pgettext_lazy("internship", "Under way")
        PASSED = "passed", pgettext_lazy("internship", "Passed")
        NOT_PASSED = "not_passed", pgettext_lazy("internship", "Not passed")
        OFFERED = "offered", pgettext_lazy("internship", "Offered")
        PROBATION = "probation", pgettext_lazy("internship", "On probation")
        CONFIRMED = "confirmed", pgettext_lazy("internship", "Confirmed")
        DECLINED = "declined", pgettext_lazy("internship", "Declined")
        ENDED = "ended", pgettext_lazy("internship", "Ended")

    batch = models.ForeignKey(Batch, verbose_name=_("batch"), on_delete=models.PROTECT, related_name="placements")
    person = models.ForeignKey(Employee, verbose_name=_("student"), on_delete=models.PROTECT, related_name="placements")
    kind = models.CharField(_("kind of internship"), max_length=8, choices=Kind, default=Kind.POST)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.APPLIED)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    # The terms.
    monthly_pay = models.DecimalField(
        _("pay, CNY a month"), max_digits=10, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal(0))]
    )
    pay_every_months = models.PositiveSmallIntegerField(_("paid every … months"), default=1, validators=[MinValueValidator(1)])
    paid_in_money = models.BooleanField(_("paid in money, in full"), default=True)
    paid_to_student = models.BooleanField(_("paid to the student directly"), default=True)
    works_independently = models.BooleanField(_("works relatively independently"), default=True)
    hours_a_day = models.DecimalField(
        _("hours a day"), max_digits=3, decimal_places=1, default=Decimal(8), validators=[MinValueValidator(0), MaxValueValidator(24)]
    )
    days_a_week = models.PositiveSmallIntegerField(_("days a week"), default=5, validators=[MinValueValidator(1), MaxValueValidator(7)])
    overtime_hours = models.DecimalField(
        _("overtime, hours a month"), max_digits=4, decimal_places=1, default=Decimal(0), validators=[MinValueValidator(0)]
    )
    labour_grade = models.PositiveSmallIntegerField(
        _("grade of physical labour, 1-4"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    works_nights = models.BooleanField(_("works nights, 22:00–06:00"), default=False)
    works_holidays = models.BooleanField(_("works on public holidays"), default=False)
    through_agency = models.BooleanField(_("arranged by an agency"), default=False)
    deposit = models.DecimalField(
        _("deposit asked for, CNY"), max_digits=10, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(Decimal(0))]
    )
    fee = models.DecimalField(
        _("fee asked for, CNY"), max_digits=10, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(Decimal(0))]
    )
    keeps_papers = models.BooleanField(_("identity papers are kept"), default=False)
    # How it went.
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField(_("ended early on"), null=True, blank=True)
    ended_reason = models.CharField(_("why it ended early"), max_length=200, blank=True)
    internship_score = models.DecimalField(_("internship, 0-100"), max_digits=5, decimal_places=2, null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["starts_on", "pk"]
        permissions = [
            ("view_interns", "Sees the interns of the own dealer"),
            ("manage_interns", "Places interns, keeps their papers, decides whether they passed"),
            ("manage_stations", "Keeps stations and moves interns between them"),
            ("keep_log", "Keeps the weekly log of the own internship"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["batch", "person"], name="%(app_label)s_%(class)s_is_once_a_batch"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="%(app_label)s_%(class)s_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(started_at__isnull=True, started_by__isnull=True) | Q(started_at__isnull=False, started_by__isnull=False),
                name="%(app_label)s_%(class)s_started_has_time_and_person",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, internship_score=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False, internship_score__gte=0, internship_score__lte=100),
                name="%(app_label)s_%(class)s_decided_has_time_person_and_score",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_reason="") | Q(ended_on__gte=F("starts_on"), ended_on__lte=F("ends_on")),
                name="%(app_label)s_%(class)s_ends_early_within_its_term",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "starts_on"], name="interns_placement_of_person"),
            models.Index(fields=["stage", "starts_on"], name="interns_placement_by_stage"),
        ]

    def __str__(self):
        return f"{self.person} {self.starts_on}–{self.ends_on}"

    @property
    def last_day(self):
        return self.ended_on or self.ends_on

    @property
    def is_before(self):
        """Whether it has not started yet."""
        return self.stage in BEFORE


# What a placement can still start from; what it is while the person works here as an intern.
BEFORE = (Placement.Stage.APPLIED, Placement.Stage.PLACED)
HERE = (Placement.Stage.UNDER_WAY, Placement.Stage.PASSED, Placement.Stage.OFFERED)
# What holds its dates: another placement of the same person may not overlap it, and rules are asked about it.
STANDING = (*BEFORE, *HERE)


class Paper(models.Model):
    """A paper that a placement rests on. One that is wrong is withdrawn, never edited."""

    class Kind(models.TextChoices):
        AGREEMENT = "agreement", _("Three-party agreement")
        STUDENT_CONSENT = "student_consent", _("Consent of the student")
        GUARDIAN_CONSENT = "guardian_consent", _("Consent of the guardian")
        INSURANCE = "insurance", _("Internship liability insurance")
        SAFETY = "safety", _("Safety instruction")

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(_("paper"), max_length=20, choices=Kind)
    number = models.CharField(_("number"), max_length=60, blank=True)
    starts_on = models.DateField(_("signed on, or valid from"))
    ends_on = models.DateField(_("valid until"), null=True, blank=True)
    file = models.FileField(_("file"), upload_to="interns", blank=True)
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_reason = models.CharField(_("why withdrawn"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("paper of an internship")
        verbose_name_plural = _("papers of an internship")
        ordering = ["kind", "starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="%(app_label)s_%(class)s_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(kind="insurance") | Q(ends_on__isnull=False), name="%(app_label)s_%(class)s_insurance_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="%(app_label)s_%(class)s_withdrawn_has_time_and_person",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.starts_on}"


class Pause(models.Model):
    """Days on which a placement is broken off and then goes on; both included."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="pauses")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    reason = models.CharField(_("reason"), max_length=200)
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("break")
        verbose_name_plural = _("breaks")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="%(app_label)s_%(class)s_ends_after_it_starts"),
        ]

    def __str__(self):
        return f"{self.starts_on}–{self.ends_on}"
