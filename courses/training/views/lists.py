"""The lists that figures open: exactly what each of them counts."""

from datetime import date

import django_filters
from django.forms import HiddenInput
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from courses.training import kinds
from courses.training.models import COUNTS_AS_ATTENDED, Attendance, Session
from courses.training.queries.boards import who_presents
from courses.training.queries.figures import counted_at
from courses.training.queries.sessions import coming_at, reflections_visible_to
from lms.common import limits
from lms.common.acting import open_to
from lms.common.lists import Column, List, WordsFilter
from lms.common.scores import percent_of
from lms.common.tones import tone_of
from lms.people.filters import AtOneDealer, dealer_asked_for
from lms.people.permissions import employee_of
from lms.people.queries import sees_several_dealers


class CountedFilter(AtOneDealer):
    on = WordsFilter(widget=HiddenInput, method="as_of")  # another choice keeps the day
    kind = django_filters.ChoiceFilter(label=gettext_lazy("Training"), field_name="session__programme__kind", choices=kinds.choices)
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=Attendance.State.choices)

    def as_of(self, queryset, name, value):
        return queryset  # the page's day, by `_day`


class AttendanceList(List):
    name = "attendance"
    columns = [
        Column("employee.name", gettext_lazy("Name"), sort="employee__name", link=lambda row: reverse("person", args=[row.employee_id])),
        Column("employee.number", gettext_lazy("Employee number"), sort="employee__number"),
        Column("session.on", gettext_lazy("Day"), sort="session__on"),
        Column("session", gettext_lazy("Session"), value=lambda row: str(row.session), link=lambda row: _page_of(row.session_id)),
        Column("kind", gettext_lazy("Training"), value=lambda row: row.session.programme.get_kind_display()),
        Column("state", gettext_lazy("State"), value=Attendance.get_state_display, badge=lambda row: tone_of(row.state), sort="state"),
    ]
    filterset = CountedFilter
    default_sort = "-session.on"
    empty_icon, empty_title = "training", gettext_lazy("Nothing is counted yet")
    empty_text = gettext_lazy("Attendance counts once a session is closed.")


class SessionList(List):
    name = "sessions"
    columns = [
        Column("on", gettext_lazy("Day"), sort="starts_at", link=lambda session: _page_of(session.pk)),
        Column("starts", gettext_lazy("Time"), value=lambda session: timezone.localtime(session.starts_at).strftime("%H:%M")),
        Column("kind", gettext_lazy("Training"), value=lambda session: session.programme.get_kind_display(), sort="programme__kind"),
        Column("title", gettext_lazy("Title"), sort="title"),
        Column("who", gettext_lazy("Presenter"), value=who_presents),
        Column(
            "material",
            gettext_lazy("Material"),
            value=lambda session: _("Material in") if session.material_at else _("not yet"),
            badge=lambda session: "good" if session.material_at else "warn",
            sort="material_at",
        ),
        Column("status", gettext_lazy("State"), value=Session.get_status_display, badge=lambda session: tone_of(session.status)),
    ]
    default_sort = "on"
    empty_icon, empty_title = "training", gettext_lazy("No session is to come")
    empty_text = gettext_lazy("Plan the next quarter, and its sessions stand here.")


class SessionListOfDealers(SessionList):
    """For whoever sees several: one dealer is no choice."""

    filterset = AtOneDealer


class ReflectionFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=[("unscored", gettext_lazy("Not scored yet")), ("scored", gettext_lazy("Scored"))],
        method="in_state",
    )

    def in_state(self, queryset, name, value):
        return queryset.filter(score__isnull=value == "unscored")


class ReflectionList(List):
    name = "reflections"
    columns = [
        Column("employee.name", gettext_lazy("Name"), sort="employee__name", link=lambda one: reverse("reflection", args=[one.pk])),
        Column("session", gettext_lazy("Session"), value=lambda one: str(one.session), link=lambda one: _page_of(one.session_id)),
        Column("session.on", gettext_lazy("Day"), sort="session__on"),
        Column("submitted_at", gettext_lazy("Handed in at"), value=lambda one: timezone.localtime(one.submitted_at), sort="submitted_at"),
        Column("score", gettext_lazy("Score given"), sort="score", numeric=True),
    ]
    filterset = ReflectionFilter
    default_sort = "submitted_at"
    empty_icon, empty_title = "check", gettext_lazy("No reflection is here")
    empty_text = gettext_lazy("Reflections that were handed in after guest lectures stand here, to be read and scored.")


def _page_of(session_id):
    return reverse("session", args=[session_id])


@open_to("training.view_board")
@require_safe
def attendance_counted(request):
    """What the figure of attendance counts as of a day: each row of it."""
    dealer, day = dealer_asked_for(request), _day(request)
    rows = counted_at(dealer, day)
    attended, expected = rows.filter(state__in=COUNTS_AS_ATTENDED).count(), rows.count()
    context = {"dealer": dealer, "day": day, "attended": attended, "expected": expected}
    context["percent"] = percent_of(attended, expected) if expected else None
    rows = rows.select_related("employee", "session__programme")
    return AttendanceList(request, rows).response("courses/training/attendance_counted.html", context)


@open_to("training.view_board")
@require_safe
def sessions_to_come(request):
    """What the figure of sessions to come counts, those whose material is missing first to be seen."""
    dealer = dealer_asked_for(request)
    rows = coming_at(dealer, timezone.now()).select_related("programme", "presenter", "topic")
    listing = SessionListOfDealers if sees_several_dealers(request.user) else SessionList
    return listing(request, rows).response("courses/training/sessions_to_come.html", {"dealer": dealer})


@open_to("training.organise_sessions")
@require_safe
def reflections(request):
    """Those of the dealer that were handed in, for whoever reads and scores them; never one's own."""
    own = employee_of(request.user)
    rows = reflections_visible_to(request.user).filter(submitted_at__isnull=False).exclude(employee=own)
    return ReflectionList(request, rows).response("courses/training/reflections.html")


def _day(request):
    """The day that the address names, today at the latest; what is no day is today."""
    today = timezone.localdate()
    try:
        day = date.fromisoformat(request.GET.get("on") or "")
    except ValueError:
        return today
    return min(day, today) if day.year >= limits.FIRST_YEAR else today
