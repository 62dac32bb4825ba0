import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.common.lists import WordsFilter
from lms.common.outside import DayField
from lms.common.search import holding
from lms.common.shown import ShownForm
from lms.common.typed import TextField
from talent_pool.interns.models import Note, WeeklyLog


class LogFilter(django_filters.FilterSet):
    q = WordsFilter(label=_("Name"), method="search")
    state = django_filters.ChoiceFilter(
        label=_("State"),
        method="in_state",
        choices=[("waiting", _("Not answered yet")), ("answered", pgettext_lazy("reply", "Answered"))],
        empty_label=_("All"),
    )

    class Meta:
        model = WeeklyLog
        fields = ["q", "state"]

    def search(self, queryset, name, value):
        return queryset.filter(holding(value, "placement__person__name"))

    def in_state(self, queryset, name, value):
        return queryset.filter(answered_at__isnull=value == "waiting")


class LogForm(ShownForm):
    """What the intern has written so far; how long it must be is the action's to say."""

    text = TextField(label=_("What did you do this week, and what did you learn?"), max_length=10000, required=False, strip=False)


class LogAnswerForm(forms.Form):
    answer = TextField(label=pgettext_lazy("reply", "Your answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class NoteForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Note.Kind.choices)
    on = DayField(label=_("On"))
    words = TextField(label=_("What happened"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
