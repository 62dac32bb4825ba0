from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InternsConfig(AppConfig):
    name = "talent_pool.interns"
    verbose_name = _("Interns")

    def ready(self):
        from lms.common import triggers

        triggers.register(*log_triggers(), *triggers.append_only("interns_note", "Notes on internships", blankable=("words",)))


def log_triggers():
    """A weekly log that was handed in keeps its words, or has none any more."""
    from lms.common.triggers import Trigger

    other = "OLD.submitted_at IS NOT NULL AND NEW.text <> OLD.text AND NEW.text <> ''"
    says = "A weekly log that was handed in stays as it is"
    yield Trigger("interns_weeklylog_keeps_its_words", "interns_weeklylog", "UPDATE", other, says)
