from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField

from assessments.questions.kinds.choice.blocks import OptionsBlock
from assessments.questions.models import Question


class WithOptions(Question):
    options = StreamField(OptionsBlock(), verbose_name=_("options"))

    class Meta:
        abstract = True

    def answer_content(self):
        options = [block.value for block in self.options]
        return {
            "options": [_frozen(number, option) for number, option in enumerate(options, start=1)],
            "key": [str(number) for number, option in enumerate(options, start=1) if option["correct"]],
        }

    def clean(self):
        super().clean()
        right = sum(bool(block.value["correct"]) for block in self.options)
        if len(self.options) < 2:
            raise ValidationError({"options": _("Give at least two options.")})
        self.check_right(right)

    def check_right(self, right):
        raise NotImplementedError


def _frozen(number, option):
    """Without "last" where it does not stay last, as versions before there was such a thing: they are still equal to their question."""
    frozen = {"id": str(number), "zh": option["text_zh"], "en": option["text_en"]}
    return {**frozen, "last": True} if option.get("last") else frozen
