from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import CoursePage, Topic
from courses.training import kinds
from lms.audiences.models import Audience
from lms.common.zones import zone_named
from lms.people.models import Dealer, Employee


class Programme(models.Model):
    """Training of one kind (`kinds`) at one dealer, quarter after quarter, for its audience."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    dealer = models.ForeignKey(Dealer, verbose_name=_("dealer"), on_delete=models.PROTECT, related_name="programmes")
    kind = models.CharField(_("kind"), max_length=12, choices=kinds.choices)
    status = models.CharField(_("state"), max_length=8, choices=Status, default=Status.OPEN)
    audience = models.OneToOneField(Audience, verbose_name=_("for whom"), on_delete=models.PROTECT, related_name="programme")
    organiser = models.ForeignKey(Employee, verbose_name=_("organiser"), on_delete=models.PROTECT, related_name="organised_programmes")
    watcher = models.ForeignKey(
        Employee, verbose_name=_("watcher"), null=True, blank=True, on_delete=models.PROTECT, related_name="watched_programmes"
    )
    weekday = models.PositiveSmallIntegerField(
        _("weekday"),
        choices=[
            (0, _("Monday")),
            (1, _("Tuesday")),
            (2, _("Wednesday")),
            (3, _("Thursday")),
            (4, _("Friday")),
            (5, _("Saturday")),
            (6, _("Sunday")),
        ],
    )
    week = models.PositiveSmallIntegerField(
        _("which one of the month"),
        choices=[(1, _("the first")), (2, _("the second")), (3, _("the third")), (4, _("the fourth"))],
        null=True,
        blank=True,
        help_text=_("Of training once a month; empty for weekly training."),
    )
    starts_at = models.TimeField(_("starts at"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=60)
    room = models.CharField(_("training room"), max_length=60, blank=True)
    guest_every_month = models.BooleanField(_("a guest lecturer once a month"), default=True)
    gap_days = models.PositiveSmallIntegerField(_("days apart from the other programme, at least"), default=2)
    opens_before = models.PositiveSmallIntegerField(_("check-in opens, minutes before the start"), default=30, db_default=30)
    closes_before = models.PositiveSmallIntegerField(_("may be closed without a reason, minutes before the end"), default=0, db_default=0)
    opened_at = models.DateTimeField(auto_now_add=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("training programme")
        verbose_name_plural = _("training programmes")
        ordering = ["dealer", "kind"]
        permissions = [
            ("view_board", "Sees the training board"),
            ("open_programmes", "Opens training programmes"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["dealer", "kind"], condition=Q(status="open"), name="%(app_label)s_%(class)s_is_open_once_a_kind"
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="%(app_label)s_%(class)s_weekday_is_0_to_6"),
            models.CheckConstraint(
                condition=Q(week__isnull=True) | Q(week__gte=1, week__lte=4), name="%(app_label)s_%(class)s_week_is_1_to_4"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}"

    @property
    def rules(self):
        """What is particular to its kind."""
        return kinds.kind_of(self.kind)


class Session(models.Model):
    """One training session (T1, T3, T4, T8). `on` and `half` are the local day and half-day, kept for the rule that two never share one."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        CONFIRMED = "confirmed", _("Confirmed")
        HELD = "held", _("Held")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    class Half(models.TextChoices):
        AM = "am", _("morning")
        PM = "pm", _("afternoon")

    programme = models.ForeignKey(Programme, verbose_name=_("programme"), on_delete=models.PROTECT, related_name="sessions")
    dealer = models.ForeignKey(Dealer, verbose_name=_("dealer"), on_delete=models.PROTECT, related_name="sessions")
    on = models.DateField(_("day"))
    half = models.CharField(_("half-day"), max_length=2, choices=Half)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    moved_from = models.DateField(_("moved from"), null=True, blank=True)
    # Moved or swapped by a person: planning the quarter again leaves its day and presenter alone.
    by_hand = models.BooleanField(_("arranged by hand"), default=False)
    room = models.CharField(_("training room"), max_length=60, blank=True)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.PLANNED)
    cancelled_reason = models.CharField(_("why cancelled"), max_length=200, blank=True)
    presenter = models.ForeignKey(
        Employee, verbose_name=_("presenter"), null=True, blank=True, on_delete=models.PROTECT, related_name="sessions_presented"
    )
    is_guest = models.BooleanField(_("guest lecture"), default=False)
    guest_name = models.CharField(_("guest lecturer"), max_length=60, blank=True)
    topic = models.ForeignKey(Topic, verbose_name=_("topic"), null=True, blank=True, on_delete=models.PROTECT, related_name="sessions")
    title = models.CharField(_("title"), max_length=120, blank=True)
    outline = models.TextField(_("outline"), blank=True)
    course = models.ForeignKey(
        CoursePage, verbose_name=_("course"), null=True, blank=True, on_delete=models.PROTECT, related_name="sessions"
    )
    material = models.FileField(_("file"), upload_to="training/%Y/%m/", blank=True)
    material_at = models.DateTimeField(null=True, blank=True)
    material_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    held_at = models.DateTimeField(null=True, blank=True)
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_early_reason = models.CharField(_("why it ended early"), max_length=200, blank=True, default="", db_default="")
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    secret = models.CharField(max_length=43, blank=True, editable=False, help_text="Signs the check-in tokens.")

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at"]
        permissions = [
            ("attend_sessions", "Attends training sessions"),
            ("organise_sessions", "Plans sessions, calls the roll, closes them"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["dealer", "on", "half"], condition=~Q(status="cancelled"), name="%(app_label)s_%(class)s_has_the_half_day_alone"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="%(app_label)s_%(class)s_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(material_at__isnull=True, material_by__isnull=True) | Q(material_at__isnull=False, material_by__isnull=False),
                name="%(app_label)s_%(class)s_material_has_time_and_person",
            ),
            models.CheckConstraint(
                condition=Q(held_at__isnull=True, held_by__isnull=True) | Q(held_at__isnull=False, held_by__isnull=False),
                name="%(app_label)s_%(class)s_held_has_time_and_person",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="%(app_label)s_%(class)s_closed_has_time_and_person",
            ),
        ]
        indexes = [models.Index(fields=["programme", "on"], name="training_session_of_programme")]

    def __str__(self):
        return self.title or f"{self.programme.get_kind_display()} {self.on}"

    @property
    def opens_at(self):
        """From when on the room is open (T5): not before is it started, checked in to, or the roll called."""
        return self.starts_at - timedelta(minutes=self.programme.opens_before)

    @property
    def over_at(self):
        """From when on it is closed without saying why so early; never before its start, however short it is."""
        return max(self.starts_at, self.ends_at - timedelta(minutes=self.programme.closes_before))

    def is_past(self, at):
        """Whether its own day, as its dealer counts days, is over."""
        return at.astimezone(zone_named(self.dealer.time_zone)).date() > self.on


class Attendance(models.Model):
    """Whether one person of the audience was there (T5). `expected` until checked in, called or closed."""

    class State(models.TextChoices):
        EXPECTED = "expected", _("Expected")
        PRESENT = "present", _("Present")
        LATE = "late", _("Late")
        LEFT_EARLY = "left_early", _("Left early")
        EXCUSED = "excused", _("Excused")
        ABSENT = "absent", _("Absent")
        MADE_UP = "made_up", _("Made up")
        # Whoever closed the session and did not check in: nobody has said whether they were there, so it counts neither way.
        NOT_NOTED = "not_noted", _("Not noted")

    class Method(models.TextChoices):
        QR = "qr", _("QR code")
        ROLL = "roll", _("Roll call")
        LEAVE = "leave", _("Approved leave")
        CLOSE = "close", _("At closing")

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendances")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="attendances")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.EXPECTED)
    method = models.CharField(_("how"), max_length=6, choices=Method, blank=True)
    noted_at = models.DateTimeField(null=True, blank=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints = [
            models.UniqueConstraint(fields=["session", "employee"], name="%(app_label)s_%(class)s_is_one_a_person"),
            models.CheckConstraint(
                condition=Q(noted_at__isnull=True, noted_by__isnull=True) | Q(noted_at__isnull=False, noted_by__isnull=False),
                name="%(app_label)s_%(class)s_noted_has_time_and_person",
            ),
        ]

    def __str__(self):
        return f"{self.employee} {self.get_state_display()}"


_State = Attendance.State
COUNTS_AS_ATTENDED = [_State.PRESENT, _State.LATE, _State.LEFT_EARLY, _State.MADE_UP]


class AttendanceCorrection(models.Model):
    """A change to closed attendance, which names who and why (T8). Only ever added to."""

    attendance = models.ForeignKey(Attendance, on_delete=models.PROTECT, related_name="corrections")
    before = models.CharField(max_length=10, choices=Attendance.State)
    after = models.CharField(max_length=10, choices=Attendance.State)
    reason = models.CharField(_("reason"), max_length=200)
    corrected_at = models.DateTimeField()
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("attendance correction")
        verbose_name_plural = _("attendance corrections")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.attendance_id}: {self.before} → {self.after}"


class Reflection(models.Model):
    """What an advisor takes from a guest lecture (服务心得, T6); owed from the session's closing, three days to hand in."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="reflections")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="reflections")
    due_at = models.DateTimeField(_("due"))
    text = models.TextField(_("reflection"), blank=True)
    draft_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    score = models.PositiveSmallIntegerField(_("score 1-5"), null=True, blank=True)
    scored_at = models.DateTimeField(null=True, blank=True)
    scored_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("reflection")
        verbose_name_plural = _("reflections")
        constraints = [
            models.UniqueConstraint(fields=["session", "employee"], name="%(app_label)s_%(class)s_is_one_a_person"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=1, score__lte=5), name="%(app_label)s_%(class)s_score_is_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(scored_at__isnull=True, scored_by__isnull=True) | Q(scored_at__isnull=False, scored_by__isnull=False),
                name="%(app_label)s_%(class)s_scored_has_time_and_person",
            ),
        ]

    def __str__(self):
        return f"{self.employee} · {self.session}"
