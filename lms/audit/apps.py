from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "lms.audit"
    verbose_name = _("Audit")

    def ready(self):
        from django.utils.module_loading import autodiscover_modules

        from lms.common import triggers

        triggers.register(*triggers.append_only("audit_event", "Audit events"))
        autodiscover_modules("verbs")
