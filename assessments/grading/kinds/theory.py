from django.utils.translation import gettext_lazy as _

from assessments.grading.kinds.kind import ByPaper


class Theory(ByPaper):
    """On the system (理论考试)."""

    name = "theory"
    label = _("Theory")
    exam = _("Theory exam")
