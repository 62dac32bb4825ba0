from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.learning.queries import COMPLETED, NOT_STARTED, UNDER_WAY
from lms.common.outside import DayField, ManyRecordsField
from lms.people.choices import Level, Track

STATES = [(NOT_STARTED, _("not begun")), (UNDER_WAY, _("under way")), (COMPLETED, _("completed"))]


class CatalogueFilter(forms.Form):
    """What to show of the catalogue. A value that makes no sense is taken as none."""

    track = forms.ChoiceField(label=_("Track"), required=False, choices=[("", _("Both tracks")), *Track.choices])
    level = forms.ChoiceField(label=_("Level"), required=False, choices=[("", _("All levels")), *Level.choices[1:]])
    state = forms.ChoiceField(label=_("My progress"), required=False, choices=[("", _("All courses")), *STATES])

    @property
    def chosen(self):
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def wants(self, course):
        chosen = self.chosen
        return (
            chosen.get("track", course.page.track) == course.page.track
            and str(chosen.get("level", course.page.level)) == str(course.page.level)
            and chosen.get("state", course.state) == course.state
        )


class EnrolPeopleForm(forms.Form):
    """Whom a manager puts on a course, and by when."""

    people = ManyRecordsField(
        label=_("People"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one person.")},
    )
    due_on = DayField(
        label=_("Due on"),
        required=False,
        help_text=_("Leave empty for no date."),
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people
        self.fields["people"].label_from_instance = lambda person: f"{person.name} · {person.position.name}"
        self.fields["due_on"].widget.attrs["min"] = timezone.localdate().isoformat()
