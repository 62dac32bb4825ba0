from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.certification.models import Certificate
from assessments.exams.models import Blueprint, Paper, Sitting
from assessments.practicals.models import Practical, Rubric
from lms.people.choices import Level, Track
from lms.people.models import Dealer, Employee


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


class CycleSitting(models.Model):
    """The theory sitting of a cycle for those who aim at one level."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="sittings")
    level = models.PositiveSmallIntegerField(_("level aimed at"), choices=Level.choices[1:])
    sitting = models.OneToOneField(Sitting, on_delete=models.PROTECT, related_name="cycle_sitting")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "level"], name="%(app_label)s_%(class)s_is_one_a_level"),
        ]

    def __str__(self):
        return f"{self.cycle} · {self.level}"


class CycleBasis(models.Model):
    """What those who aim at one level are examined by: the versions that stood when the cycle was locked. Only ever added to."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="bases")
    level = models.PositiveSmallIntegerField(_("level aimed at"), choices=Level.choices[1:])
    blueprint = models.ForeignKey(Blueprint, verbose_name=_("blueprint"), on_delete=models.PROTECT, related_name="+")
    rubric = models.ForeignKey(Rubric, verbose_name=_("rubric"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("basis of the exams")
        verbose_name_plural = _("bases of the exams")
        constraints = [
            models.UniqueConstraint(fields=["cycle", "level"], name="%(app_label)s_%(class)s_is_one_a_level"),
        ]

    def __str__(self):
        return f"{self.cycle} · {self.level}"


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


class Candidacy(models.Model):
    """One person in one cycle, aiming one level up (G2, G4)."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("Pending")
        PASSED = "passed", _("Passed")
        FAILED = "failed", _("Not passed")
        MISSED = "missed", _("Did not sit")

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="candidacies")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="candidacies")
    from_level = models.PositiveSmallIntegerField(_("from level"), choices=Level)
    to_level = models.PositiveSmallIntegerField(_("to level"), choices=Level)
    is_eligible = models.BooleanField(_("eligible"), default=False)
    # [{"rule": "attendance", "met": false, "have": 72, "need": 80}, …]; the words are made when shown.
    findings = models.JSONField(_("findings"), default=list, blank=True)
    computed_at = models.DateTimeField(_("computed"), null=True, blank=True)
    waived_at = models.DateTimeField(_("waived"), null=True, blank=True)
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    waived_reason = models.CharField(_("why waived"), max_length=200, blank=True)
    paper = models.OneToOneField(Paper, null=True, blank=True, on_delete=models.PROTECT, related_name="candidacy")
    practical = models.OneToOneField(Practical, null=True, blank=True, on_delete=models.PROTECT, related_name="candidacy")
    theory_score = models.DecimalField(_("theory, 0-100"), max_digits=5, decimal_places=2, null=True, blank=True)
    practical_score = models.DecimalField(_("practical, 0-100"), max_digits=5, decimal_places=2, null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, default=Outcome.PENDING)

    class Meta:
        verbose_name = _("candidacy")
        verbose_name_plural = _("candidacies")
        constraints = [
            models.UniqueConstraint(fields=["cycle", "employee"], name="%(app_label)s_%(class)s_is_once_a_cycle"),
            models.CheckConstraint(condition=Q(to_level=F("from_level") + 1, to_level__lte=3), name="%(app_label)s_%(class)s_is_one_step"),
            models.CheckConstraint(
                condition=Q(waived_at__isnull=True, waived_by__isnull=True) | Q(waived_at__isnull=False, waived_by__isnull=False),
                name="%(app_label)s_%(class)s_waived_has_time_and_person",
            ),
        ]

    def __str__(self):
        return f"{self.employee} · {self.cycle}"

    @property
    def may_sit(self):
        return self.is_eligible or self.waived_at is not None


class MissingSheet(models.Model):
    """Why one examiner did not score one candidate's practical (G3): recorded by someone else, read by the panel. Only ever added to."""

    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="missing_sheets")
    examiner = models.ForeignKey(Employee, verbose_name=_("examiner"), on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("missing sheet")
        verbose_name_plural = _("missing sheets")
        constraints = [
            models.UniqueConstraint(fields=["candidacy", "examiner"], name="%(app_label)s_%(class)s_is_one_an_examiner"),
            models.CheckConstraint(condition=~Q(reason=""), name="%(app_label)s_%(class)s_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.candidacy_id} · {self.examiner}"


class Award(models.Model):
    """A step up the ladder (G2). One level at a time, once a quarter, never above 3: the database holds it (see `apps.py`).

    Only ever added to. The levels on the employee row are proven equal to the awards.
    """

    candidacy = models.OneToOneField(Candidacy, on_delete=models.PROTECT, related_name="award")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="awards")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="awards")
    track = models.CharField(_("track"), max_length=12, choices=Track)
    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    from_level = models.PositiveSmallIntegerField(_("from level"), choices=Level)
    to_level = models.PositiveSmallIntegerField(_("to level"), choices=Level)
    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="award")
    awarded_at = models.DateTimeField(_("awarded"))
    awarded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        ordering = ["awarded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_level=F("from_level") + 1, to_level__gte=1, to_level__lte=3), name="%(app_label)s_%(class)s_is_one_step"
            ),
            models.UniqueConstraint(fields=["cycle", "employee"], name="%(app_label)s_%(class)s_is_one_a_cycle"),
            models.UniqueConstraint(fields=["employee", "track", "year", "quarter"], name="%(app_label)s_%(class)s_is_one_a_quarter"),
            models.UniqueConstraint(fields=["employee", "track", "to_level"], name="%(app_label)s_%(class)s_level_is_reached_once"),
        ]

    def __str__(self):
        return f"{self.employee} {self.from_level} → {self.to_level}"
