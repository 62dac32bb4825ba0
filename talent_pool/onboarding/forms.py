import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.observations.choices import Step
from courses.observations.models import Checklist
from courses.observations.queries import checklists_for
from lms.common.lists import WordsFilter
from lms.common.outside import DayField
from lms.common.search import holding
from lms.common.shown import ShownForm
from lms.common.typed import TextField, folded
from lms.people.fields import EmployeeField
from lms.people.filters import OfDealers
from talent_pool.onboarding.actions.signing import signs_shown
from talent_pool.onboarding.models import MOST_LOAD, USUAL_LOAD, Mentor
from talent_pool.onboarding.queries.books import alone_lately, needing_attention


def reason_field(help_text=None, **options):
    words = help_text or _("It stays on record.")
    return TextField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}), help_text=words, **options)


# -- lists --------------------------------------------------------------------------------------------------------------------------

ATTENTION, ALONE, CLOSED, ALL = "attention", "alone", "closed", "all"


class TaskBookFilter(OfDealers):
    q = WordsFilter(label=_("Name or number"), method="called")
    state = django_filters.ChoiceFilter(
        label=_("State"),
        method="in_state",
        empty_label=_("Open now"),
        choices=[
            (ATTENTION, _("To be handed on or closed")),
            (ALONE, _("All tasks alone, in the last 12 months")),
            (CLOSED, pgettext_lazy("task book", "Closed")),
            (ALL, _("All")),
        ],
    )

    def filter_queryset(self, queryset):
        if not self.form.cleaned_data.get("state"):
            queryset = queryset.filter(closed_at=None)
        return super().filter_queryset(queryset)

    def called(self, queryset, name, value):
        number = Q(newcomer__number__icontains=folded(value))
        return queryset.filter(holding(value, "newcomer__name") | holding(value, "mentor__name") | number)

    def in_state(self, queryset, name, value):
        today = timezone.localdate()
        if value == ATTENTION:
            return needing_attention(queryset, today)
        if value == ALONE:
            return alone_lately(queryset, today)
        return queryset.exclude(closed_at=None) if value == CLOSED else queryset


class MentorFilter(OfDealers):
    q = WordsFilter(label=_("Name or number"), method="called")
    state = django_filters.ChoiceFilter(
        label=_("State"), method="in_state", empty_label=_("Named now"), choices=[("ended", _("Ended")), (ALL, _("All"))]
    )

    def filter_queryset(self, queryset):
        if not self.form.cleaned_data.get("state"):
            queryset = queryset.filter(ended_at=None)
        return super().filter_queryset(queryset)

    def called(self, queryset, name, value):
        return queryset.filter(holding(value, "employee__name") | Q(employee__number__icontains=folded(value)))

    def in_state(self, queryset, name, value):
        return queryset if value == ALL else queryset.exclude(ended_at=None)


# -- mentors ------------------------------------------------------------------------------------------------------------------------


def most_field():
    return forms.IntegerField(label=_("Newcomers at once, at most"), min_value=1, max_value=MOST_LOAD, initial=USUAL_LOAD)


class MentorForm(forms.Form):
    employee = EmployeeField(label=_("Employee number"), required=True, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    most_at_once = most_field()

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["employee"].by = by


class LoadForm(ShownForm):
    most_at_once = most_field()


class EndForm(forms.Form):
    reason = reason_field()


# -- task books ---------------------------------------------------------------------------------------------------------------------


class MentorField(forms.ModelChoiceField):
    """A mentor of the dealer; who is not free stands there with why not, and can't be chosen."""

    def __init__(self, **options):
        super().__init__(**{"queryset": Mentor.objects.none(), "label": _("Mentor"), "widget": forms.RadioSelect, **options})

    def offer(self, rows):
        """`rows` are (`Mentor` with its load, why not)."""
        free = [mentor for mentor, why in rows if not why]
        self.queryset = Mentor.objects.filter(pk__in=[mentor.pk for mentor in free]).select_related("employee", "dealer")
        self.choices = [(mentor.pk, self._words(mentor)) for mentor in free]

    @staticmethod
    def _words(mentor):
        words = _("%(mentor)s · %(load)d of %(most)d newcomers")
        return words % {"mentor": mentor.employee.called, "load": mentor.load, "most": mentor.most_at_once}


class TaskBookForm(forms.Form):
    checklist = forms.ModelChoiceField(label=_("Tasks"), queryset=Checklist.objects.none())
    station = TextField(label=_("Station"), max_length=60, required=False, help_text=_("Such as reception, quick service or body repair."))
    starts_on = DayField(label=_("Begins on"), initial=timezone.localdate)
    mentor = MentorField()

    def __init__(self, *args, newcomer, mentors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["checklist"].queryset = checklists_for(newcomer.dealer, Checklist.Scale.STEPS)
        self.fields["mentor"].offer(mentors)


class HandOnForm(forms.Form):
    mentor = MentorField()
    reason = reason_field(_("Such as leave or a move. It stays on record."))

    def __init__(self, *args, mentors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mentor"].offer(mentors)


class CloseForm(forms.Form):
    reason = reason_field(_("Needed while some tasks are not done alone. It stays on record."), required=False)


class SignForm(ShownForm):
    """One task of a book: the step is the button that is pressed."""

    step = forms.TypedChoiceField(label=pgettext_lazy("task book", "Step"), choices=Step.choices, coerce=int)
    note = TextField(label=pgettext_lazy("observation", "Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, item, task, **kwargs):
        self.item, self.task = item, task
        super().__init__(*args, facts=signs_shown(item, task), auto_id=f"id_{item.pk}_%s", **kwargs)


class CorrectForm(forms.Form):
    reason = reason_field()


class AnswerForm(forms.Form):
    words = TextField(label=_("How you see it"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
