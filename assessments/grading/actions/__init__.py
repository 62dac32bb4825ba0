from assessments.grading.actions.candidates import compute_eligibility, waive
from assessments.grading.actions.cycles import (
    CannotOpen,
    NotReady,
    close_cycle,
    draft_cycle,
    lock_cycle,
    open_cycle,
    start_marking,
    start_sitting,
)
from assessments.grading.actions.panels import CannotSeat, CannotSign, seat_examiner, sign_results
from assessments.grading.actions.publication import publish_cycle
from assessments.grading.actions.results import ratify, return_to_marking
from assessments.grading.actions.sittings import CannotArrange, arrange_sitting, draw_sitting_papers, link_papers

__all__ = [
    "CannotArrange",
    "CannotOpen",
    "CannotSeat",
    "CannotSign",
    "NotReady",
    "arrange_sitting",
    "close_cycle",
    "compute_eligibility",
    "draft_cycle",
    "draw_sitting_papers",
    "link_papers",
    "lock_cycle",
    "open_cycle",
    "publish_cycle",
    "ratify",
    "return_to_marking",
    "seat_examiner",
    "sign_results",
    "start_marking",
    "start_sitting",
    "waive",
]
