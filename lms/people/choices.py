from django.db import models
from django.utils.translation import gettext_lazy as _


class Track(models.TextChoices):
    SERVICE = "service", _("Service-advisor track")
    TECHNICAL = "technical", _("Technician track")


class Level(models.IntegerChoices):
    NONE = 0, _("Not yet graded")
    JUNIOR = 1, _("Level 1, junior")
    INTERMEDIATE = 2, _("Level 2, intermediate")
    SENIOR = 3, _("Level 3, senior")


# The word of a level alone, and the step alone: where both stand side by side, or room is short.
LEVEL_NAMES = {0: _("Not yet graded"), 1: _("Junior"), 2: _("Intermediate"), 3: _("Senior")}
LEVEL_STEPS = {1: _("Level 1"), 2: _("Level 2"), 3: _("Level 3")}


class Role(models.TextChoices):
    """Jobs in the system. Each is a Django group of that name holding the permissions in `roles.py`."""

    STAFF = "staff", _("Staff")
    SUPERVISOR = "supervisor", _("Supervisor")
    SERVICE_MANAGER = "service_manager", _("Service manager")
    GENERAL_MANAGER = "general_manager", _("General manager")
    HR = "hr", _("HR officer")
    GROUP_HR = "group_hr", _("Group HR")
    WATCHER = "watcher", _("Information assistant")
    EXAMINER = "examiner", _("Examiner")
    AUTHOR = "author", _("Course author")
    STUDENT = "student", _("Student")
    INTERN = "intern", _("Intern")
    MENTOR = "mentor", _("Mentor")
    COORDINATOR = "school_coordinator", _("School coordinator")


# Names of public holidays as the calendar package has them; rows entered by hand carry their own.
HOLIDAY_NAMES = {
    "New Year's Day": _("New Year's Day"),
    "Spring Festival": _("Spring Festival"),
    "Tomb-sweeping Day": _("Tomb-sweeping Day"),
    "Labour Day": _("Labour Day"),
    "Dragon Boat Festival": _("Dragon Boat Festival"),
    "National Day": _("National Day"),
    "Mid-autumn Festival": _("Mid-autumn Festival"),
}
