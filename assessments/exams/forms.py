from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.exams.actions.sittings import LONGEST_EXTRA
from lms.common import limits
from lms.common.shown import ShownForm
from lms.common.typed import CodeField, TextField


class StartForm(forms.Form):
    access_code = CodeField(
        label=_("Access code"),
        max_length=12,
        help_text=_("Six letters and digits; the invigilator shows it in the room."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class ExtraTimeForm(ShownForm):
    minutes = forms.IntegerField(label=_("Extra minutes"), min_value=0, max_value=LONGEST_EXTRA)


class VoidForm(forms.Form):
    reason = TextField(label=_("Reason"), max_length=200, help_text=_("The candidate and HR will read it."))


def answers_of(data, items, sequence):
    """What a form without JavaScript sends: the fields of each item, as `(item, sequence, what was sent)`."""
    return [(item.pk, sequence, data.getlist(f"a{item.pk}")[: limits.MANY]) for item in items]
