"""Grades that the school gave: added, never edited; the latest of a kind holds, and one that is missing is missing, not 0."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from lms.audit.actions import record_event
from lms.common.states import Refused
from talent_pool.schools.actions.students import held
from talent_pool.schools.models import Grade


@transaction.atomic
def record_grade(*, student, kind, score, given_on=None, by, at):
    """A grade of 0 to 100."""
    student = held(student, by)
    if not Decimal(0) <= score <= Decimal(100):
        raise Refused(_("A grade lies between 0 and 100."), field="score")
    grade = Grade.objects.create(student=student, kind=kind, score=score, given_on=given_on, recorded_at=at, recorded_by=by)
    record_event("schools.grade_recorded", target=grade, by=by, at=at, after={"kind": kind, "score": score, "given_on": given_on})
    return grade
