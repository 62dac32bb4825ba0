from assessments.grading.queries.components import (
    arrangements_of,
    part_of,
    practicals_of,
    results_by_candidacy,
    results_of,
    sittings_of,
    waiting_for_date,
)
from assessments.grading.queries.findings import computations_of
from assessments.grading.queries.guards import missing_for, missing_to_become, next_state, stepper_of
from assessments.grading.queries.judging import judged_by_one, sat, sheets_missing, unjudged, without_sheet
from assessments.grading.queries.ladder import decisions_held_by, newest_decisions, rests_on
from assessments.grading.queries.panels import line_managers_on_panel, open_changes, panel_of, people_for_seats, seats_open, why_not_seated
from assessments.grading.queries.preview import names_not_printable, publication_preview
from assessments.grading.queries.records import (
    admitted,
    candidacies_visible_to,
    cycles_visible_to,
    levels_admitted,
    people_in_track,
    people_not_candidates,
    steps_of_the_quarter,
    under_way,
    who_left,
)

__all__ = [
    "admitted",
    "arrangements_of",
    "candidacies_visible_to",
    "computations_of",
    "cycles_visible_to",
    "decisions_held_by",
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
    "part_of",
    "people_for_seats",
    "people_in_track",
    "people_not_candidates",
    "practicals_of",
    "publication_preview",
    "rests_on",
    "results_by_candidacy",
    "results_of",
    "sat",
    "seats_open",
    "sheets_missing",
    "sittings_of",
    "stepper_of",
    "steps_of_the_quarter",
    "under_way",
    "unjudged",
    "waiting_for_date",
    "who_left",
    "why_not_seated",
    "without_sheet",
]
