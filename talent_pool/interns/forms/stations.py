from django import forms
from django.core.validators import validate_slug
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import CoursePage
from courses.learning.queries import in_reader_language, main_language
from lms.common.outside import RecordField
from lms.common.shown import ShownForm
from lms.common.typed import CodeField, NameField
from lms.people.choices import Level, Track
from lms.people.fields import DealerField
from lms.people.filters import OfDealers
from lms.people.models import Position
from talent_pool.interns.models import Station


class StationFilter(OfDealers):
    class Meta:
        model = Station
        fields = ["in_use"]


class StationFields(forms.Form):
    """What a station asks, in the order in which the workshop thinks of it."""

    name_zh = NameField(label=capfirst(_("name in Chinese")), max_length=80)
    name_en = NameField(label=capfirst(_("name in English")), max_length=80, required=False)
    position = forms.ModelChoiceField(
        label=capfirst(_("post whose work it is")), queryset=None, help_text=_("Pay and shares of interns are compared with it.")
    )
    capacity = forms.IntegerField(label=capfirst(_("interns at once")), min_value=1, max_value=50, initial=1)
    weeks = forms.IntegerField(label=capfirst(_("weeks planned")), min_value=1, max_value=52, initial=4)
    is_high_risk = forms.BooleanField(label=capfirst(_("high-risk work")), required=False, help_text=_("Nobody under 18 is planned there."))
    mentor_level = forms.TypedChoiceField(
        label=capfirst(_("least level of a mentor")), choices=Level, coerce=int, initial=0, help_text=_("On the track of the post.")
    )
    mentor_certificate = NameField(label=capfirst(_("OEM certificate of a mentor")), max_length=80, required=False)
    asks_level = forms.TypedChoiceField(label=capfirst(_("least level of an intern")), choices=Level, coerce=int, initial=0)
    asks_track = forms.ChoiceField(label=capfirst(_("on the track")), choices=[("", "–"), *Track.choices], required=False)
    asks_certificate = NameField(label=capfirst(_("OEM certificate of an intern")), max_length=80, required=False)
    asks_course = RecordField(label=capfirst(_("course completed before")), queryset=None, required=False, empty_label="–")
    order = forms.IntegerField(label=capfirst(_("order")), min_value=0, max_value=999, initial=100)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        posts = Position.objects.filter(is_outside=False).exclude(role__in=["student", "intern", "school_coordinator"])
        self.fields["position"].queryset = posts
        courses = CoursePage.objects.live().filter(locale__language_code=main_language()).select_related("locale").order_by("title")
        self.fields["asks_course"].queryset = courses
        titles = {one.translation_key: one.title for one in in_reader_language(courses)}
        self.fields["asks_course"].label_from_instance = lambda course: titles.get(course.translation_key, course.title)


class NewStationForm(StationFields):
    dealer = DealerField()
    code = CodeField(
        label=capfirst(_("code")), max_length=30, validators=[validate_slug], help_text=_("Short, in Latin letters; it stays.")
    )
    field_order = ["dealer", "code"]

    def __init__(self, *args, dealers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["dealer"].offer(dealers)


class StationForm(StationFields, ShownForm):
    in_use = forms.BooleanField(label=capfirst(_("in use")), required=False, help_text=_("Out of use, it is not planned any more."))
