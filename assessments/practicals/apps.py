from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PracticalsConfig(AppConfig):
    name = "assessments.practicals"
    verbose_name = _("Practical exams")

    def ready(self):
        from lms.common import triggers

        triggers.register(
            *triggers.append_only("practicals_sheet", "Scoring sheets", blankable=("comment",)),
            *triggers.append_only("practicals_sheetmark", "Marks on scoring sheets"),
        )
