from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """Who did what to which record, when, and what it was before and after. Only ever added to."""

    at = models.DateTimeField(_("time"), default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("actor"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # the index by actor and time serves
        help_text=_("Empty: the system itself."),
    )
    verb = models.CharField(_("what happened"), max_length=80)
    target_type = models.CharField(_("kind of record"), max_length=80)
    target_id = models.CharField(_("record"), max_length=40)
    target_label = models.CharField(_("record's name"), max_length=200)
    before = models.JSONField(_("before"), default=dict, blank=True)
    after = models.JSONField(_("after"), default=dict, blank=True)
    # Keys of people.Employee and people.Dealer as they were at the time: this room stands below people, so they are no foreign keys.
    # Empty: nobody in particular, no dealer's; and in rows from before they were kept.
    about = models.BigIntegerField(_("about whom"), null=True, blank=True)
    dealer = models.BigIntegerField(_("at which dealer"), null=True, blank=True)
    run_by = models.CharField(_("run by"), max_length=200, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["-at", "-pk"]
        permissions = [("view_events", "Sees who did what to whom, at the own dealer or in the group")]
        indexes = [
            models.Index(fields=["target_type", "target_id"], name="audit_event_target"),
            models.Index(fields=["dealer", "-at", "-id"], name="audit_event_dealer"),
            models.Index(fields=["dealer", "verb", "-at", "-id"], name="audit_event_dealer_verb"),
            models.Index(fields=["about", "-at", "-id"], name="audit_event_about"),
            models.Index(fields=["actor", "-at", "-id"], name="audit_event_actor"),
            models.Index(fields=["verb", "-at", "-id"], name="audit_event_verb"),
            # For “begins with”, in any collation.
            models.Index(fields=["target_label"], name="audit_event_label", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self):
        return f"{self.verb} {self.target_label}"
