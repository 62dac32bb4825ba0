from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from assessments.answers.models import AnswerSheet
from assessments.questions.kinds.registry import kinds
from assessments.questions.mending import Way
from assessments.questions.models import QuestionVersion
from courses.catalogue.models import Topic
from lms.common.bilingual import Bilingual
from lms.common.versions import Versioned
from lms.people.choices import Level, Track
from lms.people.models import Dealer, Employee


def kind_choices():
    """The kinds that a line of a blueprint may ask for. A function, so that a new kind changes nothing here."""
    return [("", _("any type")), *((kind.name, kind.model._meta.verbose_name) for kind in kinds())]


SHORTEST, LONGEST = 5, 480  # minutes of an exam


class Blueprint(Bilingual, Versioned, ClusterableModel):
    """What a theory paper is made of: so many questions by topic, level and type. A sitting keeps the version that it was set by."""

    PARTS = "lines"

    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    track = models.CharField(_("track"), max_length=12, choices=Track)
    level = models.PositiveSmallIntegerField(_("level aimed at"), choices=Level.choices[1:])
    minutes = models.PositiveSmallIntegerField(_("minutes allowed"), default=60)
    pass_mark = models.PositiveSmallIntegerField(_("pass mark, of 100"), default=60, validators=[MaxValueValidator(100)])
    in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("blueprint")
        verbose_name_plural = _("blueprints")
        ordering = ["track", "level", "name_zh"]

    def clean(self):
        super().clean()
        if self.minutes is not None and not SHORTEST <= self.minutes <= LONGEST:
            words = _("An exam takes from %(least)d to %(most)d minutes.") % {"least": SHORTEST, "most": LONGEST}
            raise ValidationError({"minutes": words})


class BlueprintLine(models.Model):
    blueprint = ParentalKey(Blueprint, on_delete=models.CASCADE, related_name="lines")
    topic = models.ForeignKey(Topic, verbose_name=_("topic"), on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices[1:])
    kind = models.CharField(_("type"), max_length=12, choices=kind_choices, blank=True)
    count = models.PositiveSmallIntegerField(_("questions"), validators=[MinValueValidator(1), MaxValueValidator(100)])
    points = models.PositiveSmallIntegerField(_("points each"), default=1, validators=[MinValueValidator(1), MaxValueValidator(20)])

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.topic} {self.count}"


class Sitting(models.Model):
    """A theory exam at a set time and place. The server's clock rules: `opens_at` to `closes_at` is when one may start and work."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        READY = "ready", _("Papers drawn")
        CLOSED = "closed", _("Closed")

    dealer = models.ForeignKey(Dealer, verbose_name=_("dealer"), on_delete=models.PROTECT, related_name="sittings")
    blueprint = models.ForeignKey(Blueprint, verbose_name=_("blueprint"), on_delete=models.PROTECT, related_name="sittings")
    title_zh = models.CharField(_("title in Chinese"), max_length=100)
    title_en = models.CharField(_("title in English"), max_length=100, blank=True)
    level = models.PositiveSmallIntegerField(_("level aimed at"), choices=Level.choices[1:])
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    minutes = models.PositiveSmallIntegerField(_("minutes allowed"), default=60)
    grace_seconds = models.PositiveSmallIntegerField(_("grace in seconds for what was under way"), default=20)
    pass_mark = models.PositiveSmallIntegerField(_("pass mark, of 100"), default=60, validators=[MaxValueValidator(100)])
    room = models.CharField(_("room"), max_length=60, blank=True)
    access_code = models.CharField(_("access code"), max_length=12)
    invigilator = models.ForeignKey(
        Employee, verbose_name=_("invigilator"), null=True, blank=True, on_delete=models.PROTECT, related_name="sittings_watched"
    )
    status = models.CharField(_("state"), max_length=8, choices=Status, default=Status.DRAFT)
    sealed_at = models.DateTimeField(_("results fixed for signing"), null=True, blank=True)
    results_at = models.DateTimeField(_("results shown since"), null=True, blank=True)

    class Meta:
        verbose_name = _("sitting")
        verbose_name_plural = _("sittings")
        ordering = ["-opens_at"]
        permissions = [("manage_sittings", "Prepares and closes sittings")]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="%(app_label)s_%(class)s_closes_after_it_opens"),
        ]

    def __str__(self):
        from lms.common.bilingual import in_language

        return in_language(self.title_zh, self.title_en)


class Paper(models.Model):
    """One candidate's paper of a sitting, drawn by a recorded seed: the same seed and bank draw the same paper again."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="papers")
    candidate = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="papers")
    seed = models.PositiveBigIntegerField(_("seed"))
    extra_minutes = models.PositiveSmallIntegerField(_("extra minutes"), default=0)
    drawn_at = models.DateTimeField(_("drawn"))

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        constraints = [
            models.UniqueConstraint(fields=["sitting", "candidate"], name="%(app_label)s_%(class)s_is_one_a_candidate"),
        ]

    def __str__(self):
        return f"{self.sitting} · {self.candidate}"

    @property
    def state(self):
        """The `PaperState`, where the attempt was fetched along."""
        attempt = getattr(self, "attempt", None)
        if attempt is None:
            return PaperState.NOT_BEGUN
        return PaperState.HANDED_IN if attempt.status in Attempt.HANDED_IN else PaperState(attempt.status)


class PaperItem(models.Model):
    """A question on a paper: the version that the candidate sees, and in which order its options stand. Only ever added to."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField(_("number"))
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="paper_items")
    points = models.PositiveSmallIntegerField(_("points"), default=1)
    option_order = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="%(app_label)s_%(class)s_number_is_unique"),
            models.UniqueConstraint(fields=["paper", "version"], name="%(app_label)s_%(class)s_question_comes_once"),
        ]

    def __str__(self):
        return f"{self.paper_id}/{self.number}"


class KeyMend(models.Model):
    """The key of a question mended for the papers of one sitting, after it (§4): one person proposes it with a reason, another confirms.

    Confirmed, `key` is the version by which they are marked from then on; of several of one question the newest counts.
    """

    Way = Way

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="mends")
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="mends")  # as it was asked
    way = models.CharField(_("what is right"), max_length=8, choices=Way)
    response = models.JSONField(_("right answer"), null=True)
    reason = models.CharField(_("reason"), max_length=200)
    proposed_at = models.DateTimeField(_("proposed"))
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey(QuestionVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("mended key")
        verbose_name_plural = _("mended keys")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "version"],
                condition=Q(confirmed_at__isnull=True, withdrawn_at__isnull=True),
                name="%(app_label)s_%(class)s_is_open_once_a_question",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")), name="%(app_label)s_%(class)s_takes_two_people"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(withdrawn_at__isnull=True), name="%(app_label)s_%(class)s_ends_one_way"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True, key__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False, key__isnull=False),
                name="%(app_label)s_%(class)s_confirmed_has_time_person_and_key",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="%(app_label)s_%(class)s_withdrawn_has_time_and_person",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="%(app_label)s_%(class)s_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.sitting} · {self.version}"

    @property
    def is_open(self):
        return self.confirmed_at is None and self.withdrawn_at is None


class PaperState(models.TextChoices):
    """How far a candidate is with a paper, for whoever watches: whether it is marked already is nothing to see in the room."""

    NOT_BEGUN = "not_begun", _("Not begun")
    IN_PROGRESS = "in_progress", _("In progress")
    HANDED_IN = "handed_in", _("Handed in")
    VOIDED = "voided", _("Voided")


class Attempt(models.Model):
    """A candidate at work on the paper. `ends_at` is the last moment by the server's clock, extra time included.

    `visit` counts how often the paper was opened: of several pages the one with the highest works, the others step back.
    """

    class Status(models.TextChoices):
        IN_PROGRESS = "in_progress", _("In progress")
        SUBMITTED = "submitted", _("Submitted")
        MARKED = "marked", _("Marked")
        VOIDED = "voided", _("Voided")

    HANDED_IN = [Status.SUBMITTED, Status.MARKED]

    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="attempt")
    sheet = models.OneToOneField(AnswerSheet, verbose_name=_("answer sheet"), on_delete=models.PROTECT, related_name="attempt")
    status = models.CharField(_("state"), max_length=12, choices=Status, default=Status.IN_PROGRESS)
    started_at = models.DateTimeField(_("started"))
    ends_at = models.DateTimeField(_("ends"))
    visit = models.PositiveIntegerField(_("times opened"), default=1)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    by_clock = models.BooleanField(_("submitted by the clock"), default=False)
    marked_at = models.DateTimeField(_("marked"), null=True, blank=True)
    score = models.DecimalField(_("score, 0-100"), max_digits=5, decimal_places=2, null=True, blank=True)
    voided_reason = models.CharField(_("why voided"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100), name="%(app_label)s_%(class)s_score_is_0_to_100"
            ),
            models.CheckConstraint(
                condition=Q(status="in_progress", submitted_at__isnull=True) | ~Q(status="in_progress"),
                name="%(app_label)s_%(class)s_in_progress_is_not_submitted",
            ),
        ]
        indexes = [
            models.Index(fields=["ends_at"], condition=Q(status="in_progress"), name="exams_attempt_running"),
            models.Index(fields=["submitted_at"], condition=Q(status="submitted"), name="exams_attempt_unmarked"),
        ]

    def __str__(self):
        return f"{self.paper} · {self.get_status_display()}"


class AttemptEvent(models.Model):
    """What happened during an attempt. It accuses nobody by itself. Only ever added to."""

    class Kind(models.TextChoices):
        STARTED = "started", _("Started")
        RESUMED = "resumed", _("Resumed")
        FOCUS_LOST = "focus_lost", _("Left the page")
        RECONNECTED = "reconnected", _("Was offline, came back")
        SUBMITTED = "submitted", _("Submitted")
        SUBMITTED_BY_CLOCK = "clock", _("Submitted by the clock")
        VOIDED = "voided", _("Voided")
        LATE = "late", _("Sent answers after the end; they don't count")

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField()
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.attempt_id} {self.kind}"
