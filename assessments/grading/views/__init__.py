from assessments.grading.views.candidates import candidacy_waive, cycle_candidates, cycle_eligibility
from assessments.grading.views.console import cycle, cycle_new, cycle_panel, cycle_step, cycles
from assessments.grading.views.examiner import cycle_sign, marking_queue
from assessments.grading.views.levels import person_levels
from assessments.grading.views.mine import my_exams
from assessments.grading.views.results import cycle_publish, cycle_return
from assessments.grading.views.seats import seat_again, seat_confirm, seat_withdraw, sheets_excuse
from assessments.grading.views.sittings import cycle_sitting, sitting_draw, sitting_move

__all__ = [
    "candidacy_waive",
    "cycle",
    "cycle_candidates",
    "cycle_eligibility",
    "cycle_new",
    "cycle_panel",
    "cycle_publish",
    "cycle_return",
    "cycle_sign",
    "cycle_sitting",
    "cycle_step",
    "cycles",
    "marking_queue",
    "my_exams",
    "person_levels",
    "seat_again",
    "seat_confirm",
    "seat_withdraw",
    "sheets_excuse",
    "sitting_draw",
    "sitting_move",
]
