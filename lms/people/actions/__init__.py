"""What is done to people: they come, move, are away, leave, return; and how they sign in. HR's file does the same in bulk."""

from lms.people.actions.employment import (
    change_status,
    correct_details,
    hire_employee,
    record_departure,
    return_employee,
    transfer_employee,
)
from lms.people.actions.leave import record_leave, withdraw_leave
from lms.people.actions.refusals import (
    CannotEnrol,
    CannotHire,
    CannotLeave,
    CannotMove,
    CannotRecordLeave,
    CannotSignIn,
    CannotStay,
    WrongDetails,
)
from lms.people.actions.second_factor import confirm_enrolment, hand_out_enrolment_code, make_enrolment_code
from lms.people.actions.sign_in import grant_sign_in, issue_first_password, reset_second_factor

__all__ = [
    "CannotEnrol",
    "CannotHire",
    "CannotLeave",
    "CannotMove",
    "CannotRecordLeave",
    "CannotSignIn",
    "CannotStay",
    "WrongDetails",
    "change_status",
    "confirm_enrolment",
    "correct_details",
    "grant_sign_in",
    "hand_out_enrolment_code",
    "hire_employee",
    "issue_first_password",
    "make_enrolment_code",
    "record_departure",
    "record_leave",
    "reset_second_factor",
    "return_employee",
    "transfer_employee",
    "withdraw_leave",
]
