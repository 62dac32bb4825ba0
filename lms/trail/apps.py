from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrailConfig(AppConfig):
    name = "lms.trail"
    verbose_name = _("Audit log")

    def ready(self):
        from lms.trail import receivers

        receivers.connect()
