from assessments.grading.queries.guards import missing_for, missing_to_become, next_state, sat, stepper_of
from assessments.grading.queries.ladder import ladder_of
from assessments.grading.queries.panels import line_managers_on_panel, panel_of, seats_open
from assessments.grading.queries.preview import publication_preview
from assessments.grading.queries.records import (
    admitted,
    blueprint_for,
    candidacies_visible_to,
    cycles_visible_to,
    levels_admitted,
    people_in_track,
    people_not_candidates,
    rubric_for,
)

__all__ = [
    "admitted",
    "blueprint_for",
    "candidacies_visible_to",
    "cycles_visible_to",
    "ladder_of",
    "levels_admitted",
    "line_managers_on_panel",
    "missing_for",
    "missing_to_become",
    "next_state",
    "panel_of",
    "people_in_track",
    "people_not_candidates",
    "publication_preview",
    "rubric_for",
    "sat",
    "seats_open",
    "stepper_of",
]
