"""Exams on a person's page: the latest results that are shown to this reader."""

from assessments.exams.queries import results_visible_to
from lms.common.registries import PERSON, WIDE, panel
from lms.people.permissions import is_self

MOST = 6


def sees_results(user, person):
    return is_self(user, person) or user.has_perm("exams.manage_sittings")


@panel("assessments/exams/_results.html", order=35, sees=sees_results, on={PERSON: WIDE})
def results(person, user, at):
    """One statement."""
    shown = results_visible_to(user).filter(paper__candidate=person).select_related(None).select_related("paper__sitting")
    found = list(shown.order_by("-paper__sitting__opens_at", "-pk")[:MOST])
    return {"attempts": found} if found else None
