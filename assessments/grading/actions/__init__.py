from assessments.grading.actions.candidates import compute_eligibility, waive
from assessments.grading.actions.cycles import close_cycle, draft_cycle, lock_cycle, open_cycle, start_marking, start_sitting
from assessments.grading.actions.decisions import correct_decision, correct_result, lapse_level, lower_level, renew_level
from assessments.grading.actions.panels import seat_examiner, sign_results
from assessments.grading.actions.publication import ask_for_publication, publish_cycle
from assessments.grading.actions.results import ratify, return_to_marking
from assessments.grading.actions.seats import confirm_seat, excuse_sheets, propose_seat, withdraw_seat
from assessments.grading.actions.sittings import arrange_sitting, ask_for_papers, draw_sitting_papers, link_papers, move_sitting

__all__ = [
    "arrange_sitting",
    "ask_for_papers",
    "ask_for_publication",
    "close_cycle",
    "compute_eligibility",
    "confirm_seat",
    "correct_decision",
    "correct_result",
    "draft_cycle",
    "draw_sitting_papers",
    "excuse_sheets",
    "lapse_level",
    "link_papers",
    "lock_cycle",
    "lower_level",
    "move_sitting",
    "open_cycle",
    "propose_seat",
    "publish_cycle",
    "ratify",
    "renew_level",
    "return_to_marking",
    "seat_examiner",
    "sign_results",
    "start_marking",
    "start_sitting",
    "waive",
    "withdraw_seat",
]
