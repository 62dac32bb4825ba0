from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "lms.people"
    verbose_name = _("People")

    def ready(self):
        from lms.common import triggers

        triggers.register(
            *triggers.append_only("people_employmentevent", "Lines of a person's history", blankable=("reason",)),
        )
