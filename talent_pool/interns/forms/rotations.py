from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from lms.common.outside import DayField
from lms.common.shown import ShownForm
from lms.common.typed import TextField
from lms.people.models import Employee
from talent_pool.interns.models import Station


class _AtDealer(forms.Form):
    """Whatever names a station or a mentor offers those of the dealer."""

    reason = TextField(
        label=capfirst(_("reason")), max_length=200, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("It stays on record.")
    )

    def __init__(self, *args, dealer, mentors, **kwargs):
        super().__init__(*args, **kwargs)
        if "station" in self.fields:
            self.fields["station"].queryset = Station.objects.filter(dealer=dealer, in_use=True)
        if "mentor" in self.fields:
            self.fields["mentor"].queryset = Employee.objects.filter(pk__in=mentors).select_related("position")
            self.fields["mentor"].label_from_instance = lambda one: f"{one.name} · {one.position.name}"


class NewRotationForm(_AtDealer):
    station = forms.ModelChoiceField(label=capfirst(_("station")), queryset=None)
    mentor = forms.ModelChoiceField(label=capfirst(_("mentor")), queryset=None)
    starts_on = DayField(label=capfirst(_("from")))
    ends_on = DayField(label=capfirst(_("to")))
    field_order = ["station", "mentor", "starts_on", "ends_on", "reason"]


class RotationForm(NewRotationForm, ShownForm):
    """The same of a rotation that is planned already."""


class TransferForm(_AtDealer, ShownForm):
    station = forms.ModelChoiceField(label=capfirst(_("new station")), queryset=None)
    mentor = forms.ModelChoiceField(label=capfirst(_("mentor there")), queryset=None)
    on = DayField(label=capfirst(_("first day there")))
    field_order = ["station", "mentor", "on", "reason"]


class HandOverForm(_AtDealer, ShownForm):
    mentor = forms.ModelChoiceField(label=capfirst(_("new mentor")), queryset=None)
    on = DayField(label=capfirst(_("from this day on")))
    field_order = ["mentor", "on", "reason"]


class DropForm(_AtDealer, ShownForm):
    """Why it is taken out of the plan."""
