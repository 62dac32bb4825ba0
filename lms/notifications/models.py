from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.people.models import Dealer


class Channel(models.Model):
    """Where notices reach someone: a person, or a group of a dealer that reads together.

    `transport` names a module of `lms.notifications.transports`. Without an address it is the one that the person has at the time of
    sending. One that is off is used only where that is asked for, as an address someone had before.
    """

    transport = models.CharField(_("transport"), max_length=20)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="channels")
    dealer = models.ForeignKey(Dealer, null=True, blank=True, on_delete=models.CASCADE, related_name="channels")
    address = models.CharField(_("address"), max_length=254, blank=True)
    is_on = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, dealer__isnull=True) | Q(user__isnull=True, dealer__isnull=False),
                name="%(app_label)s_%(class)s_is_a_persons_or_a_groups",
            ),
            models.CheckConstraint(
                condition=Q(dealer__isnull=True) | ~Q(address=""), name="%(app_label)s_%(class)s_of_a_group_has_an_address"
            ),
            models.UniqueConstraint(
                fields=["user", "transport", "address"], condition=Q(user__isnull=False), name="%(app_label)s_%(class)s_is_one_a_person"
            ),
            models.UniqueConstraint(
                fields=["dealer", "transport", "address"], condition=Q(dealer__isnull=False), name="%(app_label)s_%(class)s_is_one_a_group"
            ),
        ]

    def __str__(self):
        return f"{self.transport} → {self.user or self.dealer}"


class Notice(models.Model):
    """One thing that one person is told, or that is posted to one group, once: telling it again changes nothing.

    Its kind is declared in a room's `notices.py`; the words are in `templates/notifications/<kind>.txt` (first line: subject) and are
    rendered in the reader's language when shown or sent. `context` holds plain values, names in two languages as {"zh": …, "en": …}.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="notices")
    posted_to = models.ForeignKey(Channel, null=True, blank=True, on_delete=models.PROTECT, related_name="posts")
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
            models.UniqueConstraint(fields=["posted_to", "kind", "key"], name="%(app_label)s_%(class)s_is_posted_once"),
            models.CheckConstraint(
                condition=Q(recipient__isnull=False, posted_to__isnull=True) | Q(recipient__isnull=True, posted_to__isnull=False),
                name="%(app_label)s_%(class)s_has_a_reader",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notifications_unread"),
        ]

    def __str__(self):
        return f"{self.kind} → {self.recipient_id or self.posted_to}"


class Delivery(models.Model):
    """One message of a notice over one channel, claimed by one worker before it is sent."""

    class Dropped(models.TextChoices):
        LEFT = "left", _("The reader has left")
        DONE = "done", _("Done before it was sent")
        NO_ADDRESS = "address", _("There is no address any more")

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="deliveries")
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped = models.CharField(_("why it was not sent"), max_length=8, choices=Dropped, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="%(app_label)s_%(class)s_is_one_a_channel"),
            models.CheckConstraint(condition=Q(dropped="") | Q(sent_at__isnull=True), name="%(app_label)s_%(class)s_is_sent_or_dropped"),
        ]
        indexes = [
            models.Index(fields=["tries"], condition=Q(sent_at__isnull=True, dropped=""), name="notifications_unsent"),
        ]

    def __str__(self):
        return f"{self.notice_id} {self.channel}"
