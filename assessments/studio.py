"""What exams rest on, said above the forms of the course studio."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import HelpPanel


def kept_note():
    """The sentence above the form."""
    return HelpPanel(
        content=_(
            "Grading cycles that are locked keep the version that stood at their lock, and sittings and practical exams the one they "
            "were set by. What you change here applies to what is locked or set from now on; each change is on record."
        )
    )
