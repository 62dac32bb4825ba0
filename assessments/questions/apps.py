from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuestionsConfig(AppConfig):
    name = "assessments.questions"
    verbose_name = _("Question bank")

    def ready(self):
        from lms.common import triggers

        triggers.register(*triggers.append_only("questions_questionversion", "Question versions"))
