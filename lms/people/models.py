import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.common.bilingual import Bilingual
from lms.common.zones import validate_time_zone
from lms.people.choices import Level, Role, Track


class DealerGroup(Bilingual, models.Model):
    code = models.SlugField(_("code"), max_length=20, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("dealer group")
        verbose_name_plural = _("dealer groups")
        ordering = ["code"]


class Dealer(Bilingual, models.Model):
    """A 4S store: the unit that supervisors and HR see."""

    CODE = re.compile(r"[A-Z0-9](-?[A-Z0-9])*")

    group = models.ForeignKey(DealerGroup, verbose_name=_("dealer group"), on_delete=models.PROTECT, related_name="dealers")
    code = models.CharField(_("code"), max_length=20, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    city = models.CharField(_("city"), max_length=40, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")

    class Meta:
        verbose_name = _("dealer")
        verbose_name_plural = _("dealers")
        ordering = ["code"]

    def save(self, *args, **options):
        """Every page of the dealer's people depends on the zone, so the console's door is watched too."""
        validate_time_zone(self.time_zone)
        super().save(*args, **options)

    def clean(self):
        super().clean()
        if not self._state.adding and self.employees.exclude(group=self.group_id).exists():
            raise ValidationError({"group": _("This dealer has people. They stay with their group, and so does the dealer.")})
        if self._state.adding and not self.CODE.fullmatch(self.code):
            raise ValidationError(
                {"code": _("Capital letters, digits and hyphens only, such as YT01: it begins certificate numbers and file names.")}
            )
        try:
            validate_time_zone(self.time_zone)
        except ValidationError as error:
            raise ValidationError({"time_zone": error}) from None


class Department(Bilingual, models.Model):
    code = models.SlugField(_("code"), max_length=30, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["code"]


class Position(Bilingual, models.Model):
    """A post someone holds. Its track says by which grading it rises, its role what its holder may do here."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    department = models.ForeignKey(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="positions")
    track = models.CharField(_("track"), max_length=12, choices=Track, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.STAFF)
    is_leading = models.BooleanField(_("leading post"), default=False)
    is_outside = models.BooleanField(_("held by outside people"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["order", "code"]


class Employee(models.Model):
    """A person at work: staff of a dealer, or someone from outside (examiner, guest lecturer, intern) with a number of ours.

    The two levels are the current ones in each track, 0-3. Only grading's level decisions write them, and the
    database refuses any value that the newest decision does not bear out (rule G2). `level` is the one that counts in the present position.
    """

    class Status(models.TextChoices):
        PROBATION = "probation", _("On probation")
        ACTIVE = "active", _("Active")
        ON_LEAVE = "on_leave", _("On leave")
        LEFT = "left", _("Left")

    group = models.ForeignKey(DealerGroup, verbose_name=_("dealer group"), on_delete=models.PROTECT, related_name="employees")
    number = models.CharField(_("employee number"), max_length=20)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("sign-in"), null=True, blank=True, on_delete=models.PROTECT, related_name="employee"
    )
    name = models.CharField(_("name"), max_length=60)
    dealer = models.ForeignKey(Dealer, verbose_name=_("dealer"), on_delete=models.PROTECT, related_name="employees")
    position = models.ForeignKey(Position, verbose_name=_("position"), on_delete=models.PROTECT, related_name="employees")
    manager = models.ForeignKey(
        "self", verbose_name=_("line manager"), null=True, blank=True, on_delete=models.PROTECT, related_name="reports"
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    hired_on = models.DateField(_("hired on"))
    left_on = models.DateField(_("left on"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.ACTIVE)
    service_level = models.PositiveSmallIntegerField(_("level as advisor"), choices=Level, default=Level.NONE, editable=False)
    technical_level = models.PositiveSmallIntegerField(_("level as technician"), choices=Level, default=Level.NONE, editable=False)

    class Meta:
        verbose_name = _("employee")
        verbose_name_plural = _("employees")
        ordering = ["dealer__code", "position__order", "number"]
        permissions = [
            ("view_dealer_people", "Sees the people of the own dealer"),
            ("view_group_people", "Sees the people of all dealers of the group"),
            ("manage_people", "Brings people in, transfers them, records leave and departures"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="%(app_label)s_%(class)s_number_is_unique_in_group"),
            models.CheckConstraint(
                condition=Q(service_level__gte=0, service_level__lte=3, technical_level__gte=0, technical_level__lte=3),
                name="%(app_label)s_%(class)s_levels_are_0_to_3",
            ),
            models.CheckConstraint(condition=~Q(manager=F("pk")), name="%(app_label)s_%(class)s_is_not_own_manager"),
            models.CheckConstraint(
                condition=Q(status="left", left_on__isnull=False) | (~Q(status="left") & Q(left_on__isnull=True)),
                name="%(app_label)s_%(class)s_left_has_a_date",
            ),
        ]
        indexes = [
            models.Index(fields=["dealer", "status", "position"], name="people_employee_of_dealer"),
        ]

    def __str__(self):
        return self.name

    @property
    def is_here(self):
        return self.status != self.Status.LEFT

    @property
    def level(self):
        """The level in the track of the present position; the higher of the two in a position without a track."""
        if self.position.track:
            return self.level_in(self.position.track)
        return max(self.service_level, self.technical_level)

    def level_in(self, track):
        return getattr(self, f"{track}_level")


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


class Proposal(models.Model):
    """Something that one person wants done to a signer; it happens when a second one confirms it (§1, signers).

    `particulars` are plain values, records by their number of record; whoever is to be hired has no record
    yet and stands in it by number and name. A proposal of the console has nobody under it: a first person takes it up, a second
    confirms. `team` holds the numbers of those who are to report to someone hired. What is decided never changes.
    """

    class Kind(models.TextChoices):
        HIRE = "hire", _("Hire")
        MOVE = "move", _("Transfer or promote")
        DEPARTURE = "departure", _("Record the departure")
        RETURN = "return", _("Record the return")
        PASSWORD = "password", _("A new first password")
        EMAIL = "email", _("A new e-mail address")
        SECOND_FACTOR = "second_factor", _("Reset the second step")

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting for a second person")
        CONFIRMED = "confirmed", _("Confirmed")
        DECLINED = "declined", _("Declined")

    kind = models.CharField(_("what"), max_length=16, choices=Kind)
    dealer = models.ForeignKey(Dealer, verbose_name=_("dealer"), on_delete=models.PROTECT, related_name="proposals")
    employee = models.ForeignKey(
        Employee, verbose_name=_("about"), null=True, blank=True, on_delete=models.PROTECT, related_name="proposals"
    )
    number = models.CharField(_("employee number"), max_length=20)
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
                condition=Q(status="waiting"),
                name="%(app_label)s_%(class)s_waits_once_a_person_and_kind",
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
