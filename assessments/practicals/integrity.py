from assessments.practicals.models import Practical
from lms.common.integrity import invariant


@invariant("A practical keeps the version of the rubric that it was made with")
def practicals_keep_their_rubric():
    return Practical.objects.filter(rubric__frozen_at=None)
