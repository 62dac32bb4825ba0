"""Who judges practical exams."""

from assessments.practicals.models import Practical
from lms.people.permissions import employee_of, is_self, may_sign


def may_score(by, practical):
    """One of its markers, and never the candidate: a sheet is a judgement, so no technical account and nobody in another's name."""
    if not may_sign(by) or not by.has_perm("grading.examine") or is_self(by, practical.candidate):
        return False
    return Practical.markers.through.objects.filter(practical=practical.pk, employee=employee_of(by)).exists()
