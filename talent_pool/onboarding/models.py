from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.observations.models import Checklist
from lms.people.models import Dealer, Employee

USUAL_LOAD, MOST_LOAD = 2, 20  # newcomers with one mentor at once


class Mentor(models.Model):
    """A staff member whom HR of the dealer named as mentor (带教师傅), until the appointment ends; it stays on record."""

    employee = models.ForeignKey(Employee, verbose_name=_("mentor"), on_delete=models.PROTECT, related_name="mentorships")
    dealer = models.ForeignKey(Dealer, verbose_name=_("dealer"), on_delete=models.PROTECT, related_name="mentors")
    most_at_once = models.PositiveSmallIntegerField(
        _("newcomers at once, at most"), default=USUAL_LOAD, validators=[MinValueValidator(1), MaxValueValidator(MOST_LOAD)]
    )
    appointed_at = models.DateTimeField(_("named"))
    appointed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_reason = models.CharField(_("why it ended"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("mentor")
        verbose_name_plural = _("mentors")
        ordering = ["dealer__code", "employee__number", "pk"]
        permissions = [("sign_off", "Signs off the tasks of newcomers"), ("name_mentors", "Names mentors")]
        constraints = [
            models.UniqueConstraint(fields=["employee"], condition=Q(ended_at__isnull=True), name="%(app_label)s_%(class)s_is_named_once"),
            models.CheckConstraint(
                condition=Q(most_at_once__gte=1, most_at_once__lte=MOST_LOAD), name="%(app_label)s_%(class)s_has_1_to_20_at_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="%(app_label)s_%(class)s_ended_has_time_and_person",
            ),
        ]

    def __str__(self):
        return str(self.employee)

    @property
    def is_open(self):
        return self.ended_at is None


class TaskBook(models.Model):
    """The tasks (任务书) that a newcomer of any kind learns at one station, signed off by the mentor, until it is closed.

    `alone_on` is the first day on which every task was done alone; None while some are not.
    """

    newcomer = models.ForeignKey(Employee, verbose_name=_("newcomer"), on_delete=models.PROTECT, related_name="task_books")
    dealer = models.ForeignKey(Dealer, verbose_name=_("dealer"), on_delete=models.PROTECT, related_name="task_books")
    checklist = models.ForeignKey(Checklist, verbose_name=_("checklist"), on_delete=models.PROTECT, related_name="task_books")
    mentor = models.ForeignKey(Employee, verbose_name=_("mentor"), on_delete=models.PROTECT, related_name="task_books_to_sign")
    station = models.CharField(_("station"), max_length=60, blank=True)
    starts_on = models.DateField(_("begins on"))
    opened_at = models.DateTimeField(_("opened"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    alone_on = models.DateField(_("all tasks alone on"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_reason = models.CharField(_("why it was closed"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("task book")
        verbose_name_plural = _("task books")
        ordering = ["-starts_on", "-pk"]
        permissions = [("open_task_books", "Opens task books, hands them on and closes them")]
        indexes = [
            models.Index(fields=["dealer", "starts_on", "id"], name="onboarding_book_of_dealer"),
            models.Index(fields=["mentor"], condition=Q(closed_at__isnull=True), name="onboarding_book_of_mentor"),
            models.Index(fields=["starts_on", "id"], name="onboarding_book_by_day"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(mentor=F("newcomer")), name="%(app_label)s_%(class)s_mentor_is_somebody_else"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="%(app_label)s_%(class)s_closed_has_time_and_person",
            ),
            models.CheckConstraint(
                condition=Q(alone_on__isnull=True) | Q(alone_on__gte=F("starts_on")), name="%(app_label)s_%(class)s_alone_after_it_begins"
            ),
        ]

    def __str__(self):
        return f"{self.newcomer} · {self.title}"

    @property
    def title(self):
        return f"{self.checklist.name} · {self.station}" if self.station else self.checklist.name

    @property
    def is_open(self):
        return self.closed_at is None

    @property
    def needs_somebody(self):
        """Of one of `queries.books.with_attention`: whether it has to be handed on or closed."""
        return self.is_open and (self.newcomer_gone or self.mentor_away or not self.mentor_acts)

    @property
    def days_until_alone(self):
        """How many days after the first one all tasks were done alone; None while some are not."""
        return (self.alone_on - self.starts_on).days if self.alone_on else None


class HandOver(models.Model):
    """A task book went from one mentor to another. Only ever added to."""

    book = models.ForeignKey(TaskBook, verbose_name=_("task book"), on_delete=models.PROTECT, related_name="hand_overs")
    from_mentor = models.ForeignKey(Employee, verbose_name=_("from"), on_delete=models.PROTECT, related_name="+")
    to_mentor = models.ForeignKey(Employee, verbose_name=_("to"), on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    handed_at = models.DateTimeField(_("handed on"))
    handed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("handing on of a task book")
        verbose_name_plural = _("handings on of task books")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.book_id}: {self.from_mentor} → {self.to_mentor}"
