from datetime import date, datetime, time

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.training.figures import attendance, sessions
from courses.training.models import Attendance
from courses.training.panels import attendance as attendance_panel
from courses.training.queries.figures import counted_at
from lms.people.actions import record_departure, transfer_employee
from lms.people.actions.writing import line_of, remember_all
from lms.people.standing import PLACE
from tests.factories import make_dealer, make_employee
from tests.factories.training import make_floor, make_programme, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-25T10:00+08:00")]

FIRST, SECOND, CHANGED = date(2026, 10, 15), date(2026, 11, 5), date(2026, 11, 10)


@pytest.fixture
def floor():
    """Three advisors: one stays and came both times, one was missing and leaves, one was missing and moves to the other dealer."""
    floor = make_floor(advisors=3, technicians=0)
    make_dealer("YT02")
    remember_all([line_of(one, "hired", one.hired_on, None, says=PLACE, status="active") for one in floor.advisors])
    programme, (stays, goes, moves) = make_programme(floor), floor.advisors
    for day in (FIRST, SECOND):
        session = make_session(programme, on=day, status="closed")
        for one, state in ((stays, "present"), (goes, "absent"), (moves, "absent")):
            Attendance.objects.create(session=session, employee=one, state=state)
    return floor


def on_the_tile(floor, day):
    at = timezone.make_aware(datetime.combine(day, time(12)))
    return [tile["value"] for tile in attendance(floor.manager.user, floor.manager, at)]


def test_the_attendance_of_a_past_day_is_that_of_the_staff_of_then(floor):
    _stays, goes, moves = floor.advisors
    assert on_the_tile(floor, date(2026, 11, 25)) == [33]
    who = {"by": make_employee("group_hr").user, "at": timezone.now()}
    record_departure(employee=goes, left_on=CHANGED, leaving="resigned", **who)
    transfer_employee(employee=moves, dealer=make_dealer("YT02"), on=CHANGED, **who)
    assert on_the_tile(floor, date(2026, 11, 25)) == [100]
    assert on_the_tile(floor, date(2026, 11, 9)) == [33]


def test_an_intern_in_a_technicians_post_and_a_later_session_do_not_count(floor):
    intern = make_employee("advisor", dealer=floor.dealer, kind="intern")
    late = make_session(floor.advisors[0].dealer.programmes.get(), on=date(2026, 11, 19), status="closed")
    Attendance.objects.create(session=late, employee=intern, state="absent")
    Attendance.objects.create(session=late, employee=floor.advisors[0], state="present")
    assert on_the_tile(floor, date(2026, 11, 18)) == [33]
    assert on_the_tile(floor, date(2026, 11, 25)) == [42]  # 42.86, cut


def test_the_figure_opens_the_rows_that_it_counts(floor, sign_in, settings):
    settings.LANGUAGE_CODE = "en"
    (tile,) = attendance(floor.manager.user, floor.manager, timezone.now())
    response = sign_in(floor.manager).get(tile["url"])
    rows = list(response.context["list"].queryset)
    assert response.context["percent"] == tile["value"] == 100 * sum(row.state == "present" for row in rows) // len(rows)
    assert (response.context["attended"], response.context["expected"], len(rows)) == (2, 6, 6)
    assert len(sign_in(floor.manager).get(tile["url"] + "&state=present").context["list"].queryset) == 2
    export = sign_in(floor.manager).get(tile["url"] + "&export=csv").getvalue().decode()
    assert len(export.strip().splitlines()) == 7


def test_the_list_of_a_past_day_is_that_of_the_staff_of_then_and_no_day_is_to_come(floor, sign_in):
    _stays, goes, _moves = floor.advisors
    record_departure(employee=goes, left_on=CHANGED, leaving="resigned", by=make_employee("group_hr").user, at=timezone.now())
    client, url = sign_in(floor.manager), reverse("attendance_counted")
    assert client.get(f"{url}?on=2026-11-09").context["expected"] == 6
    assert client.get(f"{url}?on=2026-11-25").context["expected"] == 4
    assert [client.get(url + query).context["day"] for query in ("?on=2027-01-01", "?on=x", "")] == [date(2026, 11, 25)] * 3
    assert client.get(f"{url}?dealer=YT02").status_code == 404


def test_every_page_counts_the_quarter_to_the_same_day_and_the_own_track_alone(floor, sign_in):
    """One figure for one person on the tile, their page and their own page, whatever other training they were at."""
    person = floor.advisors[0]
    other = make_session(make_programme(floor, kind="technical", weekday=1), on=date(2026, 11, 3), status="closed")
    Attendance.objects.create(session=other, employee=person, state="absent")
    mine = sign_in(person).get(reverse("training")).context
    assert (mine["attended"], mine["expected"], mine["rate"]) == (2, 2, 100)
    panel = attendance_panel(person, floor.manager.user, timezone.now())
    assert (panel["attended"], panel["expected"], panel["percent"]) == (2, 2, 100)
    assert counted_at(floor.dealer, date(2026, 11, 25)).filter(employee=person).count() == 2


def test_the_figure_of_sessions_to_come_opens_those_it_counts(floor, sign_in):
    programme = floor.advisors[0].dealer.programmes.get()
    for day, status in ((date(2026, 11, 26), "planned"), (date(2027, 1, 7), "confirmed"), (date(2026, 12, 3), "cancelled")):
        make_session(programme, on=day, status=status)
    (tile,) = sessions(floor.manager.user, floor.manager, timezone.now())
    assert tile["value"] == 2 == len(sign_in(floor.manager).get(tile["url"]).context["list"].queryset)


@pytest.fixture
def group_hr(floor):
    """Who sees both dealers and works at the first."""
    return make_employee("group_hr", dealer=floor.dealer)


def test_whoever_sees_several_dealers_reads_on_the_tile_whose_figure_it_is(floor, group_hr, settings):
    settings.LANGUAGE_CODE = "en"
    make_session(floor.dealer.programmes.get(), on=date(2026, 11, 26), status="planned")
    labels = [tile["label"] for figure in (attendance, sessions) for tile in figure(group_hr.user, group_hr, timezone.now())]
    assert [label.partition(" · ")[2] for label in labels] == [floor.dealer.name] * 2
    own = [tile["label"] for figure in (attendance, sessions) for tile in figure(floor.manager.user, floor.manager, timezone.now())]
    assert [label.partition(" · ")[0] for label in labels] == own


@pytest.mark.parametrize("name", ["attendance_counted", "sessions_to_come"])
def test_the_list_of_a_figure_is_of_the_dealer_that_is_chosen(floor, group_hr, sign_in, name):
    make_session(floor.dealer.programmes.get(), on=date(2026, 11, 26), status="planned")
    client, url, other = sign_in(group_hr), reverse(name), make_dealer("YT02")
    of = {code: client.get(url, {"dealer": code}).context for code in ("", "YT01", "YT02", "nowhere")}
    assert {code: context["dealer"] for code, context in of.items()} == {
        "": floor.dealer, "YT01": floor.dealer, "YT02": other, "nowhere": floor.dealer,
    }  # fmt: skip
    assert of["YT01"]["list"].queryset.count() == of[""]["list"].queryset.count() > 0
    assert not of["YT02"]["list"].queryset.exists()
    assert "“nowhere”" in " ".join(map(str, of["nowhere"]["list"].not_understood))
    assert '<select name="dealer"' in client.get(url, {"dealer": "YT02"}).text


@pytest.mark.parametrize("name", ["attendance_counted", "sessions_to_come"])
def test_whoever_sees_one_dealer_is_offered_none_and_sees_no_other(floor, sign_in, name):
    client, url = sign_in(floor.manager), reverse(name)
    assert 'name="dealer"' not in client.get(url, {"dealer": "YT01"}).text
    assert client.get(url, {"dealer": "YT02"}).status_code == 404


def test_another_choice_keeps_the_day_of_the_figure(floor, sign_in):
    page = sign_in(floor.manager).get(reverse("attendance_counted"), {"on": "2026-11-09"}).text
    assert '<input type="hidden" name="on" value="2026-11-09"' in page
