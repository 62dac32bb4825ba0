from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GradingConfig(AppConfig):
    name = "assessments.grading"
    verbose_name = _("Grading")

    def ready(self):
        from assessments.grading.permissions import sits_on_a_panel
        from lms.common import triggers
        from lms.people.signers import also_signs

        also_signs(sits_on_a_panel)
        triggers.register(*step_triggers(), *triggers.append_only("grading_award", "Awards"))


def step_triggers():
    """Rule G2 in the database: an award starts from the level reached so far, belongs to a published cycle of its quarter and track,
    and the levels on the employee row are what the awards say."""
    from lms.common.triggers import Trigger

    def reached(person, track):  # column names of ours, nothing from outside
        return f"COALESCE((SELECT MAX(a.to_level) FROM grading_award a WHERE a.employee_id = {person} AND a.track = {track}), 0)"  # noqa: S608

    yield Trigger(
        "grading_award_starts_from_the_level_reached",
        "grading_award",
        "INSERT",
        f"NEW.from_level <> {reached('NEW.employee_id', 'NEW.track')}",
        "An award must start from the level reached so far (G2)",
    )
    yield Trigger(
        "grading_award_belongs_to_a_published_cycle",
        "grading_award",
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM grading_cycle c WHERE c.id = NEW.cycle_id AND c.track = NEW.track AND c.year = NEW.year"
        " AND c.quarter = NEW.quarter AND c.status IN ('published', 'closed'))",
        "An award belongs to a published cycle of its own track and quarter (G5)",
    )
    yield Trigger(
        "people_employee_starts_without_a_level",
        "people_employee",
        "INSERT",
        "NEW.service_level <> 0 OR NEW.technical_level <> 0",
        "A new employee has no level yet (G2)",
    )
    for track in ("service", "technical"):
        column = f"{track}_level"
        yield Trigger(
            f"people_employee_{track}_level_is_awarded",
            "people_employee",
            "UPDATE",
            f"NEW.{column} <> OLD.{column} AND NEW.{column} <> {reached('NEW.id', repr(track))}",
            "A level changes only by an award (G2)",
        )
