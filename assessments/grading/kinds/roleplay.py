from django.utils.translation import gettext_lazy as _

from assessments.grading.kinds.kind import ByRubric
from lms.people.choices import Track


class RolePlay(ByRubric):
    """A customer is played (情景演练): of advisors, at the levels for which there is a rubric of its own."""

    name = "role_play"
    label = exam = _("Role-play")
    is_needed = False
    tracks = (Track.SERVICE,)
