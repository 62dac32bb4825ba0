from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExamsConfig(AppConfig):
    name = "assessments.exams"
    verbose_name = _("Exams")

    def ready(self):
        from lms.common import triggers

        triggers.register(
            *triggers.append_only("exams_attemptevent", "Events of an attempt", blankable=("data",)),
        )
