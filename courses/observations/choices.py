from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class Step(models.IntegerChoices):
    """How far someone has come with a task at one sign-off."""

    WATCHED = 1, _("Watched")
    HELPED = 2, _("Helped")
    ALONE = 3, _("Alone")


class Mark(models.IntegerChoices):
    """The points of an evaluation."""

    POOR = 1, _("Poor")
    WEAK = 2, _("Below what is expected")
    FAIR = 3, _("As expected")
    GOOD = 4, _("Good")
    EXCELLENT = 5, _("Excellent")


MOST_POINTS = Mark.EXCELLENT.value


class Occasion(NamedTuple):
    """What an observation is made for: a kind that the asking room names ("task_book"), and which one of that kind."""

    kind: str
    reference: str
