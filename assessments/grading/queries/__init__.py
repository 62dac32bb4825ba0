from assessments.grading.queries.findings import computations_of
from assessments.grading.queries.guards import missing_for, missing_to_become, next_state, stepper_of
from assessments.grading.queries.judging import judged_by_one, sat, sheets_missing, unjudged, without_sheet
from assessments.grading.queries.ladder import newest_decisions
from assessments.grading.queries.panels import line_managers_on_panel, open_changes, panel_of, people_for_seats, seats_open, why_not_seated
from assessments.grading.queries.preview import names_not_printable, publication_preview
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
    "computations_of",
    "cycles_visible_to",
    "judged_by_one",
    "levels_admitted",
    "line_managers_on_panel",
    "missing_for",
    "missing_to_become",
    "names_not_printable",
    "newest_decisions",
    "next_state",
    "open_changes",
    "panel_of",
    "people_for_seats",
    "people_in_track",
    "people_not_candidates",
    "publication_preview",
    "rubric_for",
    "sat",
    "seats_open",
    "sheets_missing",
    "stepper_of",
    "unjudged",
    "why_not_seated",
    "without_sheet",
]
