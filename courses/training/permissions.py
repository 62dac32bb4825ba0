"""Whose hands a session is in. The Django permission says what someone may do at all; here it meets the dealer and the record.

Sessions are organised by people at work: the system (None) and technical accounts call no roll and close nothing.
"""

from courses.training import kinds
from lms.people.permissions import employee_of, is_self, may_sign


def may_organise(by, programme):
    """Plans, confirms, starts, closes, moves: an organiser of this kind of training, at the own dealer."""
    return (
        _at_own_dealer(by, programme.dealer_id, "training.organise_sessions")
        and employee_of(by).position.role in programme.rules.organised_by
    )


def kinds_opened_by(by, dealer_id):
    """The kinds of programme that `by` may open at the dealer, and for whose audience they answer."""
    if not _at_own_dealer(by, dealer_id, "training.open_programmes"):
        return []
    return [kind for kind in kinds.kinds() if employee_of(by).position.role in kind.opened_by]


def may_open(by, dealer_id, name):
    """Opens programmes of this kind at the dealer, and says for whom they are."""
    return name in {kind.name for kind in kinds_opened_by(by, dealer_id)}


def may_note_attendance(by, attendance):
    """Calls the roll for someone or corrects it (T5, T8): an organiser, for everyone but themselves."""
    return may_organise(by, attendance.session.programme) and not is_self(by, attendance.employee)


def may_score(by, reflection):
    """Reads and scores a reflection (T6): an organiser, never the author."""
    return may_organise(by, reflection.session.programme) and not is_self(by, reflection.employee)


def may_write(by, reflection):
    return is_self(by, reflection.employee)


def may_see_roll(by, session):
    """Everyone sees their own attendance; the whole roll is for those who lead or watch the training."""
    return by.has_perm("training.view_board") or may_organise(by, session.programme)


def presents(by, session):
    employee = employee_of(by)
    return employee is not None and session.presenter_id == employee.pk


def may_hand_in_material(by, session):
    return presents(by, session) or may_organise(by, session.programme)


def _at_own_dealer(by, dealer_id, permission):
    return may_sign(by) and by.has_perm(permission) and employee_of(by).dealer_id == dealer_id
