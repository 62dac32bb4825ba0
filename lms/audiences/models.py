from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.people.models import Employee


class Audience(models.Model):
    """Who is meant by a programme, and by whatever else concerns some people and not others. `rule.Rule` says how it is read.

    `asks` and `by_name` say of the rows beside it what a query would otherwise have to count: how many different conditions there
    are, and whether only those are meant who are named. Only `actions` write them.
    """

    class Unit(models.TextChoices):
        DAYS = "days", _("days")
        MONTHS = "months", _("months")

    since_least = models.PositiveSmallIntegerField(_("here for at least"), null=True, blank=True)
    since_most = models.PositiveSmallIntegerField(_("here for less than"), null=True, blank=True)
    since_unit = models.CharField(_("days or months"), max_length=6, choices=Unit, default=Unit.MONTHS)
    asks = models.PositiveSmallIntegerField(default=0, editable=False)
    by_name = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
        constraints = [
            models.CheckConstraint(
                condition=Q(since_least__isnull=True) | Q(since_most__isnull=True) | Q(since_least__lt=F("since_most")),
                name="%(app_label)s_%(class)s_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(by_name=False) | Q(asks=0, since_least__isnull=True, since_most__isnull=True),
                name="%(app_label)s_%(class)s_by_name_asks_nothing",
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"


class Condition(models.Model):
    """One value that meets one condition. `name` is one of the registry's (`conditions`), `value` what it reads."""

    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="conditions")
    name = models.CharField(max_length=20)
    value = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["audience", "name", "value"], name="%(app_label)s_%(class)s_is_said_once")]

    def __str__(self):
        return f"{self.name}: {self.value}"


class NamedPerson(models.Model):
    """Someone who is meant whatever the conditions say."""

    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="named")
    person = models.ForeignKey(Employee, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("person by name")
        verbose_name_plural = _("people by name")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["audience", "person"], name="%(app_label)s_%(class)s_is_named_once")]

    def __str__(self):
        return str(self.person_id)
