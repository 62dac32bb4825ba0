"""HR's forms about a batch."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.common.lists import WordsFilter
from lms.common.outside import DayField, ManyRecordsField
from lms.common.search import holding
from lms.common.typed import NameField, folded
from lms.people.fields import DealerForm
from lms.people.filters import OfDealers
from talent_pool.interns.forms.placements import PaperForm, TermsFields
from talent_pool.interns.models import Batch, Placement
from talent_pool.interns.queries.batches import agreements_for, classes_for, schools_for, students_to_add
from talent_pool.schools.models import School


class BatchFilter(OfDealers):
    q = WordsFilter(label=_("Batch"), method="called")
    school = django_filters.ModelChoiceFilter(label=_("School"), queryset=School.objects.none(), empty_label=_("All"))

    class Meta:
        model = Batch
        fields = ["q", "school"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["school"].queryset = School.objects.filter(batches__in=self.queryset.order_by().values("pk")).distinct()

    def called(self, queryset, name, value):
        return queryset.filter(holding(value, "name"))


class PlacementFilter(OfDealers):
    dealer_path = "batch__dealer"

    q = WordsFilter(label=_("Name or student code"), method="called")
    stage = django_filters.ChoiceFilter(label=_("Stage"), choices=Placement.Stage.choices, empty_label=_("All"))
    blocked = django_filters.ChoiceFilter(
        label=_("Rule check"), choices=[("1", _("Something blocks"))], method="held", empty_label=_("All")
    )

    class Meta:
        model = Placement
        fields = ["q", "stage", "blocked"]

    def called(self, queryset, name, value):
        return queryset.filter(holding(value, "person__name") | Q(person__student__code__icontains=folded(value)))

    def held(self, queryset, name, value):
        return queryset.filter(blocks__gt=0)


class BatchForm(DealerForm):
    name = NameField(label=_("Name of the batch"), max_length=80)
    school = forms.ModelChoiceField(label=_("School"), queryset=None)
    agreement = forms.ModelChoiceField(
        label=_("Training agreement"), queryset=None, required=False, help_text=_("In force from the first day to the last.")
    )
    targeted_class = forms.ModelChoiceField(
        label=_("Targeted class"), queryset=None, required=False, help_text=_("Left empty: students of the whole school.")
    )
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))
    field_order = ["dealer", "school", "agreement", "targeted_class", "name", "starts_on", "ends_on"]

    def __init__(self, *args, dealers, **kwargs):
        super().__init__(*args, dealers=dealers, **kwargs)
        self.fields["school"].queryset = schools_for(dealers)
        self.fields["agreement"].queryset = agreements_for(dealers)
        self.fields["agreement"].label_from_instance = _called
        self.fields["targeted_class"].queryset = classes_for(dealers)


def _called(agreement):
    return f"{agreement.number} · {agreement.school.name} · {agreement.dealer.name}"


class AddStudentsForm(forms.Form):
    """Who of the school comes into the batch."""

    students = ManyRecordsField(label=_("Students"), queryset=None, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, batch, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["students"].queryset = students_to_add(batch, user)
        self.fields["students"].label_from_instance = lambda student: f"{student.person.name} · {student.code}"


class BatchTermsForm(TermsFields):
    """The terms of everyone who has none yet. Dates are each one's own."""

    but = ("starts_on", "ends_on")


class BatchPaperForm(PaperForm):
    """A paper that is the same for several of the batch, such as the policy that insures them all."""

    placements = ManyRecordsField(label=_("Whose"), queryset=None, widget=forms.CheckboxSelectMultiple)
    field_order = ["kind", "number", "starts_on", "ends_on", "file", "placements"]

    def __init__(self, *args, placements, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["placements"].queryset = placements
        self.fields["placements"].label_from_instance = lambda one: one.person.name
        self.fields["placements"].initial = [one.pk for one in placements]
