"""What can be done in the training room, and how it is refused."""

from courses.training.actions.attendance import call_roll, check_in, correct_attendance, not_about_oneself
from courses.training.actions.material import submit_material
from courses.training.actions.programmes import change_programme_audience, open_programme, plan_quarter
from courses.training.actions.reflections import save_reflection_draft, score_reflection, submit_reflection
from courses.training.actions.reminders import send_reminders
from courses.training.actions.sessions import (
    cancel_session,
    close_session,
    confirm_session,
    move_session,
    start_session,
    swap_presenters,
)

__all__ = [
    "call_roll",
    "cancel_session",
    "change_programme_audience",
    "check_in",
    "close_session",
    "confirm_session",
    "correct_attendance",
    "move_session",
    "not_about_oneself",
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
