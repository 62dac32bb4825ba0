from django.conf import settings
from django.db import models
from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from lms.common.bilingual import in_language


class InBoth(models.Model):
    """Words that a job leaves when nobody reads them, in either language: {"zh", "en"}."""

    words = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)

    class Meta:
        abstract = True

    def in_words(self, otherwise):
        """For the reader; `otherwise` is what older records hold, in one language."""
        return in_language(self.words.get("zh", ""), self.words.get("en", "")) or otherwise


class Job(InBoth):
    """One piece of long work: who asked for it, how far it is, what failed, what came of it."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(_("kind"), max_length=80, db_index=True)
    key = models.CharField(max_length=200, blank=True, help_text="Two jobs with one key never stand open at once.")
    params = models.JSONField(default=dict, blank=True)
    input_file = models.FileField(upload_to="jobs/in/%Y/%m/", blank=True)
    status = models.CharField(_("state"), max_length=12, choices=Status, default=Status.QUEUED, db_index=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    result = models.JSONField(default=dict, blank=True)
    result_file = models.FileField(upload_to="jobs/out/%Y/%m/", blank=True)
    result_name = models.CharField(max_length=120, blank=True)
    error = models.TextField(_("why it failed"), blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="jobs")
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("background job")
        verbose_name_plural = _("background jobs")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=models.Q(status__in=["queued", "running"]) & ~models.Q(key=""),
                name="%(app_label)s_%(class)s_is_open_once_a_key",
            )
        ]

    def __str__(self):
        return f"{self.kind} #{self.pk}"

    @property
    def why(self):
        """Why it ended as it did, in a sentence; empty where it is done."""
        return self.in_words(self.error)

    @property
    def is_open(self):
        return self.status in {self.Status.QUEUED, self.Status.RUNNING}

    @property
    def percent(self):
        return min(100, round(100 * self.done / self.total)) if self.total else None


class JobFailure(InBoth):
    """One thing of a job that failed, with the reason in words; the job went on with the others."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="failures")
    label = models.CharField(max_length=200)
    reason = models.TextField()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.label}: {self.reason}"

    @property
    def why(self):
        return self.in_words(self.reason)
