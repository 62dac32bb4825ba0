"""Who prepares a sitting, who watches over it, and who decides on an attempt. Never the candidates themselves."""

from assessments.exams.models import Paper, Sitting
from lms.people.models import Dealer
from lms.people.permissions import dealer_scope, employee_of, is_self, may_sign


def may_prepare(by, dealer):
    """Set exams at this dealer: whoever prepares sittings there."""
    return _prepares(by) and Dealer.objects.filter(dealer_scope(by, ""), pk=dealer.pk).exists()


def may_manage(by, sitting):
    """Move this sitting, draw its papers, show its results: whoever prepares sittings at its dealer and does not sit it."""
    return _prepares(by) and Sitting.objects.filter(dealer_scope(by), pk=sitting.pk).exists() and not sits(by, sitting)


def may_watch(by, sitting):
    """Close the sitting, void attempts, give extra time: its invigilator too, unless they sit it."""
    if not may_sign(by) or sits(by, sitting):
        return False
    return watches(employee_of(by), sitting) or may_manage(by, sitting)


def may_decide(by, paper):
    """On one candidate's attempt and time: whoever watches, and never on their own."""
    return not is_self(by, paper.candidate) and may_watch(by, paper.sitting)


def may_propose_mend(by, sitting):
    """Say that a key was wrong: an author of questions in the group, or whoever prepares sittings there; and never who sits it."""
    if not may_sign(by) or sits(by, sitting):
        return False
    return may_manage(by, sitting) or (by.has_perm("questions.change_question") and employee_of(by).group_id == sitting.dealer.group_id)


def may_confirm_mend(by, mend):
    """Decide on it: whoever prepares sittings at its dealer, somebody else than who proposed it, and never who sits it."""
    return by is not None and by.pk != mend.proposed_by_id and may_manage(by, mend.sitting)


def watches(employee, sitting):
    return employee.is_here and sitting.invigilator_id == employee.pk


def sits(by, sitting):
    """Whether `by` is a candidate of the sitting."""
    return Paper.objects.filter(sitting=sitting.pk, candidate=employee_of(by)).exists()


def _prepares(by):
    return may_sign(by) and by.has_perm("exams.manage_sittings")
