"""T4 and T6: each reminder once, at its time, however often the sweep runs."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from courses.training.actions.material import submit_material
from courses.training.actions.reflections import submit_reflection
from courses.training.actions.reminders import send_reminders
from courses.training.actions.sessions import cancel_session, close_session, move_session
from courses.training.models import Reflection
from lms.accounts.models import User
from lms.notifications.kinds import kinds
from lms.notifications.models import Channel, Delivery, Notice
from lms.notifications.sending import _message
from lms.notifications.wording import words_of
from lms.people.models import Dealer, Employee
from tests.each import each
from tests.factories import ENOUGH, PLANNED_AT, make_floor, make_held_session, make_programme, make_session, make_topic, were_there

pytestmark = pytest.mark.django_db
AT = PLANNED_AT + timedelta(days=68)  # 27 November 2026


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


@pytest.mark.parametrize("goes", ["left", "elsewhere"])
def test_where_the_organiser_has_gone_whoever_may_hand_the_programme_on_is_told_at_once(floor, session, goes):
    sweep_daily(session, 1, 1)
    assert told("training_material_overdue") == [floor.supervisor.name]
    there = {"status": "left", "left_on": session.on} if goes == "left" else {"dealer": make_floor("YT02").dealer}
    Employee.objects.filter(pk=floor.supervisor.pk).update(**there)
    assert send_reminders(at=session.starts_at - timedelta(hours=20)) == 2
    openers = {floor.technical_supervisor.name, floor.manager.name}
    assert set(told("training_material_overdue")[1:]) == openers, "they may open such ones, and say who runs this one now"
    assert send_reminders(at=session.starts_at - timedelta(hours=19)) == 0


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
    were_there(session, *floor.advisors)
    close_session(session=session, by=floor.supervisor.user, at=session.ends_at)
    done = Reflection.objects.get(employee=floor.advisors[0])
    submit_reflection(reflection=done, text=ENOUGH, by=floor.advisors[0].user, at=session.ends_at)
    for hours in range(0, 120, 6):
        send_reminders(at=session.ends_at + timedelta(hours=hours))
    assert sorted(told("training_reflection_due")) == sorted([floor.advisors[1].name, floor.advisors[2].name] * 2)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_notice_has_a_subject_and_words(floor, session, language):
    sweep_daily(session, 9, 0)
    move_session(session=session, on=date(2026, 12, 10), by=floor.supervisor.user, at=session.starts_at - timedelta(days=8))
    lecture = make_held_session(session.programme, on=date(2026, 11, 19), is_guest=True, title="Listening")
    were_there(lecture, *floor.advisors)
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


def reminded(floor, number):
    """So many sessions without material and as many reflections owed; the statements of a first run and of a second."""
    programme = make_programme(floor)
    for day in range(number):
        make_session(programme, on=date(2026, 11, 30) + timedelta(days=day), presenter=floor.advisors[day % 3], title="x")
        held = make_session(programme, on=date(2026, 10, 1) + timedelta(days=day), status="closed")
        were_there(held, floor.advisors[day % 3])
        Reflection.objects.create(session=held, employee=floor.advisors[day % 3], due_at=AT)
    runs = []
    for _run in range(2):
        with CaptureQueriesContext(connection) as captured:
            told_now = send_reminders(at=AT)
        runs.append((told_now, [row["sql"] for row in captured]))
    return runs


def test_reminders_of_2_sessions_and_of_7_cost_the_same_and_a_second_run_writes_nothing():
    (few, again), (many, again_many) = reminded(make_floor("YT01"), 2), reminded(make_floor("YT02"), 7)
    assert (few[0], many[0], again[0], again_many[0]) == (4, 14, 0, 0)
    assert len(few[1]) == len(many[1])
    assert not [sql for sql in again[1] + again_many[1] if sql.startswith(("INSERT", "UPDATE", "DELETE"))]


def under_way(kind):
    """The notices of the kind whose mail would still go out."""
    notices = list(Notice.objects.filter(kind=kind).order_by("pk"))
    done = kinds()[kind].done_when(notices)
    return [notice.recipient.employee.name for notice in notices if notice.pk not in done]


def test_material_that_is_in_or_not_needed_any_more_is_not_asked_for_by_a_late_mail(floor, session):
    other = make_session(session.programme, on=date(2026, 12, 3), presenter=floor.advisors[1])
    for one in (session, other):
        sweep_daily(one, 9, 0)
    assert set(under_way("training_material_due")) == {floor.advisors[0].name, floor.advisors[1].name}
    submit_material(session=session, title="x", topic=make_topic(), outline="x", by=floor.advisors[0].user, at=PLANNED_AT)
    cancel_session(session=other, reason="Flood", by=floor.supervisor.user, at=PLANNED_AT)
    assert under_way("training_material_due") == under_way("training_material_overdue") == []


def test_a_reflection_that_is_handed_in_is_not_asked_for_by_a_late_mail_and_others_are(floor):
    session = make_held_session(make_programme(floor), is_guest=True)
    were_there(session, *floor.advisors)
    close_session(session=session, by=floor.supervisor.user, at=session.ends_at)
    done = Reflection.objects.get(employee=floor.advisors[0])
    submit_reflection(reflection=done, text=ENOUGH, by=floor.advisors[0].user, at=session.ends_at)
    assert sorted(under_way("training_reflection")) == sorted([floor.advisors[1].name, floor.advisors[2].name])


# --- A day is the day where the reader is ------------------------------------------------------------------------------------


def mail_of(notice, **channel):
    """The mail or post of a notice, as a worker sends it who lives by the clock of the servers."""
    with timezone.override("UTC"), translation.override("en"):
        return _message(Delivery(notice=notice, channel=Channel(transport="email", address="x@example.com", **channel)))


@pytest.mark.parametrize(
    ("zone", "closed_at", "due"),
    [
        ("Asia/Shanghai", "2026-11-27T00:30+08:00", "30 Nov 2026"),  # in UTC it is still the 29th
        ("America/New_York", "2026-11-26T21:30-05:00", "29 Nov 2026"),  # in UTC it is the 30th already
    ],
)
def test_a_reflection_is_due_in_its_notice_and_its_mail_on_the_day_where_the_dealer_is(floor, zone, closed_at, due):
    Dealer.objects.filter(pk=floor.dealer.pk).update(time_zone=zone)
    lecture, reader = (
        make_held_session(make_programme(floor), is_guest=True, title="Listening"),
        User.objects.get(employee=floor.advisors[0]),
    )
    reader.language = "en"
    were_there(lecture, floor.advisors[0])
    close_session(session=lecture, early="x", by=floor.supervisor.user, at=datetime.fromisoformat(closed_at))
    notice = Notice.objects.get(kind="training_reflection")
    assert mail_of(notice, user=reader).subject.endswith(f"due on {due}")
    with timezone.override(zone):
        assert words_of(notice)[0].endswith(f"due on {due}")


def test_the_moments_of_a_mail_are_those_where_its_reader_is_and_of_a_post_those_of_its_dealer(floor, session):
    Dealer.objects.filter(pk=floor.dealer.pk).update(time_zone="Europe/London")
    session.refresh_from_db()
    move_session(session=session, on=date(2026, 11, 27), starts_at=time(9), by=floor.supervisor.user, at=PLANNED_AT)
    notice, reader = Notice.objects.filter(kind="training_moved").first(), User.objects.get(employee=floor.advisors[0])
    for channel in each([{"user": reader}, {"dealer": Dealer.objects.get(pk=floor.dealer.pk)}]):
        assert "2026" in mail_of(notice, **channel).body
        assert "09:00" in mail_of(notice, **channel).body or " 9:00" in mail_of(notice, **channel).body
