from datetime import timedelta

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.common.lists import WordsFilter
from lms.common.outside import DayField
from lms.common.quarters import first_of_next_month
from lms.common.search import holding
from lms.common.shown import ShownForm
from lms.common.typed import TextField, folded
from lms.people.choices import Level, Track
from lms.people.fields import DealerForm
from talent_pool.pay.models import Band, PayChange
from talent_pool.pay.proposals import too_small

LETTERS = {Track.SERVICE: "S", Track.TECHNICAL: "T"}
PLACES = [(track, level) for track in Track for level in Level]


class PayChangeFilter(django_filters.FilterSet):
    q = WordsFilter(label=_("Name or number"), method="search")
    status = django_filters.ChoiceFilter(label=_("State"), choices=PayChange.Status.choices, empty_label=_("All states"))

    class Meta:
        model = PayChange
        fields = ["q", "status"]

    def search(self, queryset, name, value):
        return queryset.filter(holding(value, "employee__name") | Q(employee__number__icontains=folded(value)))


class ExportForm(DealerForm):
    kind = forms.ChoiceField(label=_("File"), choices=[("xlsx", "Excel"), ("csv", "CSV")], required=False)


class RejectForm(forms.Form):
    reason = TextField(
        label=_("Why"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("It stays on record with the change.")
    )


class BandTableForm(ShownForm, DealerForm):
    """A new table made from the latest one: the day it begins and eight base pays."""

    effective_on = DayField(label=_("Valid from"))
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, latest=None, **kwargs):
        super().__init__(*args, **kwargs)
        old = {(band.track, band.level): band for band in latest.bands.all()} if latest else {}
        today = timezone.localdate()
        self.fields["effective_on"].initial = first_of_next_month(today)
        if latest:
            self.fields["effective_on"].widget.attrs["min"] = (today + timedelta(days=1)).isoformat()
        for track, level in PLACES:
            before = old.get((track, level))
            field = forms.DecimalField(
                label=Level(level).label,
                min_value=1,
                max_digits=10,
                decimal_places=2,
                initial=before and before.base_pay,
                help_text=before and _("Now: ¥%(pay)s") % {"pay": f"{before.base_pay:,.0f}"},
            )
            field.code = before.code if before else f"{LETTERS[track]}{level}"
            self.fields[f"{track}_{level}"] = field

    def fields_of(self, track):
        return [self[f"{track}_{level}"] for level in Level]

    @property
    def tracks(self):
        return [{"label": track.label, "fields": self.fields_of(track)} for track in Track]

    @property
    def bands(self):
        """{(track, level): (code, base pay)} of a valid form."""
        return {(t, level): (self.fields[f"{t}_{level}"].code, self.cleaned_data[f"{t}_{level}"]) for t, level in PLACES}

    @property
    def small_steps(self):
        """Steps hardly visible (P1), of a valid form: [(lower, higher, per cent)]."""
        return too_small([Band(track=t, level=level, code=code, base_pay=pay) for (t, level), (code, pay) in self.bands.items()])
