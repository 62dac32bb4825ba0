"""HR's forms about one placement. They only read what was typed; the actions decide."""

from django import forms
from django.db import models
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.common.outside import DayField
from lms.common.shown import ShownForm
from lms.common.typed import CodeField, TextField
from talent_pool.interns.models import BEFORE, Batch, Paper, Placement
from talent_pool.interns.queries.placements import TERMS, terms_shown


def reason_field():
    return TextField(label=_("Reason"), max_length=200, help_text=_("It stays on record."))


def _field(field, **options):
    if isinstance(field, models.DateField):
        return DayField(label=field.formfield().label)
    return field.formfield(**options)


def term_fields(but=()):
    """Form fields of the terms, with the names, words and bounds of the model's."""
    return fields_for_model(Placement, fields=[name for name in TERMS if name not in but], formfield_callback=_field)


class TermsFields(forms.Form):
    """What every form of terms has; `but` are those that it leaves alone."""

    but: tuple[str, ...] = ()
    HINTS = {
        "works_independently": _("Pay has a floor then: the lowest grade of the same post, or 80 % of its wage."),
        "labour_grade": _("Asked of minors: grade 3 and above is not for them."),
        "monthly_pay": _("A visit internship may have none."),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.update(term_fields(self.but))
        for name, words in self.HINTS.items():
            self.fields[name].help_text = words


class TermsForm(TermsFields, ShownForm):
    def __init__(self, *args, placement, **kwargs):
        initial = {name: getattr(placement, name) for name in TERMS}
        super().__init__(*args, initial=initial, facts=terms_shown(placement), **kwargs)
        if placement.stage not in BEFORE:
            self.fields["starts_on"].disabled = True


class PaperForm(forms.Form):
    kind = forms.ChoiceField(label=pgettext_lazy("internship", "Paper"), choices=Paper.Kind.choices)
    number = CodeField(label=_("Number"), max_length=60, required=False)
    starts_on = DayField(label=_("Signed on, or valid from"))
    ends_on = DayField(label=_("Valid until"), required=False, help_text=_("Insurance always has a last day."))
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("PDF, Word, Excel or PowerPoint without macros, picture or MP4 video; at most 20 MB."),
    )


class WithdrawForm(forms.Form):
    reason = reason_field()


class TakeOutForm(forms.Form):
    reason = reason_field()


class PauseForm(forms.Form):
    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("To"))
    reason = reason_field()


class EndForm(forms.Form):
    ended_on = DayField(label=_("Last day"))
    reason = reason_field()


class TransferForm(forms.Form):
    batch = forms.ModelChoiceField(label=_("To the batch"), queryset=Batch.objects.none())
    on = DayField(label=_("First day there"))
    reason = reason_field()

    def __init__(self, *args, batches, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["batch"].queryset = batches
        self.fields["batch"].label_from_instance = lambda batch: f"{batch.name} · {batch.dealer.name}"
