from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OnboardingConfig(AppConfig):
    name = "talent_pool.onboarding"
    verbose_name = _("Task books")

    def ready(self):
        from lms.common import triggers

        triggers.register(*task_book_triggers(), *triggers.append_only("onboarding_handover", "Handings on", blankable=("reason",)))


def task_book_triggers():
    """A book is begun by a version of its checklist, for one person, and stays so; nobody signs off their own tasks."""
    from lms.common.triggers import Trigger

    yield Trigger(
        "onboarding_taskbook_has_a_frozen_checklist",
        "onboarding_taskbook",
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM observations_checklist c WHERE c.id = NEW.checklist_id"
        " AND c.frozen_at IS NOT NULL AND c.scale = 'steps')",
        "A task book is opened with a version of a checklist of tasks that cannot change any more",
    )
    yield Trigger(
        "onboarding_taskbook_keeps_its_person",
        "onboarding_taskbook",
        "UPDATE",
        "NEW.newcomer_id <> OLD.newcomer_id OR NEW.checklist_id <> OLD.checklist_id OR NEW.starts_on <> OLD.starts_on"
        " OR NEW.dealer_id <> OLD.dealer_id",
        "A task book stays that of its newcomer, checklist, dealer and first day",
    )
    yield Trigger(
        "onboarding_taskbook_closed_stays_closed",
        "onboarding_taskbook",
        "UPDATE",
        "OLD.closed_at IS NOT NULL",
        "A task book that is closed stays as it is",
    )
    yield Trigger("onboarding_taskbook_no_delete", "onboarding_taskbook", "DELETE", "1 = 1", "Task books are never deleted")
