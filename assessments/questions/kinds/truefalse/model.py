from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.questions.models import Question


class TrueFalse(Question):
    kind = "truefalse"
    answer = models.BooleanField(_("the statement is true"), default=False)

    class Meta:
        verbose_name = _("true or false")
        verbose_name_plural = _("true or false")

    def answer_content(self):
        return {"key": self.answer}
