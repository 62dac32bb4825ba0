from assessments.exams.actions.attempts import (
    AttemptOver,
    CannotStart,
    TooLate,
    note_events,
    start_attempt,
    submit_attempt,
    submit_overdue,
    void_attempt,
)
from assessments.exams.actions.marks import mark_attempt, mark_attempts, mark_unmarked
from assessments.exams.actions.saving import Saved, save_answer, save_answers
from assessments.exams.actions.sittings import (
    CannotDraw,
    CannotSchedule,
    close_sitting,
    create_sitting,
    draw_papers,
    new_access_code,
    schedule_sitting,
    set_extra_minutes,
    show_results,
)

__all__ = [
    "AttemptOver",
    "CannotDraw",
    "CannotSchedule",
    "CannotStart",
    "Saved",
    "TooLate",
    "close_sitting",
    "create_sitting",
    "draw_papers",
    "mark_attempt",
    "mark_attempts",
    "mark_unmarked",
    "new_access_code",
    "note_events",
    "save_answer",
    "save_answers",
    "schedule_sitting",
    "set_extra_minutes",
    "show_results",
    "start_attempt",
    "submit_attempt",
    "submit_overdue",
    "void_attempt",
]
