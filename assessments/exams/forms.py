from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.exams.actions.sittings import LONGEST_EXTRA
from assessments.questions.kinds.response import response_of
from assessments.questions.mending import Way
from lms.common import limits
from lms.common.shown import ShownForm
from lms.common.typed import CodeField, TextField

LONGEST_ANSWER = 200  # characters of one field


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


class MendForm(forms.Form):
    """What is right, and why. The answer itself is given in the control of its kind, whose field is called `answer`."""

    way = forms.ChoiceField(label=_("How it is marked from now on"), choices=Way.choices, widget=forms.RadioSelect)
    reason = TextField(
        label=_("Reason"), max_length=200, help_text=_("Whoever confirms it reads it, and after publication the candidates do.")
    )

    @property
    def answer(self):
        """The response that was sent; None where nothing was."""
        texts = self.data.getlist("answer") if self.is_bound else []
        return response_of([one[:LONGEST_ANSWER] for one in texts[: limits.MANY]])

    def clean(self):
        return {**super().clean(), "answer": self.answer}


class ConfirmMendForm(ShownForm):
    """What the page said that confirming does."""


def answers_of(data, items, sequence):
    """What a form without JavaScript sends: the fields of each item, as `(item, sequence, what was sent)`."""
    return [(item.pk, sequence, data.getlist(f"a{item.pk}")[: limits.MANY]) for item in items]
