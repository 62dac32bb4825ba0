import django_filters
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.grading.models import Candidacy, Cycle, PanelMember
from assessments.grading.permissions import SHOWN
from assessments.grading.queries.panels import people_for_seats, seat_shown
from assessments.grading.queries.records import ADMITTED
from lms.common.lists import WordsFilter
from lms.common.outside import check_moment
from lms.common.quarters import quarter_of
from lms.common.search import holding
from lms.common.shown import ShownForm
from lms.common.typed import TextField, folded
from lms.people.choices import Level, Track
from lms.people.fields import DealerField
from lms.people.filters import OfDealers
from lms.people.models import Employee, Position
from lms.people.queries import dealers_visible_to, present_staff

MOMENT = "%Y-%m-%dT%H:%M"


class CycleForm(forms.ModelForm):
    """A quarter's cycle and the rules that will apply to it."""

    dealer = DealerField()

    class Meta:
        model = Cycle
        fields = ["dealer", "track", "year", "quarter", "min_attendance", "needs_reflections", "needs_courses"]
        error_messages = {
            NON_FIELD_ERRORS: {
                "unique_together": gettext_lazy(
                    "There is one cycle a quarter and track, and this one exists already. Go on with it from the list of cycles."
                )
            }
        }
        widgets = {"quarter": forms.Select(choices=[(n, f"Q{n}") for n in range(1, 5)])}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["dealer"].offer(dealers_visible_to(user))
        year, quarter = quarter_of(timezone.localdate())
        self.fields["dealer"].initial, self.fields["year"].initial, self.fields["quarter"].initial = user.employee.dealer, year, quarter
        if len(self.fields["dealer"].few) == 1:
            self.fields["dealer"].widget = forms.HiddenInput()

    def clean_year(self):
        year = self.cleaned_data["year"]
        if abs(year - timezone.localdate().year) > 1:
            raise forms.ValidationError(_("Choose this year, the last or the next."))
        return year

    def clean_quarter(self):
        quarter = self.cleaned_data["quarter"]
        if not 1 <= quarter <= 4:
            raise forms.ValidationError(_("A year has the quarters 1 to 4."))
        return quarter


class ReasonForm(forms.Form):
    reason = TextField(label=gettext_lazy("Reason"), max_length=200, help_text=gettext_lazy("It stays on record."))


class LoweringForm(ReasonForm):
    """Which of a person's levels goes down a step, and why."""

    step = forms.ChoiceField(label=gettext_lazy("Level step"))
    field_order = ["step", "reason"]

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        held = [(track, person.level_in(track)) for track in Track if person.level_in(track)]
        # The value holds the level that was seen: a step is taken once, however often it is sent.
        self.fields["step"].choices = [(f"{track}:{level}", f"{track.label} {level} → {level - 1}") for track, level in held]

    def decided(self):
        """What `lower_level` takes."""
        track, _colon, level = self.cleaned_data["step"].partition(":")
        return {"track": track, "from_level": int(level), "reason": self.cleaned_data["reason"]}


class SeatForm(ShownForm):
    """Who takes one seat of the panel: the holders of the position of that name."""

    seat = forms.ChoiceField(choices=PanelMember.Seat.choices, widget=forms.HiddenInput)
    examiner = forms.ModelChoiceField(label=gettext_lazy("Examiner"), queryset=Employee.objects.none())

    def __init__(self, *args, cycle, people=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["examiner"].queryset = people_for_seats(cycle)
        if people is not None:
            self.fields["examiner"].choices = [("", "---------"), *((person.pk, str(person)) for person in people)]


class SeatAgainForm(ShownForm):
    """Who takes a seat of a locked cycle in someone's place, and why."""

    examiner = forms.ModelChoiceField(label=gettext_lazy("Takes the seat"), queryset=Employee.objects.none())
    reason = TextField(label=gettext_lazy("Reason"), max_length=200, help_text=gettext_lazy("It stays on record and the panel reads it."))

    def __init__(self, *args, member, **kwargs):
        super().__init__(*args, facts=seat_shown(member.cycle, member.seat), **kwargs)
        people = people_for_seats(member.cycle).filter(position__code=member.seat).exclude(pk=member.examiner_id)
        self.fields["examiner"].queryset = people


def moment_field(label):
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, widget=widget, validators=[check_moment])


class MoveForm(ShownForm):
    """When, where and watched by whom."""

    opens_at = moment_field(gettext_lazy("Opens"))
    closes_at = moment_field(gettext_lazy("Closes"))
    room = TextField(label=gettext_lazy("Room"), max_length=60)
    invigilator = forms.ModelChoiceField(label=gettext_lazy("Invigilator"), queryset=Employee.objects.none(), required=False)

    def __init__(self, *args, cycle, **kwargs):
        super().__init__(*args, **kwargs)
        candidates = cycle.candidacies.values("employee")
        self.fields["invigilator"].queryset = present_staff(cycle.dealer).exclude(pk__in=candidates)

    def clean(self):
        cleaned = super().clean()
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and opens <= timezone.now():
            self.add_error("opens_at", _("The exam would begin in the past. Choose a later time."))
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("It would close before it opens."))
        return cleaned


class SittingForm(MoveForm):
    """The same of a sitting to be set, and who of those `waiting` for a date (candidacies) sits there."""

    candidacies = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Who sits here"),
        queryset=Candidacy.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nobody ticked: everyone listed."),
    )

    def __init__(self, *args, waiting, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["shown"]  # nothing stands there yet; who waits is asked again by the action
        field = self.fields["candidacies"]
        field.queryset = Candidacy.objects.filter(pk__in=[candidacy.pk for candidacy in waiting])
        field.choices = [(candidacy.pk, str(candidacy.employee)) for candidacy in waiting]


class CycleFilter(OfDealers):
    track = django_filters.ChoiceFilter(label=gettext_lazy("Track"), choices=Track.choices)
    status = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=[("running", gettext_lazy("Not published yet")), *Cycle.Status.choices], method="in_state"
    )
    year = django_filters.NumberFilter(label=gettext_lazy("Year"), max_value=9999, min_value=0)

    class Meta:
        model = Cycle
        fields: list = []

    def in_state(self, queryset, name, value):
        return queryset.exclude(status__in=SHOWN) if value == "running" else queryset.filter(status=value)


class CandidacyFilter(django_filters.FilterSet):
    q = WordsFilter(label=gettext_lazy("Name or number"), method="search")
    to_level = django_filters.ChoiceFilter(label=gettext_lazy("Level aimed at"), choices=Level.choices[1:])
    position = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Position"), field_name="employee__position", queryset=Position.objects.exclude(track="")
    )
    sits = django_filters.ChoiceFilter(
        label=gettext_lazy("May sit"),
        method="who_sits",
        choices=[("yes", gettext_lazy("May sit")), ("waived", gettext_lazy("Waived")), ("no", gettext_lazy("Something is open"))],
    )
    outcome = django_filters.ChoiceFilter(label=gettext_lazy("Outcome"), choices=Candidacy.Outcome.choices, field_name="seen_outcome")

    class Meta:
        model = Candidacy
        fields: list = []

    def search(self, queryset, name, value):
        return queryset.filter(holding(value, "employee__name") | Q(employee__number__iexact=folded(value)))

    def who_sits(self, queryset, name, value):
        if value == "waived":
            return queryset.filter(waived_at__isnull=False)
        return queryset.filter(ADMITTED) if value == "yes" else queryset.exclude(ADMITTED)
