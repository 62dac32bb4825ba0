from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ObservationsConfig(AppConfig):
    name = "courses.observations"
    verbose_name = _("Observations")

    def ready(self):
        from lms.common import triggers, versions

        triggers.register(
            *versions.held("observations_checklist", "observations_checklistitem", "checklist_id", "Checklists"),
            *observation_triggers(),
            *triggers.append_only("observations_observation", "Observations", blankable=("note",)),
            *triggers.append_only("observations_observeditem", "Observed items"),
            *triggers.append_only("observations_acceptance", "Acceptances of observations", blankable=("words",)),
        )


def observation_triggers():
    """What is observed is observed by a version that stays, about somebody else, and item by item of that version."""
    from lms.common.triggers import Trigger

    frozen = "EXISTS (SELECT 1 FROM observations_checklist c WHERE c.id = NEW.checklist_id AND c.frozen_at IS NOT NULL)"
    yield Trigger(
        "observations_observation_is_by_a_version",
        "observations_observation",
        "INSERT",
        f"NOT {frozen}",
        "An observation is made by a version of its checklist that cannot change any more",
    )
    yield Trigger(
        "observations_observation_is_of_somebody_else",
        "observations_observation",
        "INSERT",
        "EXISTS (SELECT 1 FROM people_employee e WHERE e.id = NEW.subject_id AND e.user_id = NEW.observer_id)",
        "Nobody observes themselves",
    )
    yield Trigger(
        "observations_correction_is_of_the_same",
        "observations_observation",
        "INSERT",
        "NEW.corrects_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM observations_observation o WHERE o.id = NEW.corrects_id"
        " AND o.subject_id = NEW.subject_id AND o.checklist_id = NEW.checklist_id"
        " AND o.occasion = NEW.occasion AND o.reference = NEW.reference)",
        "A correction is of the same person, checklist and occasion as what it corrects",
    )
    yield Trigger(
        "observations_acceptance_is_by_whom_it_is_about",
        "observations_acceptance",
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM observations_observation o JOIN people_employee e ON e.id = o.subject_id"
        " WHERE o.id = NEW.observation_id AND e.user_id = NEW.answered_by_id)",
        "Only the person observed accepts an observation",
    )
    yield Trigger(
        "observations_observeditem_is_of_its_checklist",
        "observations_observeditem",
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM observations_observation o JOIN observations_checklistitem i ON i.checklist_id = o.checklist_id"
        " JOIN observations_checklist c ON c.id = o.checklist_id WHERE o.id = NEW.observation_id AND i.id = NEW.item_id"
        " AND NEW.value <= CASE c.scale WHEN 'steps' THEN 3 ELSE 5 END)",
        "What is observed is an item of the checklist, on its scale",
    )
