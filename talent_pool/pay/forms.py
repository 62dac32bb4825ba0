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


class MoveDecisionForm(forms.Form):
    """What a move brings in pay: a band of today's place from a day on, or nothing."""

    KEEP = "keep"

    level = forms.ChoiceField(label=_("Pay after the move"), widget=forms.RadioSelect)
    effective_on = DayField(label=_("Effective on"), required=False, help_text=_("Only where the pay changes."))
    reason = TextField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("It stays on record."))

    def __init__(self, *args, standing, **kwargs):
        super().__init__(*args, **kwargs)
        bands = [band for band in standing.table.bands.all() if band.track == standing.post.track] if standing.table else []
        kept = (self.KEEP, _("Keep the pay in force: ¥%(pay)s") % {"pay": f"{standing.band.base_pay:,.0f}"})
        self.fields["level"].choices = [*((band.level, self._words(band)) for band in bands), kept]
        self.fields["effective_on"].initial = first_of_next_month(timezone.localdate())

    @staticmethod
    def _words(band):
        return f"{band.code} · {band.get_level_display()} · ¥{band.base_pay:,.0f}"

    @property
    def keeps(self):
        return self.cleaned_data["level"] == self.KEEP

    def clean(self):
        values = super().clean()
        if values.get("level", self.KEEP) != self.KEEP and not values.get("effective_on") and "effective_on" not in self.errors:
            self.add_error("effective_on", _("Say from which day the pay changes."))
        return values


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
