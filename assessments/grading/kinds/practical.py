from django.utils.translation import gettext_lazy as _

from assessments.grading.kinds.kind import ByRubric
from assessments.practicals.choices import PRACTICAL


class Practical(ByRubric):
    """At the car or the counter (实操考试)."""

    name = PRACTICAL
    label = _("Practical")
    exam = _("Practical exam")
