from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from lms.people.choices import Level
from lms.people.models.places import Dealer, DealerGroup, Position


class Employee(models.Model):
    """A person at work: staff of a dealer, someone who learns there, or someone from outside. `kind` says which; staff have a number.

    Without a number they sign in by a name of their own or by their e-mail address, and are nobody's line manager.

    The two levels are the current ones in each track, 0-3. Only grading's level decisions write them, and the
    database refuses any value that the newest decision does not bear out (rule G2). `level` is the one that counts in the present position.
    """

    class Status(models.TextChoices):
        PROBATION = "probation", _("On probation")
        ACTIVE = "active", _("Active")
        ON_LEAVE = "on_leave", _("On leave")
        LEFT = "left", _("Left")

    class Kind(models.TextChoices):
        STAFF = "staff", _("Staff member")
        INTERN = "intern", _("Intern")
        STUDENT = "student", _("Student")
        GUEST = "guest", _("Guest lecturer")
        EXAMINER = "examiner", _("Outside examiner")
        COORDINATOR = "coordinator", _("School coordinator")

    group = models.ForeignKey(DealerGroup, verbose_name=_("dealer group"), on_delete=models.PROTECT, related_name="employees")
    kind = models.CharField(_("what the person is"), max_length=12, choices=Kind, default=Kind.STAFF)
    number = models.CharField(_("employee number"), max_length=20, blank=True)
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
        ordering = ["dealer__code", "position__order", "number", "pk"]
        permissions = [
            ("view_dealer_people", "Sees the people of the own dealer"),
            ("view_group_people", "Sees the people of all dealers of the group"),
            ("manage_people", "Brings people in, transfers them, records leave and departures"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "number"], condition=~Q(number=""), name="%(app_label)s_%(class)s_number_is_unique_in_group"
            ),
            models.CheckConstraint(condition=~Q(kind="staff") | ~Q(number=""), name="%(app_label)s_%(class)s_staff_have_a_number"),
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
            models.Index("group", Upper("number"), name="people_employee_spelled"),
            # For the orders that a click on the directory of a group asks for; by the signs of a name: `lms.common.search`.
            models.Index(fields=["group", "name", "id"], name="people_employee_by_name"),
            models.Index(fields=["number", "id"], name="people_employee_by_number"),
            models.Index(fields=["group", "hired_on", "id"], name="people_employee_by_hiring"),
            models.Index(fields=["user"], condition=Q(number=""), name="people_employee_no_number"),
        ]

    def __str__(self):
        return self.name

    @property
    def is_here(self):
        return self.status != self.Status.LEFT

    @property
    def is_staff(self):
        return self.kind == self.Kind.STAFF

    @property
    def status_now(self):
        """The status as it is on the day of `queries.with_leave`: whoever is away on approved leave is on leave."""
        is_away = self.is_here and getattr(self, "leave_now", None) is not None
        return self.Status.ON_LEAVE if is_away else self.Status(self.status)

    @property
    def known_as(self):
        """What stands beside the name: the number, and what the person is where they are not staff."""
        return " · ".join(str(part) for part in (self.number, "" if self.is_staff else self.get_kind_display()) if part)

    @property
    def called(self):
        """The name with what stands beside it."""
        return f"{self.name} · {self.known_as}" if self.known_as else self.name

    @property
    def level(self):
        """The level in the track of the present position; the higher of the two in a position without a track."""
        if self.position.track:
            return self.level_in(self.position.track)
        return max(self.service_level, self.technical_level)

    def level_in(self, track):
        return getattr(self, f"{track}_level")
