from assessments.exams.actions.attempts import (
    AttemptOver,
    TooLate,
    note_events,
    reopen_attempt,
    start_attempt,
    submit_attempt,
    submit_overdue,
    void_attempt,
)
from assessments.exams.actions.late import keep_late_answers
from assessments.exams.actions.marks import mark_attempt, mark_attempts, mark_unmarked
from assessments.exams.actions.saving import NoSuchAttempt, Saved, SheetFull, save_answer, save_answers
from assessments.exams.actions.sealing import seal_sittings
from assessments.exams.actions.sittings import (
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
    "NoSuchAttempt",
    "Saved",
    "SheetFull",
    "TooLate",
    "close_sitting",
    "create_sitting",
    "draw_papers",
    "keep_late_answers",
    "mark_attempt",
    "mark_attempts",
    "mark_unmarked",
    "new_access_code",
    "note_events",
    "reopen_attempt",
    "save_answer",
    "save_answers",
    "schedule_sitting",
    "seal_sittings",
    "set_extra_minutes",
    "show_results",
    "start_attempt",
    "submit_attempt",
    "submit_overdue",
    "void_attempt",
]
