"""Where interns work in turn: the stations of a dealer, and who is at which, with which mentor."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import CoursePage
from lms.common.bilingual import Bilingual
from lms.people.choices import Level, Track
from lms.people.models import Dealer, Employee, Position
from talent_pool.interns.models.placements import Placement


class Station(Bilingual, models.Model):
    """A place of work at a dealer where interns learn: reception, quick service, mechanical, electrical, body, paint …

    `position` is the post whose work it is: pay and shares are compared with it. `mentor_…` is what a mentor there must hold,
    `asks_…` what an intern must before they come.
    """

    dealer = models.ForeignKey(Dealer, verbose_name=_("dealer"), on_delete=models.PROTECT, related_name="stations")
    code = models.SlugField(_("code"), max_length=30)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    position = models.ForeignKey(Position, verbose_name=_("post whose work it is"), on_delete=models.PROTECT, related_name="+")
    capacity = models.PositiveSmallIntegerField(_("interns at once"), validators=[MinValueValidator(1)])
    weeks = models.PositiveSmallIntegerField(_("weeks planned"), default=4, validators=[MinValueValidator(1)])
    is_high_risk = models.BooleanField(_("high-risk work"), default=False)
    mentor_level = models.PositiveSmallIntegerField(_("least level of a mentor"), choices=Level, default=Level.NONE)
    mentor_certificate = models.CharField(_("OEM certificate of a mentor"), max_length=80, blank=True)
    asks_level = models.PositiveSmallIntegerField(_("least level of an intern"), choices=Level, default=Level.NONE)
    asks_track = models.CharField(_("on the track"), max_length=12, choices=Track, blank=True)
    asks_certificate = models.CharField(_("OEM certificate of an intern"), max_length=80, blank=True)
    asks_course = models.ForeignKey(
        CoursePage, verbose_name=_("course completed before"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    in_use = models.BooleanField(_("in use"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("station")
        verbose_name_plural = _("stations")
        ordering = ["order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["dealer", "code"], name="%(app_label)s_%(class)s_code_is_unique_at_dealer"),
            models.CheckConstraint(condition=Q(capacity__gte=1, weeks__gte=1), name="%(app_label)s_%(class)s_has_room_and_time"),
            models.CheckConstraint(condition=Q(mentor_level__lte=3, asks_level__lte=3), name="%(app_label)s_%(class)s_levels_are_0_to_3"),
        ]


class Rotation(models.Model):
    """An intern at a station with a mentor, from a first day to a last; those of one placement follow one another."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="rotations")
    station = models.ForeignKey(Station, verbose_name=_("station"), on_delete=models.PROTECT, related_name="rotations")
    mentor = models.ForeignKey(
        Employee, verbose_name=_("mentor"), null=True, blank=True, on_delete=models.PROTECT, related_name="mentored_rotations"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    planned_hours = models.PositiveSmallIntegerField(_("planned hours"))
    reason = models.CharField(_("why it was changed by hand"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("planned"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("rotation")
        verbose_name_plural = _("rotations")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="%(app_label)s_%(class)s_ends_after_it_starts"),
            models.UniqueConstraint(fields=["placement", "starts_on"], name="%(app_label)s_%(class)s_is_one_at_a_time"),
        ]
        indexes = [
            models.Index(fields=["station", "starts_on", "ends_on"], name="interns_rotation_of_station"),
            models.Index(fields=["mentor", "ends_on"], name="interns_rotation_of_mentor"),
        ]

    def __str__(self):
        return f"{self.placement_id} {self.starts_on}–{self.ends_on}"
