"""A session is opened on its day, its code taken until shortly after its end, and closed no sooner than its start (T5)."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from courses.training import tokens
from courses.training.actions.attendance import call_roll, check_in
from courses.training.actions.programmes import change_check_in
from courses.training.actions.sessions import cancel_session, close_session, move_session, start_session
from courses.training.models import Attendance, Programme, Session
from lms.common.states import Refused
from tests.each import each
from tests.factories import PLANNED_AT, SHANGHAI, make_floor, make_held_session, make_programme, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-26T10:00+08:00")]


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def floor():
    return make_floor()


def scan(session, person, at):
    return check_in(token=tokens.make_token(session.secret, session.pk, at), by=person.user, at=at)


def test_a_code_is_taken_until_fifteen_minutes_after_the_end_and_no_longer(floor):
    session = make_held_session(make_programme(floor))
    end = session.ends_at + timedelta(minutes=15)
    assert scan(session, floor.advisors[0], end).state == "late"
    for late in each([end + timedelta(seconds=1), session.ends_at + timedelta(days=3)]):
        with pytest.raises(Refused, match="ends 15 minutes after the session"):
            scan(session, floor.supervisor, late)
    assert Attendance.objects.get(employee=floor.supervisor).state == "expected"


def test_nor_past_midnight(floor):
    session = make_session(make_programme(floor), hour=22, minute=58)
    session = start_session(session=session, by=floor.supervisor.user, at=session.starts_at)
    midnight = datetime(2026, 11, 27, tzinfo=SHANGHAI)
    with pytest.raises(Refused, match="ends 15 minutes after"):
        scan(session, floor.supervisor, midnight)
    assert scan(session, floor.supervisor, midnight - timedelta(seconds=1)).state == "late"


def test_whoever_was_there_is_marked_on_the_roll_by_another_organiser(floor):
    session, later = make_held_session(make_programme(floor)), datetime(2026, 11, 29, 9, tzinfo=SHANGHAI)
    call_roll(session=session, states={floor.supervisor.pk: "present"}, by=floor.manager.user, at=later)
    assert Attendance.objects.get(employee=floor.supervisor).state == "present"


def test_a_session_is_started_on_its_day_alone_and_moved_or_cancelled_afterwards(floor):
    programme, by = make_programme(floor), floor.supervisor.user
    one, other, last = (make_session(programme, on=date(2026, 11, day)) for day in (5, 12, 19))
    midnight = datetime(2026, 11, 20, tzinfo=SHANGHAI)
    for session in each([one, other, last]):
        with pytest.raises(Refused, match="Move it to a day to come, or cancel it"):
            start_session(session=session, by=by, at=midnight)
    assert start_session(session=last, by=by, at=midnight - timedelta(seconds=1)).status == "held"
    assert cancel_session(session=one, reason="没有举行", by=by, at=midnight).status == "cancelled"
    assert move_session(session=other, on=date(2026, 11, 26), by=by, at=midnight).on == date(2026, 11, 26)


def test_the_page_and_today_say_so_instead_of_a_button_that_refuses(floor, sign_in):
    session, client = make_session(make_programme(floor), on=date(2026, 11, 25)), sign_in(floor.supervisor)
    text = client.get(reverse("session", args=[session.pk])).text
    assert "Move it to a day to come, or cancel it." in text
    assert reverse("session_start", args=[session.pk]) not in text
    text = client.get(reverse("today")).text
    assert "is over but was never started. Move it to a day to come, or cancel it." in text
    assert "Open the room" not in text


def test_a_session_may_be_closed_early_by_less_than_it_lasts(floor, sign_in):
    with pytest.raises(Refused, match="lasts 30 minutes") as refusal:
        make_programme(floor, minutes=30, closes_before=30)
    assert refusal.value.field == "closes_before"
    programme = make_programme(floor, minutes=30, closes_before=29)
    with pytest.raises(Refused, match="lasts 30 minutes"):
        change_check_in(programme=programme, opens_before=30, closes_before=30, by=floor.manager.user, at=PLANNED_AT)
    client, url = sign_in(floor.manager), reverse("programme_check_in", args=[programme.pk])
    form = client.post(url, {"opens_before": "30", "closes_before": "45"}).context["form"]
    assert "lasts 30 minutes" in str(form.errors["closes_before"])
    assert Programme.objects.get().closes_before == 29


def test_the_form_of_a_new_programme_says_so_at_its_field(floor, sign_in):
    typed = {
        "kind": "service", "organiser": floor.supervisor.pk, "weekday": "3", "starts_at": "16:30", "minutes": "30", "room": "",
        "gap_days": "2", "watcher": "", "opens_before": "30", "closes_before": "30",
    }  # fmt: skip
    form = sign_in(floor.manager).post(reverse("programme_new"), typed).context["form"]
    assert "lasts 30 minutes" in str(form.errors["closes_before"])


def test_what_an_older_release_let_be_set_closes_nothing_before_its_start(floor):
    session = make_session(make_programme(floor, closes_before=45))
    Session.objects.update(ends_at=session.starts_at + timedelta(minutes=30))
    session.refresh_from_db()
    before = session.starts_at - timedelta(minutes=1)
    session = start_session(session=session, by=floor.supervisor.user, at=before)
    with pytest.raises(Refused, match="runs until 16:30"):
        close_session(session=session, by=floor.supervisor.user, at=before)
    assert close_session(session=session, by=floor.supervisor.user, at=session.starts_at).status == "closed"
