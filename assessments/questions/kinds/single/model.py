from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.questions.kinds.choice.model import WithOptions


class SingleChoice(WithOptions):
    kind = "single"

    class Meta:
        verbose_name = _("single choice")
        verbose_name_plural = _("single choice")

    def check_right(self, right):
        if right != 1:
            raise ValidationError({"options": _("Mark exactly one option as right; %(count)d are.") % {"count": right}})
