import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from lms.common.lists import WordsFilter
from lms.common.search import holding
from lms.common.shown import ShownForm
from lms.common.typed import TextField
from talent_pool.interns.models import Batch


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
