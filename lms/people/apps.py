from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "lms.people"
    verbose_name = _("People")

    def ready(self):
        from lms.people import receivers  # noqa: F401  connects them
