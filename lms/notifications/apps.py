from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "lms.notifications"
    verbose_name = _("Notices")

    def ready(self):
        from django.utils.module_loading import autodiscover_modules

        from lms.notifications import receivers, transports  # noqa: F401

        transports.load()
        autodiscover_modules("notices")
