from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.common.bilingual import in_language
from lms.people.choices import Level, Track
from lms.people.models import Brand, Employee

EXPIRING_DAYS = 90  # before its last day a certificate is said to expire soon


class State(models.TextChoices):
    VALID = "valid", _("Valid")
    EXPIRING = "expiring", _("Expires soon")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")


class Dated:
    """How long a certificate of either kind is good; `queries.with_state` says the same in the database."""

    revoked_at: datetime | None = None

    def state_on(self, day):
        """revoked, expired, expiring (within 90 days) or valid; on the last day itself it is still good."""
        if self.revoked_at:
            return "revoked"
        if self.expires_on is None:
            return "valid"
        if self.expires_on < day:
            return "expired"
        return "expiring" if (self.expires_on - day).days <= EXPIRING_DAYS else "valid"


class Certificate(Dated, models.Model):
    """A certificate of ours (G9). What it says is frozen at issue; `code` is what the QR code leads to."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="certificates")
    number = models.CharField(_("number"), max_length=30, unique=True)
    code = models.CharField(_("verification code"), max_length=24, unique=True)
    # What it was issued for ("candidacy:17", "renewal:…", "correction:…"); issuing twice for one thing is refused by the database.
    source = models.CharField(max_length=60, unique=True)
    track = models.CharField(_("track"), max_length=12, choices=Track)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices[1:])
    holder_name = models.CharField(_("holder"), max_length=60)
    dealer_zh = models.CharField(max_length=80)
    dealer_en = models.CharField(max_length=80, blank=True)
    # Who signed, as the paper says it: [{"name", "title": {"zh", "en"}, "signed_on": "2026-11-20"}, …]. Those of version 0.1 name nobody.
    signatories = models.JSONField(_("signed by"), default=list, blank=True, editable=False)
    issued_at = models.DateTimeField(_("issued"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revoked_reason = models.CharField(_("why revoked"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-issued_at", "-pk"]
        indexes = [models.Index(fields=["issued_at", "id"], name="certification_by_issue")]
        permissions = [("manage_certificates", "Records OEM certificates, revokes certificates")]
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="%(app_label)s_%(class)s_level_is_1_to_3"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="%(app_label)s_%(class)s_revoked_has_time_and_person",
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def cause(self):
        """What the level rests on: an exam, or a written decision of HR without one."""
        kind = self.source.partition(":")[0]
        return kind if kind in ("renewal", "correction") else "exam"

    @property
    def dealer_name(self):
        return in_language(self.dealer_zh, self.dealer_en)

    @property
    def masked_holder(self):
        """As much of the name as a stranger with the certificate in hand needs: 陈**."""
        return f"{self.holder_name[:1]}**"


class OEMCertificate(Dated, models.Model):
    """A maker's certificate (厂家认证, G8) with its evidence."""

    employee = models.ForeignKey(Employee, verbose_name=_("employee"), on_delete=models.PROTECT, related_name="oem_certificates")
    name = models.CharField(_("certificate"), max_length=80)
    brand = models.ForeignKey(
        Brand, verbose_name=_("brand"), null=True, blank=True, on_delete=models.PROTECT, related_name="oem_certificates"
    )
    level = models.PositiveSmallIntegerField(_("OEM level"))
    number = models.CharField(_("number"), max_length=40)
    issued_on = models.DateField(_("issued on"))
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    evidence = models.FileField(_("evidence"), upload_to="oem/%Y/%m/", blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("OEM certificate")
        verbose_name_plural = _("OEM certificates")
        ordering = ["-issued_on"]
        indexes = [models.Index(fields=["expires_on", "id"], name="certification_oem_by_expiry")]
        constraints = [
            models.UniqueConstraint(fields=["name", "number"], name="%(app_label)s_%(class)s_number_is_unique"),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gt=F("issued_on")), name="%(app_label)s_%(class)s_expires_after_issue"
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.level} · {self.number}"
