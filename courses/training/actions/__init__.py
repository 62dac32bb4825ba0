"""What can be done in the training room, and how it is refused."""

from courses.training.actions.attendance import CannotCheckIn, CannotCorrect, call_roll, check_in, correct_attendance
from courses.training.actions.material import MaterialRefused, submit_material
from courses.training.actions.programmes import CannotOpen, PlanHasChanged, load_holidays, open_programme, plan_quarter
from courses.training.actions.reflections import ReflectionRefused, save_reflection_draft, score_reflection, submit_reflection
from courses.training.actions.reminders import send_reminders
from courses.training.actions.sessions import (
    CannotMove,
    CannotStart,
    cancel_session,
    close_session,
    confirm_session,
    move_session,
    start_session,
    swap_presenters,
)
from courses.training.actions.shared import NotYours

__all__ = [
    "CannotCheckIn",
    "CannotCorrect",
    "CannotMove",
    "CannotOpen",
    "CannotStart",
    "MaterialRefused",
    "NotYours",
    "PlanHasChanged",
    "ReflectionRefused",
    "call_roll",
    "cancel_session",
    "check_in",
    "close_session",
    "confirm_session",
    "correct_attendance",
    "load_holidays",
    "move_session",
    "open_programme",
    "plan_quarter",
    "save_reflection_draft",
    "score_reflection",
    "send_reminders",
    "start_session",
    "submit_material",
    "submit_reflection",
    "swap_presenters",
]
