from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.common.bilingual import gettext
from lms.common.outside import DayField
from lms.common.shown import ShownForm
from lms.common.typed import TextField
from talent_pool.labour.choices import WHOLE, Severity, Unit


class ThresholdForm(ShownForm):
    """Another limit or severity of a rule; a rule without a number is asked for none."""

    value = forms.DecimalField(label=_("Limit"), min_value=0, max_digits=6, decimal_places=2)
    severity = forms.ChoiceField(label=_("Severity"), required=False)
    from_on = DayField(label=_("Valid from"))
    reason = TextField(
        label=_("Reason"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example the text that you read. It stays on record."),
    )

    def __init__(self, *args, rule, in_force, **kwargs):
        super().__init__(*args, **kwargs)
        declared = gettext("As declared: %(severity)s") % {"severity": Severity(rule.severity).label}
        self.fields["severity"].choices = [("", declared), *Severity.choices]
        self.fields["from_on"].initial = timezone.localdate()
        self.fields["severity"].initial = in_force.severity if in_force else ""
        if rule.number is None:
            del self.fields["value"]
        else:
            value = in_force.value if in_force and in_force.value is not None else rule.number
            self.fields["value"].initial = int(value) if rule.unit in WHOLE else f"{value.normalize():f}"
            self.fields["value"].help_text = Unit(rule.unit).label

    @property
    def asked(self):
        """What the action is given, of a valid form."""
        return {"value": None, **{name: self.cleaned_data[name] for name in self.fields if name != "shown"}}


class WageForm(ShownForm):
    amount = forms.DecimalField(label=_("Minimum wage, CNY a month"), min_value=1, max_digits=8, decimal_places=2)
    from_on = DayField(label=_("Valid from"))
    source = TextField(label=_("Source"), max_length=200, help_text=_("Where the number stands, such as the notice of the province."))
