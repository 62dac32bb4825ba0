from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.exams.actions.sittings import LONGEST_EXTRA


class StartForm(forms.Form):
    access_code = forms.CharField(
        label=_("Access code"),
        max_length=12,
        help_text=_("Six letters and digits; the invigilator shows it in the room."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class ExtraTimeForm(forms.Form):
    minutes = forms.IntegerField(label=_("Extra minutes"), min_value=0, max_value=LONGEST_EXTRA)


class VoidForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("The candidate and HR will read it."))


def answers_of(data, items, sequence):
    """What a form without JavaScript sends: one field an item, as `(item, sequence, response)`."""
    answers = []
    for item in items:
        name, kind = f"a{item.pk}", item.version.content["kind"]
        if kind == "multiple":
            response = data.getlist(name)
        elif kind == "truefalse":
            response = {"true": True, "false": False}.get(data.get(name))
        else:
            response = data.get(name)
        answers.append((item.pk, sequence, response))
    return answers
