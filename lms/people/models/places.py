"""Where people work, as what, and on which days: the reference data that the group's HR keeps in the studio."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.common import limits
from lms.common.bilingual import Bilingual
from lms.common.zones import validate_time_zone
from lms.people.choices import Role, Track


class DealerGroup(Bilingual, models.Model):
    code = models.SlugField(_("code"), max_length=20, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("dealer group")
        verbose_name_plural = _("dealer groups")
        ordering = ["code"]


class Brand(Bilingual, models.Model):
    """A make of cars that dealers sell and service. Its maker certifies people and sends coaches."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        ordering = ["code"]


class Dealer(Bilingual, models.Model):
    """A 4S store: the unit that supervisors and HR see."""

    CODE = re.compile(r"[A-Z0-9](-?[A-Z0-9])*")

    group = models.ForeignKey(DealerGroup, verbose_name=_("dealer group"), on_delete=models.PROTECT, related_name="dealers")
    code = models.CharField(_("code"), max_length=20, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    brands = models.ManyToManyField(Brand, verbose_name=_("brands"), blank=True, related_name="dealers")
    city = models.CharField(_("city"), max_length=40, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")

    class Meta:
        verbose_name = _("dealer")
        verbose_name_plural = _("dealers")
        ordering = ["code"]

    def save(self, *args, **options):
        """Every page of the dealer's people depends on the zone, so the console's door is watched too."""
        validate_time_zone(self.time_zone)
        super().save(*args, **options)

    def clean(self):
        super().clean()
        if not self._state.adding and self.employees.exclude(group=self.group_id).exists():
            raise ValidationError({"group": _("This dealer has people. They stay with their group, and so does the dealer.")})
        if self._state.adding and not self.CODE.fullmatch(self.code):
            raise ValidationError(
                {"code": _("Capital letters, digits and hyphens only, such as YT01: it begins certificate numbers and file names.")}
            )
        try:
            validate_time_zone(self.time_zone)
        except ValidationError as error:
            raise ValidationError({"time_zone": error}) from None


class Department(Bilingual, models.Model):
    code = models.SlugField(_("code"), max_length=30, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["code"]


class Position(Bilingual, models.Model):
    """A post someone holds. Its track says by which grading it rises, its role what its holder may do here."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    department = models.ForeignKey(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="positions")
    track = models.CharField(_("track"), max_length=12, choices=Track, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.STAFF)
    is_leading = models.BooleanField(_("leading post"), default=False)
    is_outside = models.BooleanField(_("held by outside people"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["order", "code"]


class Holiday(models.Model):
    """A day on which the calendar differs from the week: a public holiday, or a weekend day worked in exchange (调休)."""

    on = models.DateField(_("day"), unique=True)
    name = models.CharField(_("name"), max_length=60)
    is_workday = models.BooleanField(_("is a make-up working day"), default=False)

    class Meta:
        verbose_name = _("holiday or make-up working day")
        verbose_name_plural = _("holidays and make-up working days")
        ordering = ["on"]

    def __str__(self):
        return f"{self.on} {self.name}"

    def clean(self):
        super().clean()
        if self.on and not limits.FIRST_YEAR <= self.on.year <= limits.LAST_YEAR:
            raise ValidationError({"on": _("This day lies too far back or ahead; look at the year.")})
