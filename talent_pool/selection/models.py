"""Whoever passed the internship is ranked, the best are offered a probation, and become staff (C4)."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.people.models import Dealer, Position
from talent_pool.interns.models import Batch, Placement


class Ranking(models.Model):
    """The order of those of a batch who passed, with the weights it was made by. Only ever added to; the latest of a batch holds."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="rankings")
    weight_internship = models.PositiveSmallIntegerField(_("weight of the internship, %"))
    weight_coursework = models.PositiveSmallIntegerField(_("weight of coursework, %"))
    weight_graduation = models.PositiveSmallIntegerField(_("weight of graduation, %"))
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("ranking")
        verbose_name_plural = _("rankings")
        ordering = ["-made_at", "-pk"]
        permissions = [
            ("view_selection", "Sees rankings, offers and probation of the own dealer"),
            ("select_interns", "Ranks interns, makes offers, confirms or ends probation"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(weight_internship=100 - F("weight_coursework") - F("weight_graduation")),
                name="%(app_label)s_%(class)s_weights_make_100",
            ),
        ]

    def __str__(self):
        return f"{self.batch} {self.made_at:%Y-%m-%d}"


class RankedIntern(models.Model):
    """One place of a ranking. Whoever lacks a part has no composite and no place; whoever is equal shares a place. Only ever added to."""

    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="places")
    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="ranked")
    internship = models.DecimalField(_("internship"), max_digits=5, decimal_places=2, null=True)
    coursework = models.DecimalField(_("coursework"), max_digits=5, decimal_places=2, null=True)
    graduation = models.DecimalField(_("graduation"), max_digits=5, decimal_places=2, null=True)
    composite = models.DecimalField(_("composite"), max_digits=7, decimal_places=4, null=True)
    place = models.PositiveSmallIntegerField(_("place"), null=True)

    class Meta:
        verbose_name = _("place of a ranking")
        verbose_name_plural = _("places of a ranking")
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ranking", "placement"], name="%(app_label)s_%(class)s_is_once_a_ranking"),
            models.CheckConstraint(
                condition=Q(composite=None, place=None) | Q(composite__isnull=False, place__gte=1),
                name="%(app_label)s_%(class)s_place_needs_a_composite",
            ),
        ]

    def __str__(self):
        return f"{self.ranking_id} {self.place}"


class TieDecision(models.Model):
    """Who of those who share a place comes before whom, decided by a person with a reason. Only ever added to; the latest holds."""

    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="ties")
    place = models.PositiveSmallIntegerField(_("place"))
    order = models.JSONField(_("in this order"))  # ids of `RankedIntern`
    reason = models.CharField(_("reason"), max_length=200)
    decided_at = models.DateTimeField(_("decided"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("decision of a tie")
        verbose_name_plural = _("decisions of ties")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.ranking_id} {self.place}"


class Offer(models.Model):
    """A probation offered to someone who passed the internship: the post, the contract, the dates, the pay, CNY a month.

    offered → accepted (they become staff on the first day) → confirmed or ended; or declined, or withdrawn.
    """

    class Contract(models.TextChoices):
        FIXED = "fixed", _("Fixed term")
        OPEN = "open", _("Without an end")
        TASK = "task", _("For one task")

    class Status(models.TextChoices):
        OFFERED = "offered", pgettext_lazy("internship", "Offered")
        ACCEPTED = "accepted", pgettext_lazy("internship", "Accepted")
        PROBATION = "probation", pgettext_lazy("internship", "On probation")
        CONFIRMED = "confirmed", pgettext_lazy("internship", "Confirmed")
        ENDED = "ended", pgettext_lazy("internship", "Ended")
        DECLINED = "declined", pgettext_lazy("internship", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("internship", "Withdrawn")

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="offers")
    ranked = models.ForeignKey(RankedIntern, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    dealer = models.ForeignKey(Dealer, verbose_name=_("dealer"), on_delete=models.PROTECT, related_name="offers")
    position = models.ForeignKey(Position, verbose_name=_("position"), on_delete=models.PROTECT, related_name="+")
    contract = models.CharField(_("contract"), max_length=8, choices=Contract, default=Contract.FIXED)
    contract_from = models.DateField(_("contract from"))
    contract_until = models.DateField(_("contract until"), null=True, blank=True)
    probation_until = models.DateField(_("probation until"), null=True, blank=True)
    probation_pay = models.DecimalField(
        _("pay during probation, CNY a month"), max_digits=10, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    agreed_pay = models.DecimalField(
        _("agreed pay, CNY a month"), max_digits=10, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.OFFERED)
    offered_at = models.DateTimeField(_("offered"))
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("offer of a probation")
        verbose_name_plural = _("offers of a probation")
        ordering = ["-offered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["placement"],
                condition=Q(status__in=["offered", "accepted", "probation", "confirmed"]),
                name="%(app_label)s_%(class)s_is_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(contract_until=None) | Q(contract_until__gte=F("contract_from")),
                name="%(app_label)s_%(class)s_contract_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(probation_until=None) | Q(probation_until__gte=F("contract_from")),
                name="%(app_label)s_%(class)s_probation_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(contract="fixed", contract_until__isnull=False) | ~Q(contract="fixed"),
                name="%(app_label)s_%(class)s_fixed_term_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, closed_reason="")
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="%(app_label)s_%(class)s_closed_has_time_and_person",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True) | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="%(app_label)s_%(class)s_answered_has_time_and_person",
            ),
        ]
        indexes = [models.Index(fields=["dealer", "status", "probation_until"], name="selection_offer_by_end")]

    def __str__(self):
        return f"{self.placement_id} {self.get_status_display()}"
