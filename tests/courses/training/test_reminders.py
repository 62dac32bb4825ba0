"""T4 and T6: each reminder once, at its time, however often the sweep runs."""

from datetime import date, timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from courses.training.actions import close_session, move_session, send_reminders, submit_material, submit_reflection
from courses.training.models import Reflection
from lms.notifications.actions import words_of
from lms.notifications.models import Notice
from tests.each import each
from tests.factories import make_floor, make_held_session, make_programme, make_session, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor():
    return make_floor()


@pytest.fixture
def session(floor):
    return make_session(make_programme(floor), presenter=floor.advisors[0])


def told(kind):
    return list(Notice.objects.filter(kind=kind).order_by("pk").values_list("recipient__employee__name", flat=True))


def sweep_daily(session, first, last):
    """The sweep runs twice a day from `first` to `last` days before the session."""
    for days in range(first, last - 1, -1):
        for hours in (10, 9):
            send_reminders(at=session.starts_at - timedelta(days=days, hours=hours))


def test_the_presenter_is_reminded_seven_two_and_no_days_before_the_material_is_due(floor, session):
    days = []
    for before in range(14, 1, -1):
        number = send_reminders(at=session.starts_at - timedelta(days=before, hours=9))
        days += [before - 2] * number
    assert days == [7, 2, 0]
    assert told("training_material_due") == [floor.advisors[0].name] * 3


def test_however_often_the_sweep_runs_each_reminder_goes_out_once(floor, session):
    sweep_daily(session, 14, 0)
    assert told("training_material_due") == [floor.advisors[0].name] * 3
    assert told("training_material_overdue") == [floor.supervisor.name]


def test_a_sweep_that_was_left_out_is_made_up_for(session):
    assert send_reminders(at=session.starts_at - timedelta(days=8)) == 1
    assert send_reminders(at=session.starts_at - timedelta(days=7)) == 0


def test_once_the_material_is_in_nobody_is_reminded(floor, session):
    at = session.starts_at - timedelta(days=14)
    submit_material(session=session, title="x", topic=make_topic(), outline="x", by=floor.advisors[0].user, at=at)
    sweep_daily(session, 14, 0)
    assert told("training_material_due") == told("training_material_overdue") == []


def test_a_moved_session_is_reminded_of_anew(floor, session):
    sweep_daily(session, 9, 9)
    move_session(session=session, on=date(2026, 12, 10), by=floor.supervisor.user, at=session.starts_at - timedelta(days=8))
    session.refresh_from_db()
    sweep_daily(session, 9, 9)
    assert told("training_material_due") == [floor.advisors[0].name] * 2


def test_a_guest_lectures_material_is_the_organisers_to_bring(floor):
    sweep_daily(make_session(make_programme(floor), is_guest=True), 9, 2)
    assert told("training_material_due") == [floor.supervisor.name] * 3


def test_reflections_are_reminded_of_a_day_before_and_when_overdue(floor):
    session = make_held_session(make_programme(floor), is_guest=True)
    close_session(session=session, by=floor.supervisor.user, at=session.ends_at)
    done = Reflection.objects.get(employee=floor.advisors[0])
    submit_reflection(reflection=done, text="好" * 200, by=floor.advisors[0].user, at=session.ends_at)
    for hours in range(0, 120, 6):
        send_reminders(at=session.ends_at + timedelta(hours=hours))
    assert sorted(told("training_reflection_due")) == sorted([floor.advisors[1].name, floor.advisors[2].name] * 2)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_notice_has_a_subject_and_words(floor, session, language):
    sweep_daily(session, 9, 0)
    move_session(session=session, on=date(2026, 12, 10), by=floor.supervisor.user, at=session.starts_at - timedelta(days=8))
    lecture = make_held_session(session.programme, on=date(2026, 11, 19), is_guest=True, title="Listening")
    close_session(session=lecture, by=floor.supervisor.user, at=lecture.ends_at)
    send_reminders(at=lecture.ends_at + timedelta(days=4))
    kinds = set()
    with translation.override(language):
        for notice in each(Notice.objects.all()):
            subject, body = words_of(notice)
            assert subject
            assert body
            kinds.add(notice.kind)
        words = {"kind": "service", "on": "2026-11-26", "reason": "Flood", "starts_at": "2026-11-26T08:30:00+00:00"}
        for kind in ("training_cancelled", "training_turn"):
            assert render_to_string(f"notifications/{kind}.txt", words).strip()
    assert kinds == {
        "training_material_due",
        "training_material_overdue",
        "training_moved",
        "training_reflection",
        "training_reflection_due",
    }
