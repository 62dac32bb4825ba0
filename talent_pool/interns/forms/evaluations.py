from django import forms
from django.utils.translation import gettext_lazy as _

from courses.observations.choices import Mark
from lms.common.typed import TextField


class EvaluationForm(forms.Form):
    """Points for each item of a checklist, and a remark."""

    def __init__(self, *args, checklist, **kwargs):
        super().__init__(*args, **kwargs)
        self.checklist = checklist
        for item in checklist.items.all():
            self.fields[f"item_{item.pk}"] = forms.TypedChoiceField(
                label=item.name, choices=Mark.choices, coerce=int, widget=forms.RadioSelect
            )
        self.fields["note"] = TextField(label=_("Remark"), max_length=500, required=False)

    @property
    def values(self):
        """{item id: points} of a valid form."""
        return {item.pk: self.cleaned_data[f"item_{item.pk}"] for item in self.checklist.items.all()}


class DecisionForm(forms.Form):
    passed = forms.TypedChoiceField(
        label=_("Decision"), choices=[("yes", _("Passed")), ("no", _("Not passed"))], coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    reason = TextField(label=_("Reason"), max_length=200, required=False, help_text=_("Required if not passed. It stays on record."))
