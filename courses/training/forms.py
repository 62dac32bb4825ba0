from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import CoursePage
from courses.catalogue.queries import topics_for
from courses.learning.queries import in_reader_language, main_language
from courses.training.actions.programmes import LONGEST, SHORTEST
from courses.training.choices import CLOSES_BEFORE_MOST, OPENS_BEFORE_MOST
from courses.training.kinds import MONTHLY, ONCE
from courses.training.models import Attendance, Programme, Session
from courses.training.queries.shown import hands_shown, material_shown, states_shown, turns_shown
from lms.common.days import day
from lms.common.outside import DayField, whole_number
from lms.common.shown import Shown, ShownForm
from lms.common.typed import NameField, TextField
from lms.people.models import Employee
from lms.people.queries import present_staff

State = Attendance.State


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, **kwargs):
        super().__init__(format="%H:%M", **kwargs)


class SureForm(forms.Form):
    """A form whose action may ask back. The tick that answers is there only once it was asked, and holds for what was asked about:
    `ABOUT` names the fields on which that hangs."""

    ABOUT: tuple[str, ...] = ()
    sure = forms.BooleanField(label=_("Yes, that is meant."), required=False)

    def __init__(self, data=None, *args, **kwargs):
        about = "|".join(data.get(name, "") for name in self.ABOUT) if data else ""
        if data and data.get("sure") != about:
            data = data.copy()
            data.pop("sure", None)
        super().__init__(data, *args, **kwargs)
        self.fields["sure"].widget.attrs["value"] = about

    def __iter__(self):
        return (field for field in super().__iter__() if field.name != "sure" or field.errors or (self.is_bound and field.data))


class CheckInFields(forms.Form):
    """When rooms open and sessions may be closed."""

    opens_before = forms.IntegerField(
        label=capfirst(_("check-in opens, minutes before the start")), min_value=0, max_value=OPENS_BEFORE_MOST, initial=30
    )
    closes_before = forms.IntegerField(
        label=capfirst(_("may be closed without a reason, minutes before the end")), min_value=0, max_value=CLOSES_BEFORE_MOST, initial=0
    )


class CheckInForm(CheckInFields, ShownForm):
    """The same of a programme that is open already."""


class ProgrammeForm(SureForm, CheckInFields):
    """A programme as one form; its dates come on the next page, before anything is planned."""

    ABOUT = ("starts_at", "minutes")
    field_order = [
        "kind", "organiser", "weekday", "week", "starts_at", "minutes", "room", "gap_days", "guest_every_month", "watcher",
        "opens_before", "closes_before", "sure",
    ]  # fmt: skip

    kind = forms.ChoiceField(label=capfirst(_("kind")), widget=forms.RadioSelect)
    organiser = forms.ModelChoiceField(label=capfirst(_("organiser")), queryset=None)
    weekday = forms.TypedChoiceField(
        label=capfirst(_("weekday")), choices=Programme._meta.get_field("weekday").choices, coerce=int, initial=3
    )
    week = forms.TypedChoiceField(
        label=capfirst(_("which one of the month")),
        choices=Programme._meta.get_field("week").choices,
        coerce=int,
        required=False,
        empty_value=None,
        initial=1,
        help_text=_("Of training once a month."),
    )
    starts_at = forms.TimeField(label=capfirst(_("starts at")), widget=TimeInput(), initial="16:30")
    minutes = forms.IntegerField(label=capfirst(_("minutes")), min_value=SHORTEST, max_value=LONGEST, initial=60)
    room = TextField(label=capfirst(_("training room")), max_length=60, required=False)
    gap_days = forms.IntegerField(
        label=capfirst(_("days apart from the other programme, at least")),
        min_value=0,
        max_value=5,
        initial=2,
        help_text=_("Service and technical training never share a half-day. With 2, Tuesday and Thursday go together."),
    )
    guest_every_month = forms.BooleanField(label=capfirst(_("a guest lecturer once a month")), required=False, initial=True)
    watcher = forms.ModelChoiceField(label=capfirst(_("watcher")), queryset=None, required=False)

    def __init__(self, *args, dealer, offered, organiser=None, **kwargs):
        """`offered` are the kinds of training that may be opened."""
        super().__init__(*args, **kwargs)
        staff = present_staff(dealer)
        self.fields["kind"].choices = [(kind.name, kind.label) for kind in offered]
        self.fields["organiser"].queryset = staff.filter(position__role__in={role for kind in offered for role in kind.organised_by})
        self.fields["watcher"].queryset = staff.filter(position__role__in={role for kind in offered for role in kind.watched_by})
        self.initial.setdefault("organiser", organiser)
        self._ask_what_matters(offered)

    def _ask_what_matters(self, offered):
        """Which one of the month is asked for what is monthly, the days apart for what keeps any, and one kind alone is chosen."""
        if len(offered) == 1:
            self.initial.setdefault("kind", offered[0].name)
        if all(kind.every == ONCE for kind in offered):
            del self.fields["weekday"], self.fields["guest_every_month"]
        if not any(kind.every == MONTHLY for kind in offered):
            del self.fields["week"]
        if not any(kind.keeps_apart for kind in offered):
            del self.fields["gap_days"]
            self.initial.setdefault("guest_every_month", False)


class LectureForm(SureForm):
    """A session that is arranged alone: where it is given, when, by whom."""

    ABOUT = ("on", "starts_at")
    place = NameField(label=capfirst(_("place, such as the school")), max_length=60)
    on = DayField(label=capfirst(_("day")))
    starts_at = forms.TimeField(label=capfirst(_("starts at")), widget=TimeInput())
    minutes = forms.IntegerField(label=capfirst(_("minutes")), min_value=SHORTEST, max_value=LONGEST)
    presenter = forms.ModelChoiceField(label=capfirst(_("presenter")), queryset=Employee.objects.none())
    title = NameField(label=capfirst(_("title")), max_length=120, required=False)
    field_order = ["place", "on", "starts_at", "minutes", "presenter", "title", "sure"]

    def __init__(self, *args, programme, people, **kwargs):
        initial = {"starts_at": programme.starts_at, "minutes": programme.minutes, "place": programme.room}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["presenter"].queryset = Employee.objects.filter(pk__in=[one.pk for one in people])


class MaterialForm(ShownForm):
    guest_name = NameField(label=capfirst(_("guest lecturer")), max_length=60)
    topic = forms.ModelChoiceField(label=capfirst(_("topic")), queryset=None)
    title = NameField(label=capfirst(_("title")), max_length=120)
    outline = TextField(label=capfirst(_("outline")), widget=forms.Textarea(attrs={"rows": 6}), max_length=5000, required=False)
    course = forms.ChoiceField(label=capfirst(_("course page")), required=False)
    file = forms.FileField(
        label=capfirst(_("file")),
        required=False,
        help_text=_("PDF, Word, Excel or PowerPoint without macros, picture or MP4 video; at most 20 MB."),
    )

    def __init__(self, *args, session, **kwargs):
        initial = {
            "guest_name": session.guest_name,
            "topic": session.topic_id,
            "title": session.title,
            "outline": session.outline,
            "course": session.course_id,
        }
        super().__init__(*args, initial=initial, facts=material_shown(session), **kwargs)
        if not session.is_guest:
            del self.fields["guest_name"]
        topics = topics_for(session.programme.kind)
        self.fields["topic"].queryset = topics
        pages = CoursePage.objects.live().filter(topic__in=topics, locale__language_code=main_language())
        pages = pages.select_related("locale").order_by("path")
        self.pages = {str(page.pk): page for page in pages}
        titles = zip(self.pages, in_reader_language(self.pages.values()), strict=True)
        self.fields["course"].choices = [("", "—"), *((pk, shown.title) for pk, shown in titles)]

    def clean_course(self):
        return self.pages.get(self.cleaned_data["course"])


class GuestForm(ShownForm):
    guest_name = NameField(label=capfirst(_("guest lecturer")), max_length=60)


class MoveForm(SureForm, ShownForm):
    ABOUT = ("on", "starts_at")
    field_order = ["on", "starts_at", "sure"]
    on = DayField(label=capfirst(_("new day")))
    starts_at = forms.TimeField(label=capfirst(_("starts at")), widget=TimeInput())


class HandsForm(ShownForm):
    """Who organises a programme and who watches over it, of those who may."""

    organiser = forms.ModelChoiceField(label=capfirst(_("organiser")), queryset=None)
    watcher = forms.ModelChoiceField(label=capfirst(_("watcher")), queryset=None, required=False)

    def __init__(self, *args, programme, **kwargs):
        super().__init__(*args, facts=hands_shown(programme), **kwargs)
        staff, rules = present_staff(programme.dealer), programme.rules
        self.fields["organiser"].queryset = staff.filter(position__role__in=rules.organised_by)
        self.fields["watcher"].queryset = staff.filter(position__role__in=rules.watched_by)
        self.initial |= {"organiser": programme.organiser_id, "watcher": programme.watcher_id}


class SwapForm(ShownForm):
    other = forms.ModelChoiceField(label=capfirst(_("swap with")), queryset=Session.objects.none())

    def __init__(self, *args, session, choices, **kwargs):
        super().__init__(*args, facts=turns_shown(session, choices), **kwargs)
        self.fields["other"].queryset = choices
        self.fields["other"].label_from_instance = lambda session: f"{day(session.on)} · {session.presenter}"


class PresenterForm(ShownForm):
    """Another presenter: whose turn is longest ago comes first."""

    presenter = forms.ModelChoiceField(label=capfirst(_("presenter")), queryset=Employee.objects.none())
    reason = TextField(label=capfirst(_("reason")), max_length=200)

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["presenter"]
        field.queryset = Employee.objects.filter(pk__in=[one.pk for one in people])
        field.choices = [(one.pk, one.called) for one in people]


class CancelForm(ShownForm):
    reason = TextField(label=capfirst(_("why cancelled")), max_length=200)


class CloseForm(forms.Form):
    """What goes with closing; asked for only while the session still runs."""

    early = TextField(
        label=capfirst(_("why it ended early")),
        max_length=200,
        required=False,
        help_text=_("Only if you close it before its end; the reason stands on record."),
    )

    def show_now(self, facts):
        """The roll itself carries what it showed, row by row."""


class CorrectionForm(ShownForm):
    attendance = forms.ModelChoiceField(label=capfirst(_("person")), queryset=Attendance.objects.none())
    state = forms.ChoiceField(
        label=capfirst(_("correct state")),
        choices=[choice for choice in State.choices if choice[0] not in (State.EXPECTED, State.NOT_NOTED)],
    )
    reason = TextField(label=capfirst(_("reason")), max_length=200)

    def __init__(self, *args, attendances, **kwargs):
        super().__init__(*args, facts=states_shown(attendances), **kwargs)
        self.fields["attendance"].queryset = attendances
        self.fields["attendance"].label_from_instance = lambda row: f"{row.employee.name} · {row.get_state_display()}"


class ReflectionForm(ShownForm):
    """What an author has written so far; how long it must be is the action's to say."""

    text = TextField(label=_("What do you take from the lecture for your own work?"), max_length=10000, required=False, strip=False)


class ScoreForm(ShownForm):
    score = forms.TypedChoiceField(
        label=capfirst(_("score 1-5")), coerce=int, choices=[(number, str(number)) for number in range(1, 6)], widget=forms.RadioSelect
    )


def roll_of(data):
    """What was changed on the roll: {employee id: state}. A row that was left as it was shown is not sent on, so that a check-in that
    came in meanwhile is not undone. None where the form is not one of ours."""
    states = {}
    for name, state in data.items():
        head, _dash, number = name.partition("-")
        if head != "state" or state == data.get(f"was-{number}"):
            continue
        if whole_number(number) is None or state not in State.values:
            return None
        states[whole_number(number)] = state
    return states


def shown_on_roll(data):
    """The state that the roll showed of each person, as `Shown`: of whoever is marked otherwise it must still be so."""
    words = dict(State.choices)
    was = {name.removeprefix("was-"): state for name, state in data.items() if name.startswith("was-")}
    return Shown({number: [state, str(words.get(state, state))] for number, state in was.items()})
