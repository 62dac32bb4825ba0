from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InternsConfig(AppConfig):
    name = "talent_pool.interns"
    verbose_name = _("Interns")

    def ready(self):
        from lms.common import triggers

        triggers.register(*triggers.append_only("interns_note", "Notes on internships", blankable=("words",)))
