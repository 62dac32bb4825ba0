"""Visiting lectures: senior technicians teach at a school. Each is arranged alone, and its hours count once it is closed."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from courses.training.actions.lectures import arrange_lecture
from courses.training.actions.programmes import open_programme, plan_quarter
from courses.training.actions.sessions import close_session, start_session
from courses.training.feed import sessions as feed_of
from courses.training.kinds import kind_of, names_for_track
from courses.training.models import Attendance, Session
from courses.training.queries.figures import attendance_in
from courses.training.queries.lectures import lecture_hours
from courses.training.queries.sessions import sessions_for
from courses.training.queries.turns import presenters_of
from lms.common.registries import panels_for
from lms.common.states import Refused, WrongHands
from tests.each import each
from tests.factories import PLANNED_AT, make_employee, make_floor, make_programme

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 25)  # a Wednesday


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def floor():
    floor = make_floor(advisors=1, technicians=2)
    floor.senior, floor.junior = floor.technicians
    type(floor.senior).objects.filter(pk=floor.senior.pk).update(hired_on=date(2015, 3, 1))
    type(floor.junior).objects.filter(pk=floor.junior.pk).update(hired_on=date(2026, 3, 1))
    floor.hr = make_employee("hr_officer", dealer=floor.dealer)
    return floor


def lectures_of(floor, by=None, **values):
    given = {"organiser": floor.manager, "starts_at": time(14), "minutes": 90, **values}
    return open_programme(dealer=floor.dealer, kind="lecture", by=(by or floor.hr).user, at=PLANNED_AT, **given)


def arranged(floor, programme=None, **values):
    given = {
        "place": "临江职业技术学院",
        "on": ON,
        "starts_at": time(14),
        "minutes": 90,
        "presenter": floor.senior,
        "by": floor.manager.user,
    }
    return arrange_lecture(programme=programme or lectures_of(floor), at=PLANNED_AT, **given | values)


def closed(floor, session, at=None):
    start_session(session=session, by=floor.manager.user, at=session.starts_at)
    close_session(session=session, by=floor.manager.user, at=at or session.ends_at, early="" if at is None else "下课早")
    return session


def test_it_counts_on_no_ladder_and_takes_no_floor_away():
    kind = kind_of("lecture")
    assert (kind.every, kind.keeps_apart, kind.attends, kind.track) == ("once", False, False, "")
    assert each("lecture" not in names_for_track(track) for track in ("service", "technical"))


@pytest.mark.parametrize("who", ["hr", "manager", "boss"])
def test_it_is_opened_by_hr_the_service_manager_and_the_general_manager(floor, who):
    floor.boss = make_employee("general_manager", dealer=floor.dealer)
    programme = lectures_of(floor, getattr(floor, who))
    assert programme.status == "open"
    assert not programme.guest_every_month


def test_supervisors_and_technicians_open_none(floor):
    for one in (floor.supervisor, floor.senior):
        with pytest.raises(WrongHands, match="Visiting lectures are opened by HR"):
            lectures_of(floor, one)


def test_hr_opens_no_other_training(floor):
    with pytest.raises(WrongHands):
        open_programme(dealer=floor.dealer, kind="service", organiser=floor.supervisor, starts_at=time(14), by=floor.hr.user, at=PLANNED_AT)


def test_a_lecture_is_at_the_school_given_by_a_senior_technician(floor):
    session = arranged(floor, title="制动系统")
    assert (session.room, session.presenter, session.title, session.by_hand) == ("临江职业技术学院", floor.senior, "制动系统", True)
    assert session.ends_at - session.starts_at == timedelta(minutes=90)


def test_only_senior_technicians_who_are_here_give_one(floor):
    programme = lectures_of(floor)
    assert [one.pk for one in presenters_of(programme, ON, ON)] == [floor.senior.pk]
    for one in (floor.junior, floor.advisors[0]):
        with pytest.raises(Refused, match="senior technicians") as refused:
            arranged(floor, programme, presenter=one)
        assert refused.value.field == "presenter"
    floor.senior.leaves.create(starts_on=ON, ends_on=ON)
    with pytest.raises(Refused, match="here that day"):
        arranged(floor, programme)


def test_it_is_arranged_by_the_service_manager(floor):
    programme = lectures_of(floor)
    for one in (floor.hr, floor.supervisor, floor.senior):
        with pytest.raises(WrongHands):
            arranged(floor, programme, by=one.user)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"place": " "}, "place"), ({"minutes": 5}, "minutes"), ({"on": date(2026, 11, 1)}, "on"), ({"on": date(2026, 11, 28)}, "on")],
)
def test_it_has_a_place_a_length_and_a_working_day_to_come(floor, values, field):
    with pytest.raises(Refused) as refused:
        arrange_lecture(
            programme=lectures_of(floor), by=floor.manager.user, at=PLANNED_AT + timedelta(days=40),
            **{"place": "学院", "on": ON, "starts_at": time(14), "minutes": 90, "presenter": floor.senior} | values,
        )  # fmt: skip
    assert refused.value.field == field


def test_two_are_not_in_one_half_day(floor):
    programme = lectures_of(floor)
    arranged(floor, programme)
    with pytest.raises(Refused):
        arranged(floor, programme, starts_at=time(15, 45), minutes=60)


def test_it_has_no_quarter_to_plan_and_regular_training_no_single_session(floor):
    with pytest.raises(Refused, match="no rhythm"):
        plan_quarter(programme=lectures_of(floor), year=2026, quarter=4, by=floor.manager.user, at=PLANNED_AT)
    with pytest.raises(Refused, match="plan the quarter instead"):
        arranged(floor, make_programme(floor), by=floor.supervisor.user)


def test_only_whoever_gives_it_is_on_its_roll_and_sees_it_coming(floor):
    session = arranged(floor)
    mine = Session.objects.filter(sessions_for(floor.senior, ON))
    theirs = Session.objects.filter(sessions_for(floor.junior, ON))
    assert list(mine) == [session]
    assert not theirs
    closed(floor, session)
    assert list(Attendance.objects.values_list("employee", "state")) == [(floor.senior.pk, "present")]
    assert attendance_in([floor.junior.pk], ON, ON)[floor.junior.pk] == (0, 0)


def test_hours_count_from_closed_sessions_alone(floor):
    programme = lectures_of(floor)
    people, year = [floor.senior.pk, floor.junior.pk], (date(2026, 1, 1), date(2026, 12, 31))
    first = arranged(floor, programme)
    arranged(floor, programme, on=ON + timedelta(days=1))
    assert lecture_hours(people, *year)[floor.senior.pk] == (0, 0.0)
    closed(floor, first)
    assert lecture_hours(people, *year) == {floor.senior.pk: (1, 1.5), floor.junior.pk: (0, 0.0)}
    assert lecture_hours(people, date(2026, 1, 1), ON - timedelta(days=1))[floor.senior.pk] == (0, 0.0)


def test_what_ended_early_counts_until_then(floor, django_assert_num_queries):
    session = arranged(floor)
    closed(floor, session, at=session.starts_at + timedelta(minutes=30))
    with django_assert_num_queries(1):
        assert lecture_hours([floor.senior.pk], ON, ON)[floor.senior.pk] == (1, 0.5)


def test_a_person_s_page_says_the_hours_of_this_year(floor):
    session = closed(floor, arranged(floor))
    shown = panels_for(floor.senior, floor.manager.user, session.ends_at)["wide"]
    assert [one["panel"] for one in shown if "lectures" in one["template"]] == [{"hours": 1.5, "lectures": 1}]
    none = panels_for(floor.junior, floor.manager.user, session.ends_at)["wide"]
    assert not [one for one in none if "lectures" in one["template"]]


def test_the_service_manager_arranges_one_from_the_board(floor, sign_in):
    programme = lectures_of(floor)
    client = sign_in(floor.manager)
    url = reverse("lecture_new", args=[programme.pk])
    assert url in client.get(reverse("training_board")).content.decode()
    on = date.today() + timedelta(days=7 + (2 - date.today().weekday()) % 7)
    data = {"place": "学院", "on": on, "starts_at": "14:00", "minutes": 60, "presenter": floor.senior.pk, "title": ""}
    assert client.get(url).status_code == 200
    answer = client.post(url, data)
    if answer.status_code == 200:  # a day that wants to be meant, such as one of which no holidays are entered
        answer = client.post(url, {**data, "sure": f"{on}|14:00"})
    session = Session.objects.get()
    assert answer["Location"] == reverse("session", args=[session.pk])
    assert client.get(answer["Location"]).status_code == 200


def test_hr_opens_the_programme_without_a_rhythm(floor, sign_in):
    client = sign_in(floor.hr)
    data = {"kind": "lecture", "organiser": floor.manager.pk, "starts_at": "14:00", "minutes": 60, "opens_before": 30, "closes_before": 0}
    page = client.get(reverse("programme_new")).content.decode()
    assert 'name="weekday"' not in page
    assert client.post(reverse("programme_new"), data).status_code == 302
    assert floor.dealer.programmes.get().kind == "lecture"


def test_its_presenter_has_it_in_the_coming_weeks(floor):
    session = arranged(floor)
    entries = list(feed_of(floor.senior, session.starts_at - timedelta(days=1), session.ends_at))
    assert [one.place for one in entries] == ["临江职业技术学院"]
