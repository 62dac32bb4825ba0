from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.people.models import Dealer, DealerGroup, Employee
from talent_pool.labour.choices import Confidence, Severity


class Threshold(models.Model):
    """What a group takes as the limit of a rule, or as its severity, from a day on (C5): of those that have begun the newest holds, and
    of the same day the one that was set last. Only ever added to."""

    group = models.ForeignKey(DealerGroup, verbose_name=_("dealer group"), on_delete=models.PROTECT, related_name="thresholds")
    rule = models.CharField(_("rule"), max_length=40)
    # In the unit of the rule; None: the rule has no number.
    value = models.DecimalField(_("limit"), max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)])
    # Empty: as declared.
    severity = models.CharField(_("severity"), max_length=8, choices=Severity, blank=True)
    from_on = models.DateField(_("valid from"))
    reason = models.CharField(_("reason"), max_length=200)
    set_at = models.DateTimeField(_("set"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("threshold of a rule")
        verbose_name_plural = _("thresholds of rules")
        ordering = ["rule", "from_on", "pk"]
        permissions = [("set_thresholds", "Sets the limits of the rule check")]
        indexes = [models.Index(fields=["group", "from_on"], name="labour_threshold_of_group")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="%(app_label)s_%(class)s_has_a_reason"),
            models.CheckConstraint(condition=Q(value=None) | Q(value__gte=0), name="%(app_label)s_%(class)s_value_is_not_negative"),
        ]

    def __str__(self):
        return f"{self.rule} {self.from_on}"


class MinimumWage(models.Model):
    """The local minimum wage of a dealer's place, CNY a month, from a day on; the newest that has begun holds. Only ever added to."""

    dealer = models.ForeignKey(Dealer, verbose_name=_("dealer"), on_delete=models.PROTECT, related_name="minimum_wages")
    amount = models.DecimalField(
        _("minimum wage, CNY a month"), max_digits=10, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    from_on = models.DateField(_("valid from"))
    source = models.CharField(_("source"), max_length=200)
    set_at = models.DateTimeField(_("set"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("local minimum wage")
        verbose_name_plural = _("local minimum wages")
        ordering = ["dealer__code", "from_on", "pk"]
        permissions = [("set_minimum_wages", "Sets the local minimum wage of a dealer")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="%(app_label)s_%(class)s_is_positive"),
            models.CheckConstraint(condition=~Q(source=""), name="%(app_label)s_%(class)s_has_a_source"),
        ]

    def __str__(self):
        return f"{self.dealer} {self.from_on}"


class Finding(models.Model):
    """That a rule is broken (C5): by one placement, by one contract, or, without a person, by a dealer as a whole. While it is open it is
    one; it is cured when a later check finds it no more. Never a birth date: the figures say what was found without it."""

    rule = models.CharField(_("rule"), max_length=40)
    dealer = models.ForeignKey(Dealer, verbose_name=_("dealer"), on_delete=models.PROTECT, related_name="findings_of_rules")
    person = models.ForeignKey(
        Employee, verbose_name=_("person"), null=True, blank=True, on_delete=models.PROTECT, related_name="findings_of_rules"
    )
    # Our student code, and the id of the placement; of a dealer both are empty.
    intern = models.CharField(_("student code"), max_length=40, blank=True)
    place = models.CharField(_("placement"), max_length=40, blank=True)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity)
    confidence = models.CharField(_("confidence"), max_length=8, choices=Confidence)
    # [[case, figures], …], said by `rules.declared` when it is read.
    particulars = models.JSONField(default=list)
    first_found_at = models.DateTimeField(_("first found"))
    gone_at = models.DateTimeField(_("cured"), null=True, blank=True)

    class Meta:
        verbose_name = _("finding of the rule check")
        verbose_name_plural = _("findings of the rule check")
        ordering = ["-first_found_at", "-pk"]
        permissions = [("view_findings", "Sees what the rule check found")]
        indexes = [
            models.Index(fields=["dealer", "gone_at", "severity"], name="labour_finding_of_dealer"),
            models.Index(fields=["first_found_at", "id"], name="labour_finding_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "person", "place", "dealer"],
                condition=Q(gone_at=None, person__isnull=False),
                name="%(app_label)s_%(class)s_is_open_once_a_placement",
            ),
            models.UniqueConstraint(
                fields=["rule", "dealer"],
                condition=Q(gone_at=None, person__isnull=True),
                name="%(app_label)s_%(class)s_is_open_once_a_dealer",
            ),
            models.CheckConstraint(
                condition=Q(gone_at=None) | Q(gone_at__gte=models.F("first_found_at")), name="%(app_label)s_%(class)s_is_cured_after_found"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(intern="", place=""), name="%(app_label)s_%(class)s_of_a_dealer_names_nobody"
            ),
        ]

    def __str__(self):
        return f"{self.rule} {self.intern or self.dealer}"

    @property
    def is_open(self):
        return self.gone_at is None

    @property
    def key(self):
        return self.rule, self.person_id, self.place
