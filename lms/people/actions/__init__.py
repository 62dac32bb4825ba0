"""What is done to people: they come, move, are away, leave, return; and how they sign in. HR's file does the same in bulk."""

from lms.people.actions.departures import record_departure
from lms.people.actions.details import change_status, correct_details, record_contract
from lms.people.actions.hiring import hire_employee, return_employee
from lms.people.actions.holidays import load_holidays
from lms.people.actions.learners import become_intern, go_back_to_school
from lms.people.actions.leave import record_leave, withdraw_leave
from lms.people.actions.moves import become_staff, transfer_employee
from lms.people.actions.proposals import confirm_proposal, decline_proposal, take_up_proposal
from lms.people.actions.second_factor import confirm_enrolment, hand_out_enrolment_code, make_enrolment_code
from lms.people.actions.sign_in import issue_first_password, reset_second_factor

__all__ = [
    "become_intern",
    "become_staff",
    "change_status",
    "confirm_enrolment",
    "confirm_proposal",
    "correct_details",
    "decline_proposal",
    "go_back_to_school",
    "hand_out_enrolment_code",
    "hire_employee",
    "issue_first_password",
    "load_holidays",
    "make_enrolment_code",
    "record_contract",
    "record_departure",
    "record_leave",
    "reset_second_factor",
    "return_employee",
    "take_up_proposal",
    "transfer_employee",
    "withdraw_leave",
]
