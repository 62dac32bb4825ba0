from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "courses.training"
    verbose_name = _("Training")

    def ready(self):
        from lms.common import triggers

        triggers.register(*triggers.append_only("training_attendancecorrection", "Attendance corrections", blankable=("reason",)))
