"""Whose hands a session is in. The Django permission says what someone may do at all; here it meets the dealer and the record."""

from lms.people.permissions import employee_of


def may_organise(user, dealer_id):
    """Plans, confirms, starts, closes, moves: an organiser, at the own dealer."""
    return _at_own_dealer(user, dealer_id, "training.organise_sessions")


def may_open_programmes(user, dealer_id):
    return _at_own_dealer(user, dealer_id, "training.open_programmes")


def may_see_roll(user, session):
    """Everyone sees their own attendance; the whole roll is for those who lead or watch the training."""
    return user.has_perm("training.view_board") or may_organise(user, session.dealer_id)


def presents(user, session):
    employee = employee_of(user)
    return employee is not None and session.presenter_id == employee.pk


def may_hand_in_material(user, session):
    return presents(user, session) or may_organise(user, session.dealer_id)


def _at_own_dealer(user, dealer_id, permission):
    if not user.is_active or not user.has_perm(permission):
        return False
    employee = employee_of(user)
    return user.is_superuser or (employee is not None and employee.dealer_id == dealer_id)
