"""Reads of the training room."""

from courses.training.queries.boards import Board, board_of, lead_of, material_due_on, who_presents
from courses.training.queries.figures import attendance_in, attendances_in, length_of, reflections_owed
from courses.training.queries.plans import Plan, PlanRow, gap_of, plan_of, sessions_in_the_way
from courses.training.queries.sessions import (
    attendances_of,
    audience_at,
    programmes_visible_to,
    reflections_visible_to,
    sessions_for,
    sessions_visible_to,
    staff_of,
)

__all__ = [
    "Board",
    "Plan",
    "PlanRow",
    "attendance_in",
    "attendances_in",
    "attendances_of",
    "audience_at",
    "board_of",
    "gap_of",
    "lead_of",
    "length_of",
    "material_due_on",
    "plan_of",
    "programmes_visible_to",
    "reflections_owed",
    "reflections_visible_to",
    "sessions_for",
    "sessions_in_the_way",
    "sessions_visible_to",
    "staff_of",
    "who_presents",
]
