from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GradingConfig(AppConfig):
    name = "assessments.grading"
    verbose_name = _("Grading")

    def ready(self):
        from assessments.grading import triggers as own
        from assessments.grading.permissions import sits_on_a_panel
        from lms.common import triggers
        from lms.people.signers import also_signs

        also_signs(sits_on_a_panel)
        triggers.register(
            *own.level_triggers(),
            *triggers.append_only("grading_finding", "Findings"),
            *triggers.append_only("grading_leveldecision", "Level decisions"),
            *triggers.append_only("grading_component", "The components of a cycle"),
            *triggers.append_only("grading_missingsheet", "Reasons for missing sheets"),
            *triggers.append_only("grading_waiver", "Waivers"),
            *own.finding_triggers(),
            *own.panel_triggers(),
            *own.seat_triggers(),
            *own.lock_triggers(),
            *own.result_triggers(),
        )
