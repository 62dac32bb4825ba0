"""Who ranks, offers and decides on probation: HR of the dealer or of the group, never about themselves (C4)."""

from django.db.models import Q

from lms.people.permissions import dealer_scope, employee_of, is_self, may_sign

VIEW, SELECT = "selection.view_selection", "selection.select_interns"


def may_select(by, dealer, *people):
    """Rank interns of the dealer, decide their ties, make them offers, confirm or end their probation: nobody who is one of `people`."""
    return may_sign(by) and by.has_perm(SELECT) and _is_over(by, dealer) and not any(is_self(by, person) for person in people)


def may_answer(by, offer):
    """Take an offer or decline it: whoever it was made to, or HR who writes down what they said."""
    return is_own(by, offer) or may_select(by, offer.dealer)


def is_own(by, offer):
    """Whether the offer was made to this user."""
    return by is not None and by.is_active and is_self(by, offer.placement.person)


def _is_over(by, dealer):
    """`dealer_scope` for one dealer at hand."""
    employee = employee_of(by)
    return employee.dealer_id == dealer.pk or (by.has_perm("people.view_group_people") and employee.group_id == dealer.group_id)


def selection_scope(user, field="dealer"):
    """A condition on batches, rankings or offers of dealers whose selection `user` sees; `field` leads to the dealer."""
    return dealer_scope(user, field) if user.has_perm(VIEW) else Q(pk__in=[])


def offers_scope(user):
    """A condition on offers that `user` sees: those of their dealers, and what was offered to themselves."""
    return selection_scope(user) | Q(placement__person__user=user)
