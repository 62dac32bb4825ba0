from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.grading.choices import Outcome
from assessments.grading.models.cycles import Cycle
from lms.people.choices import Level
from lms.people.models import Employee


class Candidacy(models.Model):
    """One person in one cycle, aiming one level up (G2, G4)."""

    Outcome = Outcome

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="candidacies")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="candidacies")
    from_level = models.PositiveSmallIntegerField(_("from level"), choices=Level)
    to_level = models.PositiveSmallIntegerField(_("to level"), choices=Level)
    is_eligible = models.BooleanField(_("eligible"), default=False)
    # Those of the newest computation, for reading: {"rule", "version", "met", "have", "need", "figures"}. The words are made when shown.
    findings = models.JSONField(_("findings"), default=list, blank=True)
    computed_at = models.DateTimeField(_("computed"), null=True, blank=True)
    computations = models.PositiveSmallIntegerField(_("how often computed"), default=0)
    waived_at = models.DateTimeField(_("waived"), null=True, blank=True)
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    waived_reason = models.CharField(_("why waived"), max_length=200, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, default=Outcome.PENDING)

    class Meta:
        verbose_name = _("candidacy")
        verbose_name_plural = _("candidacies")
        constraints = [
            models.UniqueConstraint(fields=["cycle", "employee"], name="%(app_label)s_%(class)s_is_once_a_cycle"),
            models.CheckConstraint(condition=Q(to_level=F("from_level") + 1, to_level__lte=3), name="%(app_label)s_%(class)s_is_one_step"),
            models.CheckConstraint(
                condition=Q(waived_at__isnull=True, waived_by__isnull=True) | Q(waived_at__isnull=False, waived_by__isnull=False),
                name="%(app_label)s_%(class)s_waived_has_time_and_person",
            ),
        ]

    def __str__(self):
        return f"{self.employee} · {self.cycle}"

    @property
    def may_sit(self):
        return self.is_eligible or self.waived_at is not None


class Finding(models.Model):
    """What one computation of eligibility found by one rule, and the records it used (G4, G10). The computation with the highest
    `number` counts; older ones stay readable. Only ever added to."""

    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="all_findings")
    number = models.PositiveSmallIntegerField(_("computation of the candidacy, from 1"))
    rule = models.CharField(_("rule"), max_length=20)
    version = models.PositiveSmallIntegerField(_("version of the rule"))
    met = models.BooleanField(_("met"))
    have = models.IntegerField(_("found"), null=True, blank=True)
    need = models.IntegerField(_("asked for"), null=True, blank=True)
    figures = models.JSONField(_("what it was judged by"), default=dict, blank=True)
    records = models.JSONField(_("ids of the records used"), default=dict, blank=True)
    found_at = models.DateTimeField(_("found"))
    # None: from before it was kept.
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["candidacy", "number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["candidacy", "number", "rule"], name="%(app_label)s_%(class)s_is_one_a_rule_and_computation"),
            models.CheckConstraint(condition=Q(number__gte=1, version__gte=1), name="%(app_label)s_%(class)s_is_numbered_from_1"),
        ]

    def __str__(self):
        return f"{self.candidacy_id} · {self.number} · {self.rule}"

    def as_found(self):
        """As `eligibility.findings_of` gave it, but for the records."""
        return {name: getattr(self, name) for name in ("rule", "version", "met", "have", "need", "figures")}


class Waiver(models.Model):
    """HR lets someone sit although one thing was found open (G4). Only ever added to; in force while `Candidacy.waived_at` stands."""

    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="waiver")
    reason = models.CharField(_("reason"), max_length=200)
    waived_at = models.DateTimeField(_("waived"))
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="%(app_label)s_%(class)s_has_a_reason")]

    def __str__(self):
        return str(self.finding)


class MissingSheet(models.Model):
    """Why one examiner did not score one candidate's practical (G3): recorded by someone else, read by the panel. Only ever added to."""

    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="missing_sheets")
    examiner = models.ForeignKey(Employee, verbose_name=_("examiner"), on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("missing sheet")
        verbose_name_plural = _("missing sheets")
        constraints = [
            models.UniqueConstraint(fields=["candidacy", "examiner"], name="%(app_label)s_%(class)s_is_one_an_examiner"),
            models.CheckConstraint(condition=~Q(reason=""), name="%(app_label)s_%(class)s_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.candidacy_id} · {self.examiner}"
