from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Outcome(TextChoices):
    PENDING = "pending", _("Pending")
    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Not passed")
    MISSED = "missed", _("Did not sit")
    NOT_ADMITTED = "excluded", _("Not admitted")
    WITHDRAWN = "left", _("Left before publication")
