from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "lms.jobs"
    verbose_name = _("Background jobs")

    def ready(self):
        from lms.common import lists
        from lms.jobs.actions import export_later

        lists.export_later = export_later
