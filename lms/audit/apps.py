from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "lms.audit"
    verbose_name = _("Audit")

    def ready(self):
        from django.utils.module_loading import autodiscover_modules

        from lms.common import triggers

        # Names and values of a person stand in these three; who did what to which record, and when, stays for ever.
        blankable = ("target_label", "before", "after")
        triggers.register(*triggers.append_only("audit_event", "Audit events", blankable))
        autodiscover_modules("verbs")
