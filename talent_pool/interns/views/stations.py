"""Stations: the list, one of them with who is there, keeping them, and how full they are over the weeks."""

from datetime import date, timedelta

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from lms.common import limits
from lms.common.acting import attempt, open_to
from lms.common.days import day
from lms.common.lists import Column, List
from lms.common.states import require
from lms.people.choices import LEVEL_NAMES
from lms.people.fields import DealerForm
from lms.people.permissions import employee_of
from lms.people.queries import dealers_visible_to
from talent_pool.interns.actions.stations import change_station, make_station, not_yours, station_shown
from talent_pool.interns.drawing import Cell, heat_map
from talent_pool.interns.floor import monday
from talent_pool.interns.forms.stations import NewStationForm, StationFilter, StationForm
from talent_pool.interns.permissions import STATIONS, VIEW, may_keep_stations
from talent_pool.interns.queries.stations import mondays, rotations_between, stations_visible_to, weeks_of, with_interns

WEEK, SIX = timedelta(days=7), timedelta(days=6)
SHOWN_WEEKS = 13


def _page(station):
    return reverse("station", args=[station.pk])


def _mentor_words(station):
    return " · ".join(
        str(part) for part in (station.mentor_level and LEVEL_NAMES[station.mentor_level], station.mentor_certificate) if part
    )


def _intern_words(station):
    level = station.asks_level and f"{station.get_asks_track_display()} {LEVEL_NAMES[station.asks_level]}"
    return " · ".join(str(part) for part in (level, station.asks_certificate, station.asks_course and station.asks_course.title) if part)


class StationList(List):
    name = "stations"
    columns = [
        Column("name", gettext_lazy("Station"), sort=("order", "code"), link=_page),
        Column("dealer.name", gettext_lazy("Dealer"), sort="dealer__code"),
        Column("position.name", gettext_lazy("Post whose work it is")),
        Column("now", gettext_lazy("There now"), numeric=True),
        Column("capacity", gettext_lazy("Interns at once"), sort="capacity", numeric=True),
        Column("weeks", gettext_lazy("Weeks planned"), sort="weeks", numeric=True),
        Column("mentor", gettext_lazy("Asked of a mentor"), value=_mentor_words),
        Column("asks", gettext_lazy("Asked of an intern"), value=_intern_words),
        Column("is_high_risk", gettext_lazy("High-risk work"), value=lambda one: _("Yes") if one.is_high_risk else ""),
        Column(
            "in_use", gettext_lazy("In use"), value=lambda one: _("In use") if one.in_use else _("Out of use"),
            badge=lambda one: "good" if one.in_use else "",
        ),
    ]  # fmt: skip
    filterset = StationFilter
    default_sort = "name"
    empty_icon = "school"
    empty_title = gettext_lazy("No stations yet")
    empty_text = gettext_lazy("A station is a place of work where interns learn in turn, with a mentor.")


@open_to(VIEW, STATIONS)
@require_safe
def stations(request):
    found = with_interns(stations_visible_to(request.user), timezone.localdate())
    return StationList(request, found).response("talent_pool/interns/stations.html", {"keeps": request.user.has_perm(STATIONS)})


@open_to(STATIONS)
@require_http_methods(["GET", "POST"])
def station_new(request):
    employee = employee_of(request.user)
    form = NewStationForm(request.POST or None, dealers=dealers_visible_to(request.user), initial={"dealer": employee and employee.dealer})
    if form.is_valid():
        made = attempt(request, make_station, _("The station is made. It is planned from now on."), form=form, **form.cleaned_data)
        if made:
            return redirect(_page(made))
    return render(
        request, "talent_pool/interns/station_form.html", {"form": form, "title": _("New station"), "back_url": reverse("stations")}
    )


@open_to(STATIONS)
@require_http_methods(["GET", "POST"])
def station_edit(request, pk):
    station = get_object_or_404(stations_visible_to(request.user), pk=pk)
    require(may_keep_stations(request.user, station.dealer), not_yours(station.dealer))
    initial = {name: station.serializable_value(name) for name in StationForm.base_fields}
    form = StationForm(request.POST or None, initial=initial, facts=station_shown(station))
    if form.is_valid() and attempt(request, change_station, _("Saved."), form=form, station=station, **form.cleaned_data):
        return redirect(_page(station))
    return render(request, "talent_pool/interns/station_form.html", {"form": form, "title": station.name, "back_url": _page(station)})


@open_to(VIEW, STATIONS)
@require_safe
def station(request, pk):
    """What it asks, and who is there in a week."""
    one = get_object_or_404(stations_visible_to(request.user), pk=pk)
    week = asked_week(request)
    people = list(rotations_between([one], week, week + SIX))
    context = {
        "station": one,
        "week": week,
        "week_ends": week + SIX,
        "before": week - WEEK,
        "after": week + WEEK,
        "people": people,
        "mentor_words": _mentor_words(one),
        "intern_words": _intern_words(one),
        "keeps": may_keep_stations(request.user, one.dealer),
        "today": timezone.localdate(),
    }
    return render(request, "talent_pool/interns/station.html", context)


def asked_week(request):
    """The Monday of the week that the address asks for, or of this one."""
    try:
        asked = date.fromisoformat(request.GET.get("week") or "")
    except ValueError:
        asked = timezone.localdate()
    return monday(asked if limits.FIRST_YEAR < asked.year < limits.LAST_YEAR else timezone.localdate())


@open_to(VIEW, STATIONS)
@require_safe
def station_weeks(request):
    """How full the stations of a dealer are: a picture, and its numbers; each cell opens to the people."""
    form, first = _chosen(request), asked_week(request)
    dealer = form.cleaned_data["dealer"] if form.is_valid() else form.initial["dealer"]
    rows = list(stations_visible_to(request.user).filter(dealer=dealer, in_use=True)) if dealer else []
    weeks = mondays(first, SHOWN_WEEKS)
    used = weeks_of(rows, weeks)
    heads = [date_format(week, "n-j") for week in weeks]
    cells = [(one, [_cell(one, week, used.get((one.pk, week), 0)) for week in weeks]) for one in rows]
    title = _("Interns at the stations, by week")
    context = {
        "form": form if len(form.fields["dealer"].few) > 1 else None,
        "dealer": dealer,
        "svg": heat_map(title, heads, [(one.name, row) for one, row in cells]) if rows else "",
        "title": title,
        "weeks": weeks,
        "rows": cells,
        "first": first,
        "last": weeks[-1] + SIX,
        "before": first - WEEK * SHOWN_WEEKS,
        "after": first + WEEK * SHOWN_WEEKS,
    }
    return render(request, "talent_pool/interns/station_weeks.html", context)


def _chosen(request):
    employee, seen = employee_of(request.user), dealers_visible_to(request.user)
    own = employee.dealer if employee else seen.first()
    return DealerForm(request.GET if request.GET.get("dealer") else None, dealers=seen, initial={"dealer": own})


def _cell(station, week, used):
    words = _("%(station)s, week from %(day)s: %(used)s of %(capacity)s places taken")
    says = words % {"station": station.name, "day": day(week), "used": used, "capacity": station.capacity}
    return Cell(used, station.capacity, f"{_page(station)}?week={week}", says)
