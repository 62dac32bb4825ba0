from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.questions.kinds.number.kind import plain_digits
from assessments.questions.models import Question


class NumericQuestion(Question):
    kind = "number"
    value = models.DecimalField(_("right value"), max_digits=14, decimal_places=4)
    tolerance = models.DecimalField(
        _("tolerance, either way"), max_digits=14, decimal_places=4, default=0, validators=[MinValueValidator(0)]
    )
    unit = models.CharField(_("unit"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("numeric answer")
        verbose_name_plural = _("numeric answers")

    def answer_content(self):
        return {"key": plain_digits(self.value), "tolerance": plain_digits(self.tolerance), "unit": self.unit}
