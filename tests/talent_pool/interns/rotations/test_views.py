from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from talent_pool.interns.actions.rotating import plan_rotations
from talent_pool.interns.models import Rotation, Station
from tests.each import each
from tests.factories import hr_of, make_employee, make_mentor, make_station
from tests.talent_pool.interns.rotations.ground import AT, FIRST, LAST, make_ground

pytestmark = pytest.mark.django_db
MOST = 15


@pytest.fixture
def here():
    with time_machine.travel(AT + timedelta(days=14), tick=False):
        here = make_ground(3, 3, 3)
        plan_rotations(batch=here.batch, by=here.by, at=AT)
        here.third = make_mentor(here.dealer, name="赵师傅").employee
        here.rotations = list(Rotation.objects.order_by("placement", "starts_on"))
        yield here


def page(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


# --- The chart and the plan -------------------------------------------------------------------------------------------


def test_the_chart_names_who_is_where_and_opens_each_rotation(here, sign_in):
    client = sign_in(here.supervisor)
    shown = page(client, "rotations", here.batch.pk)
    assert each(reverse("rotation", args=[one.pk]) in shown for one in here.rotations)
    assert each(one.person.name in shown for one in here.placements)
    assert "<svg" in shown
    assert "This wants attention" not in shown


def test_the_chart_says_what_is_amiss(here, sign_in):
    here.rotations[0].mentor.mentorships.update(ended_at=AT, ended_by=here.by)
    shown = page(sign_in(here.supervisor), "rotations", here.batch.pk)
    assert "This wants attention" in shown
    assert "is no mentor at this dealer any more" in shown


def test_a_plan_is_looked_at_and_then_written(here, sign_in):
    Rotation.objects.all().delete()
    client = sign_in(here.supervisor)
    shown = page(client, "rotations_plan", here.batch.pk)
    assert not Rotation.objects.exists()
    seen = shown.partition('name="seen" value="')[2].partition('"')[0]
    answer = client.post(reverse("rotations_plan", args=[here.batch.pk]), {"seen": seen})
    assert answer["Location"] == reverse("rotations", args=[here.batch.pk])
    assert Rotation.objects.count() >= 6


def test_a_plan_says_what_it_cannot_meet(here, sign_in):
    Rotation.objects.all().delete()
    Station.objects.exclude(pk=here.stations[0].pk).delete()
    make_station("risky", dealer=here.dealer, name_en="Paint", asks_level=1, asks_track="technical")
    shown = page(sign_in(here.supervisor), "rotations_plan", here.batch.pk)
    assert "At no station" in shown
    assert "Station 1: full" in shown
    assert "Paint: asks for “Junior”" in shown


def test_a_batch_without_anybody_has_nothing_to_plan(here, sign_in):
    Rotation.objects.all().delete()
    here.batch.placements.all().delete()
    assert "Nobody to plan" in page(sign_in(here.supervisor), "rotations", here.batch.pk)
    assert "Nothing to plan" in page(sign_in(here.supervisor), "rotations_plan", here.batch.pk)


# --- By hand ----------------------------------------------------------------------------------------------------------


def test_a_rotation_to_come_is_changed_on_its_page(here, sign_in):
    one = here.rotations[1]
    client, url = sign_in(here.supervisor), reverse("rotation", args=[one.pk])
    data = {"station": one.station_id, "mentor": here.third.pk, "starts_on": one.starts_on, "ends_on": one.ends_on, "reason": "换人"}
    assert client.post(url, data).status_code == 302
    one.refresh_from_db()
    assert (one.mentor, one.reason) == (here.third, "换人")


def test_a_refusal_stands_on_the_page_with_what_was_typed(here, sign_in):
    one, other = here.rotations[1], here.rotations[0].station
    client, url = sign_in(here.supervisor), reverse("rotation", args=[one.pk])
    data = {"station": other.pk, "mentor": one.mentor_id, "starts_on": one.starts_on, "ends_on": LAST + timedelta(days=7), "reason": "试试"}
    answer = client.post(url, data, headers={"accept-language": "en"}).content.decode()
    assert "cover these days" in answer
    assert "试试" in answer


@pytest.mark.parametrize("way", ["transfer", "mentor", "drop"])
def test_each_way_has_its_page(here, sign_in, way):
    shown = page(sign_in(here.supervisor), f"rotation_{way}", here.rotations[1].pk)
    assert 'name="reason"' in shown


def test_an_intern_is_moved_handed_over_and_dropped(here, sign_in):
    client, one = sign_in(here.supervisor), here.rotations[0]
    free = make_station("free", dealer=here.dealer)
    today = FIRST + timedelta(days=7)
    move = {"station": free.pk, "mentor": here.third.pk, "on": today, "reason": "换岗"}
    assert client.post(reverse("rotation_transfer", args=[one.pk]), move).status_code == 302
    assert client.post(
        reverse("rotation_mentor", args=[here.rotations[2].pk]), {"mentor": here.third.pk, "on": today, "reason": "x"}
    ).status_code
    assert client.post(reverse("rotation_drop", args=[here.rotations[1].pk]), {"reason": "删"}).status_code == 302
    assert Rotation.objects.filter(placement=here.placements[0]).order_by("starts_on").last().station == free


def test_a_rotation_is_added(here, sign_in):
    Rotation.objects.all().delete()
    client, url = sign_in(here.supervisor), reverse("rotation_new", args=[here.placements[0].pk])
    assert 'name="station"' in client.get(url).content.decode()
    data = {
        "station": here.stations[0].pk,
        "mentor": here.third.pk,
        "starts_on": FIRST + timedelta(days=14),
        "ends_on": LAST,
        "reason": "补",
    }
    assert client.post(url, data)["Location"] == reverse("rotations", args=[here.batch.pk])


# --- Stations ---------------------------------------------------------------------------------------------------------


def test_the_list_says_who_is_there_now_and_what_is_asked(here, sign_in):
    Station.objects.filter(pk=here.stations[1].pk).update(mentor_level=2, in_use=False)
    shown = page(sign_in(here.supervisor), "stations")
    assert "Station 1" in shown
    assert "Intermediate" in shown
    assert "Out of use" in shown


def test_a_station_is_made_and_changed(here, sign_in):
    client = sign_in(here.supervisor)
    data = {"dealer": here.dealer.code, "code": "paint", "name_zh": "喷漆", "position": here.stations[0].position_id, "capacity": 2, "weeks": 3,
            "mentor_level": 0, "asks_level": 0, "order": 9, "is_high_risk": "on"}  # fmt: skip
    answer = client.post(reverse("station_new"), data)
    made = Station.objects.get(code="paint")
    assert answer["Location"] == reverse("station", args=[made.pk])
    assert (made.capacity, made.is_high_risk, made.in_use) == (2, True, True)
    edit = reverse("station_edit", args=[made.pk])
    assert 'name="shown"' in client.get(edit).content.decode()
    assert client.post(edit, {**data, "capacity": 4, "in_use": "on"}).status_code == 302
    made.refresh_from_db()
    assert made.capacity == 4


def test_a_station_shows_who_is_there_in_a_week(here, sign_in):
    shown = page(sign_in(here.supervisor), "station", here.stations[0].pk, week=FIRST)
    assert "学员1" in shown
    assert "学员2" not in shown
    assert "Nobody is here this week" in page(sign_in(here.supervisor), "station", here.stations[0].pk, week=FIRST - timedelta(days=7))


@pytest.mark.parametrize("week", ["nonsense", "0001-01-01", "9999-12-31"])
def test_a_week_that_nobody_knows_is_this_one(here, sign_in, week):
    assert "学员1" in page(sign_in(here.supervisor), "station", here.stations[0].pk, week=week)
    page(sign_in(here.supervisor), "station_weeks", week=week)


def test_the_weeks_of_the_stations_are_a_picture_and_its_numbers(here, sign_in):
    shown = page(sign_in(here.supervisor), "station_weeks", week=FIRST)
    assert shown.count("1/1") >= 2 * 3 * 8
    assert f"{reverse('station', args=[here.stations[0].pk])}?week={FIRST}" in shown


def test_whoever_sees_interns_and_keeps_no_station_gets_no_buttons(here, sign_in):
    gm = sign_in(make_employee("general_manager", dealer=here.dealer))
    assert reverse("rotations_plan", args=[here.batch.pk]) not in page(gm, "rotations", here.batch.pk)
    assert reverse("station_new") not in page(gm, "stations")
    assert reverse("station_edit", args=[here.stations[0].pk]) not in page(gm, "station", here.stations[0].pk)


# --- As many statements for one as for thirty -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["rotations", "rotations_plan", "stations", "station_weeks", "station", "rotation", "rotation_new", "station_edit"]
)
def test_a_page_asks_few_statements(here, sign_in, django_assert_max_num_queries, name):
    Station.objects.update(asks_certificate="EV", mentor_certificate="")
    args = {
        "rotations": [here.batch.pk], "rotations_plan": [here.batch.pk], "station": [here.stations[0].pk], "rotation": [here.rotations[1].pk],
        "rotation_new": [here.placements[0].pk], "station_edit": [here.stations[0].pk],
    }.get(name, [])  # fmt: skip
    client = sign_in(here.supervisor)
    client.get(reverse("today"))
    with django_assert_max_num_queries(MOST):
        assert client.get(reverse(name, args=args)).status_code == 200


def test_hr_of_the_dealer_keeps_stations_too(here, sign_in):
    assert "New station" in page(sign_in(hr_of(here.dealer).employee), "stations")
