from decimal import Decimal

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from lms.common.lists import WordsFilter
from lms.common.outside import DayField
from lms.common.search import holding
from lms.common.shown import ShownForm
from lms.common.typed import TextField
from lms.people.models import EmploymentEvent, Position
from talent_pool.interns.models import Batch
from talent_pool.selection.models import Offer


class BatchFilter(django_filters.FilterSet):
    q = WordsFilter(label=_("Batch or school"), method="search")

    class Meta:
        model = Batch
        fields = ["q"]

    def search(self, queryset, name, value):
        return queryset.filter(holding(value, "name") | holding(value, "school__name_zh") | holding(value, "school__name_en"))


class TieForm(ShownForm):
    """In which order those come who share a place: a number for each, and why. `tied` are their rows."""

    reason = TextField(label=_("Why in this order"), max_length=200, help_text=_("It stays on record with the decision."))

    def __init__(self, *args, tied, **kwargs):
        super().__init__(*args, **kwargs)
        numbers = [(number, str(number)) for number in range(1, len(tied) + 1)]
        for number, row in enumerate(tied, 1):
            self.fields[f"row_{row.pk}"] = forms.TypedChoiceField(
                label=row.placement.person.name, choices=numbers, coerce=int, initial=number
            )
        self.tied = tied
        self.order_fields([*(name for name in self.fields if name.startswith("row_")), "reason", "shown"])

    @property
    def order(self):
        """The ids of the rows of a valid form, in the order asked for; none where two were given the same number."""
        given = {row.pk: self.cleaned_data[f"row_{row.pk}"] for row in self.tied}
        return sorted(given, key=given.get) if len(set(given.values())) == len(given) else []


class OfferFilter(django_filters.FilterSet):
    q = WordsFilter(label=_("Name"), method="search")
    status = django_filters.ChoiceFilter(label=_("State"), choices=Offer.Status.choices, empty_label=_("All states"))

    class Meta:
        model = Offer
        fields = ["q", "status"]

    def search(self, queryset, name, value):
        return queryset.filter(holding(value, "placement__person__name"))


class OfferForm(forms.Form):
    """The terms of an offer; what stands against them in law is said by the action, with the clause."""

    position = forms.ModelChoiceField(label=_("Position"), queryset=Position.objects.none())
    contract = forms.ChoiceField(label=_("Contract"), choices=Offer.Contract.choices)
    contract_from = DayField(label=_("Contract from"), help_text=_("The first day; after the internship."))
    contract_until = DayField(label=_("Contract until"), required=False, help_text=_("Empty: without an end."))
    probation_until = DayField(label=_("Probation until"), required=False, help_text=_("Empty: no probation."))
    probation_pay = forms.DecimalField(label=_("Pay on probation, CNY a month"), min_value=Decimal("0.01"), max_digits=10, decimal_places=2)
    agreed_pay = forms.DecimalField(label=_("Agreed pay, CNY a month"), min_value=Decimal("0.01"), max_digits=10, decimal_places=2)

    def __init__(self, *args, posts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["position"].queryset = posts


class AnswerForm(forms.Form):
    """Nothing to fill in: who sends it says yes."""


class ReasonForm(forms.Form):
    reason = TextField(label=_("Reason"), max_length=200, help_text=_("It stays on record."))


class OwnReasonForm(forms.Form):
    reason = TextField(label=_("Reason"), max_length=200, required=False, help_text=_("Only if you want to say."))


class BeginForm(forms.Form):
    number = TextField(label=_("Employee number"), max_length=20, required=False, help_text=_("Empty if they had one here before."))


class ConfirmForm(forms.Form):
    reason = TextField(label=_("Reason"), max_length=200, required=False)


class EndForm(forms.Form):
    left_on = DayField(label=_("Last day"))
    leaving = forms.ChoiceField(label=_("Why they leave"), choices=EmploymentEvent.Leaving.choices)
    reason = TextField(label=_("Reason"), max_length=200, help_text=_("It stays on record."))
