"""The coming weeks: what has a day, week by week, for the person signed in and nobody else."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from lms.common.registries import Entry
from lms.home.weeks import span_of, weeks_of, when_of
from tests.factories import make_employee, make_floor, make_programme, make_session

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=SHANGHAI)  # a Wednesday


def entry(days=0, *, hours=0, ends=None, **values):
    starts_at = NOW + timedelta(days=days, hours=hours)
    return Entry("k", "Brakes", starts_at, ends and starts_at + timedelta(hours=ends), **values)


def test_six_weeks_are_shown_from_today_to_a_sunday():
    first, end = span_of(NOW)
    assert (first.isoformat(), end.isoformat()) == ("2026-11-25T00:00:00+08:00", "2027-01-04T00:00:00+08:00")


def test_weeks_are_named_by_how_near_they_are_and_empty_ones_left_out():
    with override("en"):
        weeks = weeks_of([entry(0), entry(4), entry(5), entry(33)], NOW)
        assert [week["title"] for week in weeks][:2] == ["This week", "Next week"]
        assert "28" in weeks[2]["title"]
    assert [len(week["entries"]) for week in weeks] == [2, 1, 1]


def test_what_began_before_and_is_still_open_stands_in_this_week():
    with override("en"):
        (week,) = weeks_of([entry(-8, ends=24 * 10), entry(0)], NOW)
        assert (week["title"], len(week["entries"])) == ("This week", 2)


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (entry(hours=6.5, ends=1, place="Room 2", note="you present"), "16:30–17:30 · Room 2 · you present"),
        (entry(hours=6.5, ends=48, place="Room 2"), "16:30 until 27 Nov, 16:30 · Room 2"),
        (entry(hours=6.5), "by 16:30"),
        (entry(hours=13 + 59 / 60), ""),
    ],
)
def test_a_line_says_hours_place_and_part(one, text):
    with override("en"):
        ((week),) = weeks_of([one], NOW)
        assert week["entries"][0]["text"] == text


@pytest.mark.parametrize(
    ("days", "hours", "big", "small", "state"),
    [(0, 2, "12:00", "today", ""), (2, 0, "27", "Fri", ""), (13, 0, "8", "Dec", ""), (-2, 0, "23", "Nov", "late")],
)
def test_a_time_reads_by_how_near_it_is(days, hours, big, small, state):
    with override("en"):
        assert when_of(NOW + timedelta(days=days, hours=hours), NOW) == {"big": big, "small": small, "state": state}


def test_what_has_no_time_can_be_done_at_any():
    with override("en"):
        assert when_of(None, NOW, now=True) == {"big": "·", "small": "any time", "state": "now"}


@pytest.fixture
def floor():
    return make_floor()


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("en", ["The coming weeks", "you present"]), ("zh-hans", ["未来几周", "由您主讲"])])
def test_the_page_speaks_both_languages(sign_in, floor, language, words):
    make_session(make_programme(floor), on=date(2026, 12, 3), presenter=floor.advisors[0])
    floor.advisors[0].user.language = language
    floor.advisors[0].user.save()
    page = sign_in(floor.advisors[0]).get(reverse("coming")).content.decode()
    assert not [word for word in words if word not in page]


@pytest.mark.django_db
def test_it_is_a_tap_away_from_today(sign_in):
    assert f'href="{reverse("coming")}"' in sign_in(make_employee()).get(reverse("today")).content.decode()


@pytest.mark.django_db
def test_free_weeks_say_so_and_nobody_reads_anothers(sign_in, floor):
    make_session(make_programme(floor), on=date(2026, 12, 3), presenter=floor.advisors[0])
    response = sign_in(floor.technicians[0]).get(reverse("coming"))
    assert response.context["weeks"] == []
    assert b'class="empty"' in response.content


@pytest.mark.django_db
def test_an_account_without_a_person_has_no_weeks(client, django_user_model):
    client.force_login(django_user_model.objects.create(username="robot", is_superuser=True))
    assert client.get(reverse("coming")).status_code == 404


@pytest.mark.django_db
def test_many_entries_cost_as_much_as_one(sign_in, floor):
    programme = make_programme(floor)
    client = sign_in(floor.advisors[0])

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("coming"))
        return len(queries)

    make_session(programme, on=date(2026, 11, 26), presenter=floor.advisors[0])
    client.get(reverse("coming"))
    one = cost()
    for week in range(1, 4):
        make_session(programme, on=date(2026, 11, 26) + timedelta(weeks=week), presenter=floor.advisors[0])
    assert cost() == one <= 12
