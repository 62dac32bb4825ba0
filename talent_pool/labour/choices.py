from django.db import models
from django.utils.translation import gettext_lazy as _


class Severity(models.TextChoices):
    """What a finding does: one that blocks keeps a placement from starting, one that warns is shown."""

    BLOCK = "block", _("Blocks")
    WARN = "warn", _("Warns")


class Confidence(models.TextChoices):
    """How well we know a clause. What rests on little says so, and never blocks by itself."""

    READ = "read", _("Read in full")
    SEEN = "seen", _("Quoted by two sources")
    WEAK = "weak", _("Check the current text")


class Kind(models.TextChoices):
    """Of an internship; the last is one of older rules."""

    VISIT = "visit", _("Visit internship")
    POST = "post", _("Post internship")
    FOLLOW = "follow", _("Follow-along internship")


class Venue(models.TextChoices):
    """What kind of place an intern works in."""

    DEALER = "dealer", _("Dealer")
    BAR = "bar", _("Bar")
    KTV = "ktv", _("KTV")
    NET_CAFE = "net_cafe", _("Net café")


BANNED = frozenset({Venue.BAR, Venue.KTV, Venue.NET_CAFE})


class Contract(models.TextChoices):
    """Of employment, by how it ends."""

    FIXED = "fixed", _("Fixed term")
    OPEN = "open", _("Without an end")
    TASK = "task", _("Until a task is done")


class Unit(models.TextChoices):
    """What a threshold counts."""

    YEARS = "years", _("years old")
    PERCENT = "percent", "%"
    MONTHS = "months", _("months")
    HOURS_A_DAY = "hours_day", _("hours a day")
    HOURS_A_WEEK = "hours_week", _("hours a week")
    HOURS_A_MONTH = "hours_month", _("hours a month")
    DAYS_A_WEEK = "days_week", _("days a week")
    GRADE = "grade", _("grade of labour")


WHOLE = frozenset({Unit.YEARS, Unit.MONTHS, Unit.DAYS_A_WEEK, Unit.GRADE})
