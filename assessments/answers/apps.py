from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnswersConfig(AppConfig):
    name = "assessments.answers"
    verbose_name = _("Answers")

    def ready(self):
        from lms.common import triggers

        triggers.register(
            *triggers.append_only("answers_response", "Responses", blankable=("response",)),
            *triggers.append_only("answers_mark", "Marks", blankable=("reason",)),
        )
