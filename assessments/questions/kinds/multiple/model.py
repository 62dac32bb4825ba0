from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.questions.kinds.choice.model import WithOptions


class MultipleChoice(WithOptions):
    kind = "multiple"

    class Meta:
        verbose_name = _("multiple choice")
        verbose_name_plural = _("multiple choice")

    def check_right(self, right):
        if right < 1 or right == len(self.options):
            raise ValidationError({"options": _("Mark at least one option as right, and leave at least one wrong.")})
