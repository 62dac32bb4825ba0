from lms.common.states import Refused


class CannotHire(Refused):
    """This person cannot be brought in as told."""


class CannotMove(Refused):
    """This person cannot be given that dealer, position or manager."""


class CannotLeave(Refused):
    """The departure cannot be recorded yet."""


class CannotStay(Refused):
    """The person cannot return or change to that status."""


class CannotRecordLeave(Refused):
    """These days off cannot be recorded."""


class CannotSignIn(Refused):
    """This person cannot be given a way to sign in."""


class CannotEnrol(Refused):
    """This person cannot set up a second factor like this."""


class WrongDetails(Refused):
    """These particulars cannot be right."""
