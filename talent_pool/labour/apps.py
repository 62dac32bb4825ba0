from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LabourConfig(AppConfig):
    name = "talent_pool.labour"
    verbose_name = _("Rule check")

    def ready(self):
        from django.utils.module_loading import autodiscover_modules

        from lms.common import triggers
        from talent_pool.labour import receivers  # noqa: F401  hears when people come, move and leave

        triggers.register(
            *triggers.append_only("labour_threshold", "Thresholds"),
            *triggers.append_only("labour_minimumwage", "Minimum wages"),
            *finding_triggers(),
        )
        autodiscover_modules("facts")


def finding_triggers():
    """A finding keeps whom and when it is about, is cured once, and stays on record."""
    from lms.common.triggers import Trigger

    same = ("rule", "dealer_id", "person_id", "intern", "place", "first_found_at")
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in same)
    yield Trigger("labour_finding_stays_what_it_is_of", "labour_finding", "UPDATE", changed, "A finding stays what it is of")
    yield Trigger("labour_finding_is_cured_once", "labour_finding", "UPDATE", "OLD.gone_at IS NOT NULL", "A finding is cured once")
    yield Trigger("labour_finding_no_delete", "labour_finding", "DELETE", "1 = 1", "Findings stay on record")
