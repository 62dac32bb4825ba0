from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    """One thing that one person is told, once: (recipient, kind, key) is unique, so telling it again changes nothing.

    The words are in `templates/notifications/<kind>.txt` (first line: subject) and are rendered in the reader's language
    when shown or mailed; `context` holds plain values, names in two languages as {"zh": …, "en": …}.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    context = models.JSONField(default=dict, blank=True)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "kind", "key"], name="%(app_label)s_%(class)s_is_told_once"),
        ]
        indexes = [
            models.Index(fields=["recipient"], condition=models.Q(read_at__isnull=True), name="notifications_unread"),
        ]

    def __str__(self):
        return f"{self.kind} → {self.recipient_id}"


class Delivery(models.Model):
    """One message of a notice over one channel, claimed by one worker before it is sent."""

    class Channel(models.TextChoices):
        MAIL = "mail", _("E-mail")
        FORMER_MAIL = "former", _("The e-mail address before")

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel)
    address = models.EmailField(blank=True, help_text=_("Empty: the recipient's own at the time of sending."))
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="%(app_label)s_%(class)s_is_one_a_channel"),
        ]
        indexes = [
            models.Index(fields=["channel", "tries"], condition=models.Q(sent_at__isnull=True), name="notifications_unsent"),
        ]

    def __str__(self):
        return f"{self.channel} {self.notice_id}"
