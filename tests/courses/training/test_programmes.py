"""Opening a programme and planning its quarter: T1 and T3 through the actions."""

from collections import Counter
from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from courses.training.actions.material import submit_material
from courses.training.actions.programmes import change_check_in, open_programme, plan_quarter
from courses.training.actions.sessions import cancel_session, confirm_session, move_session, swap_presenters
from courses.training.models import Session
from courses.training.queries.plans import plan_of
from lms.audit.models import Event
from lms.common.states import Refused, WrongHands
from lms.notifications.models import Notice
from lms.people.models import Employee, Holiday, Leave
from tests.each import each
from tests.factories import PLANNED_AT, make_employee, make_floor, make_programme, make_session, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor():
    return make_floor()


def plan(programme, at=PLANNED_AT, **values):
    return plan_quarter(programme=programme, year=2026, quarter=4, by=programme.organiser.user, at=at, **values)


def sessions_of(programme):
    return list(programme.sessions.exclude(status="cancelled").order_by("on"))


def test_a_supervisor_opens_a_programme_and_the_audit_says_so(floor):
    programme = make_programme(floor)
    assert (programme.kind, programme.status, programme.organiser) == ("service", "open", floor.supervisor)
    assert Event.objects.get(verb="training.programme_opened").target_id == str(programme.pk)


def test_an_advisor_opens_none(floor):
    with pytest.raises(WrongHands):
        _open_by(floor, floor.advisors[0])


def test_a_supervisor_of_another_dealer_opens_none(floor):
    with pytest.raises(WrongHands):
        _open_by(floor, make_floor("YT02").supervisor)


def _open_by(floor, person):
    return open_programme(
        dealer=floor.dealer, kind="service", organiser=floor.supervisor, weekday=3, starts_at=time(16, 30), by=person.user, at=PLANNED_AT
    )


def test_a_dealer_has_one_open_programme_of_a_kind(floor):
    make_programme(floor)
    with pytest.raises(Refused, match="already has an open programme"):
        make_programme(floor)


def test_the_organiser_leads_at_that_dealer(floor):
    with pytest.raises(Refused, match="cannot organise"):
        make_programme(floor, organiser=floor.advisors[0])
    with pytest.raises(Refused, match="cannot organise"):
        make_programme(floor, organiser=make_floor("YT02").supervisor)


@pytest.mark.parametrize(("starts_at", "minutes"), [(time(11, 30), 60), (time(23, 30), 60), (time(9), 10), (time(9), 300)])
def test_a_session_lies_within_one_half_day_and_has_a_sensible_length(floor, starts_at, minutes):
    with pytest.raises(Refused, match=r"half-day|minutes"):
        make_programme(floor, starts_at=starts_at, minutes=minutes)


def test_a_morning_session_may_end_at_noon(floor):
    assert make_programme(floor, starts_at=time(11), minutes=60).pk


def test_planning_makes_a_session_a_week_with_presenters_in_turn(floor):
    programme = make_programme(floor)
    plan(programme)
    sessions = sessions_of(programme)
    assert [session.on for session in sessions][:3] == [date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 15)]
    assert len(sessions) == 14
    turns = Counter(session.presenter for session in sessions)
    assert set(turns) == set(floor.advisors)
    assert max(turns.values()) - min(turns.values()) <= 1


def test_the_first_thursday_is_a_public_holiday_and_its_session_moves_and_remembers_from_where(floor):
    programme = make_programme(floor)
    plan(programme)
    first = sessions_of(programme)[0]
    assert (first.on, first.moved_from) == (date(2026, 9, 30), date(2026, 10, 1))
    assert Holiday.objects.get(on=date(2026, 10, 1)).name == "National Day"


def test_sessions_begin_at_the_dealers_own_time(floor):
    programme = make_programme(floor)
    plan(programme)
    assert sessions_of(programme)[1].starts_at.isoformat() == "2026-10-08T08:30:00+00:00"


def test_planning_again_changes_nothing(floor):
    programme = make_programme(floor, guest_every_month=True)
    plan(programme)
    before = list(programme.sessions.values())
    notices = Notice.objects.count()
    again = plan(programme)
    assert not again.changes_anything
    assert list(programme.sessions.values()) == before
    assert Notice.objects.count() == notices
    assert Event.objects.filter(verb="training.quarter_planned").count() == 1


def test_what_the_preview_shows_is_what_is_saved(floor):
    programme = make_programme(floor, guest_every_month=True)
    preview = plan_of(programme, 2026, 4, PLANNED_AT)
    assert not Session.objects.exists()
    plan(programme, seen=preview.digest)
    assert [(row.week.on, row.presenter, row.week.is_guest) for row in preview.rows] == [
        (session.on, session.presenter, session.is_guest) for session in sessions_of(programme)
    ]


def test_a_plan_that_is_no_longer_the_one_looked_at_is_refused(floor):
    programme = make_programme(floor)
    preview = plan_of(programme, 2026, 4, PLANNED_AT)
    Employee.objects.filter(pk=floor.advisors[0].pk).update(status="left", left_on=date(2026, 9, 1))
    with pytest.raises(Refused, match="changed since you looked"):
        plan(programme, seen=preview.digest)
    assert not Session.objects.exists()


def test_one_session_a_month_is_a_guest_lecture_without_a_presenter(floor):
    programme = make_programme(floor, guest_every_month=True)
    plan(programme)
    guests = [session for session in sessions_of(programme) if session.is_guest]
    assert [session.on for session in guests] == [date(2026, 9, 30), date(2026, 10, 29), date(2026, 11, 26), date(2026, 12, 31)]
    assert all(session.presenter is None for session in each(guests))


def test_the_other_programme_is_kept_two_days_apart(floor):
    service = make_programme(floor, weekday=3)
    technical = make_programme(floor, kind="technical", weekday=2)
    plan(service)
    plan(technical)
    days = [session.on for session in sessions_of(service)]
    for session in each(sessions_of(technical)):
        assert all(abs((session.on - day).days) >= 2 for day in each(days))


def test_the_wider_gap_of_the_two_programmes_holds(floor):
    service = make_programme(floor, weekday=4, gap_days=3)
    technical = make_programme(floor, kind="technical", weekday=2, gap_days=1)
    plan(service)
    plan(technical)
    days = [session.on for session in sessions_of(service)]
    for session in each(sessions_of(technical)):
        assert all(abs((session.on - day).days) >= 3 for day in each(days))


def test_two_dealers_do_not_hinder_each_other(floor):
    here, there = make_programme(floor), make_programme(make_floor("YT02"))
    plan(here)
    plan(there)
    assert [session.on for session in sessions_of(here)] == [session.on for session in sessions_of(there)]


def test_a_confirmed_session_a_cancelled_one_and_one_with_material_stay(floor):
    programme = make_programme(floor)
    plan(programme)
    by = floor.supervisor.user
    one, two, three = sessions_of(programme)[2:5]
    confirm_session(session=one, by=by, at=PLANNED_AT)
    cancel_session(session=two, reason="Audit by the manufacturer", by=by, at=PLANNED_AT)
    submit_material(session=three, title="Listening", topic=make_topic(), outline="Three steps", by=by, at=PLANNED_AT)
    Leave.objects.create(employee=three.presenter, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 31))
    again = plan(programme)
    changes = {row.session.pk: row.week.change for row in again.rows}
    assert [changes[session.pk] for session in (one, two, three)] == ["stays"] * 3
    two.refresh_from_db()
    assert two.status == "cancelled"


def test_leave_and_departure_are_planned_around(floor):
    gone, away, *_rest = floor.advisors
    programme = make_programme(floor)
    Employee.objects.filter(pk=gone.pk).update(status="left", left_on=date(2026, 9, 1))
    Leave.objects.create(employee=away, starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 31))
    plan(programme)
    for session in each(sessions_of(programme)):
        assert session.presenter != gone
        assert session.presenter != away or not date(2026, 10, 1) <= session.on <= date(2026, 10, 31)


def test_after_a_departure_planning_again_gives_the_turns_to_those_who_stay(floor):
    programme = make_programme(floor)
    plan(programme)
    gone = floor.advisors[0]
    Employee.objects.filter(pk=gone.pk).update(status="left", left_on=date(2026, 9, 21))
    again = plan(programme)
    assert again.count("changed") > 0
    turns = Counter(session.presenter for session in sessions_of(programme))
    assert gone not in turns
    assert max(turns.values()) - min(turns.values()) <= 1


def test_a_swap_and_a_move_survive_planning_again(floor):
    programme = make_programme(floor)
    plan(programme)
    one, two = sessions_of(programme)[1:3]
    presenters = (one.presenter, two.presenter)
    swap_presenters(session=one, other=two, by=floor.supervisor.user, at=PLANNED_AT)
    move_session(session=two, on=two.on + timedelta(days=1), by=floor.supervisor.user, at=PLANNED_AT)
    day = two.on + timedelta(days=1)
    plan(programme)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (two.presenter, one.presenter) == presenters
    assert two.on == day


def test_turns_go_on_from_the_last_quarter(floor):
    programme = make_programme(floor)
    first, second, third = floor.advisors
    make_session(programme, on=date(2026, 9, 17), presenter=first)
    make_session(programme, on=date(2026, 9, 10), presenter=second)
    plan(programme)
    assert [session.presenter for session in sessions_of(programme)[2:5]] == [third, second, first]


def test_in_the_middle_of_a_quarter_only_what_is_to_come_is_planned(floor):
    programme = make_programme(floor)
    at = make_session(programme, on=date(2026, 11, 26)).starts_at + timedelta(minutes=1)
    plan(programme, at=at)
    assert [session.on for session in sessions_of(programme)] == [date(2026, 11, 26)] + [
        date(2026, 12, 3) + timedelta(weeks=n) for n in range(5)
    ]


def test_technical_training_is_given_by_seniors_and_the_technical_supervisor(floor):
    Employee.objects.filter(pk=floor.technicians[0].pk).update(hired_on=date(2020, 5, 1))
    programme = make_programme(floor, kind="technical", weekday=1)
    plan(programme)
    assert {session.presenter for session in sessions_of(programme)} == {floor.technical_supervisor, floor.technicians[0]}


def test_without_anyone_to_present_the_plan_says_so():
    floor = make_floor(advisors=0)
    Employee.objects.filter(pk=floor.supervisor.pk).update(status="active")
    programme = make_programme(floor, kind="technical", weekday=1, organiser=floor.manager)
    Employee.objects.filter(position__track="technical").update(status="left", left_on=date(2026, 9, 1))
    preview = plan_of(programme, 2026, 4, PLANNED_AT)
    assert any("Nobody" in finding for finding in preview.findings)


def test_a_year_without_known_holidays_is_said(floor):
    programme = make_programme(floor)
    preview = plan_of(programme, 2031, 1, PLANNED_AT)
    assert preview.unlisted == [2031]
    assert plan_of(programme, 2026, 4, PLANNED_AT).unlisted == []


def test_a_holiday_entered_later_drops_a_week_that_has_no_day_left(floor):
    programme = make_programme(floor)
    plan(programme)
    for day in range(9, 14):
        Holiday.objects.create(on=date(2026, 11, day), name="Flood")
    again = plan(programme)
    assert again.count("dropped") == 1
    dropped = programme.sessions.get(status="cancelled")
    assert "Flood" in dropped.cancelled_reason
    assert not plan(programme).changes_anything


def test_a_first_session_moved_into_the_quarter_before_does_not_change_the_turns(floor):
    programme = make_programme(floor)
    plan(programme)
    assert sessions_of(programme)[0].on < date(2026, 10, 1)
    assert {row.week.change for row in plan_of(programme, 2026, 4, PLANNED_AT).rows} == {"same"}


def test_only_the_dealers_own_organisers_plan(floor):
    programme = make_programme(floor)
    for stranger in (floor.advisors[0], make_floor("YT02").supervisor, make_employee("hr_officer", dealer=floor.dealer)):
        with pytest.raises(WrongHands):
            plan_quarter(programme=programme, year=2026, quarter=4, by=stranger.user, at=PLANNED_AT)


def test_each_presenter_hears_of_all_their_turns_at_once(floor):
    programme = make_programme(floor)
    plan(programme)
    told = Notice.objects.filter(kind="training_turns")
    assert told.count() == 3
    assert sum(len(notice.context["days"]) for notice in told) == 14


def test_a_new_colleague_gets_turns_when_the_quarter_is_planned_again(floor):
    programme = make_programme(floor)
    plan(programme)
    new = make_employee("advisor", dealer=floor.dealer, hired_on=date(2026, 9, 21))
    plan(programme)
    turns = Counter(session.presenter for session in sessions_of(programme))
    assert turns[new] >= 3
    assert max(turns.values()) - min(turns.values()) <= 1


def test_quarters_planned_in_the_other_order_share_the_turns_as_fairly(floor):
    programme = make_programme(floor)
    for year, quarter in ((2027, 1), (2026, 4)):
        plan_quarter(programme=programme, year=year, quarter=quarter, by=floor.supervisor.user, at=PLANNED_AT)
    turns = Counter(session.presenter for session in sessions_of(programme))
    assert max(turns.values()) - min(turns.values()) <= 1


def test_confirming_one_session_does_not_change_the_turns_of_others(floor):
    programme = make_programme(floor)
    plan(programme)
    confirm_session(session=sessions_of(programme)[5], by=floor.supervisor.user, at=PLANNED_AT)
    assert not plan_of(programme, 2026, 4, PLANNED_AT).changes_anything


def test_planning_costs_the_same_for_any_number_of_sessions(floor, django_assert_max_num_queries):
    programme = make_programme(floor)
    with django_assert_max_num_queries(30):
        plan(programme)


def test_the_database_itself_refuses_two_sessions_in_one_half_day(floor):
    service, technical = make_programme(floor), make_programme(floor, kind="technical", weekday=1)
    make_session(service, on=date(2026, 11, 26))
    with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
        make_session(technical, on=date(2026, 11, 26))


# -- when rooms open and sessions close (T5)


def test_the_hours_of_check_in_are_changed_by_whoever_may_open_the_programme_and_stand_on_record(floor):
    programme = make_programme(floor)
    change_check_in(programme=programme, opens_before=15, closes_before=5, by=floor.supervisor.user, at=PLANNED_AT)
    programme.refresh_from_db()
    assert (programme.opens_before, programme.closes_before) == (15, 5)
    event = Event.objects.get(verb="training.check_in_changed")
    assert (event.before, event.after) == ({"opens_before": 30, "closes_before": 0}, {"opens_before": 15, "closes_before": 5})
    change_check_in(programme=programme, opens_before=15, closes_before=5, by=floor.supervisor.user, at=PLANNED_AT)
    assert Event.objects.filter(verb="training.check_in_changed").count() == 1
    for stranger in each([floor.advisors[0], make_floor("YT02").supervisor]):
        with pytest.raises(WrongHands):
            change_check_in(programme=programme, opens_before=0, closes_before=0, by=stranger.user, at=PLANNED_AT)


@pytest.mark.parametrize(("name", "minutes"), [("opens_before", -1), ("opens_before", 241), ("closes_before", -1), ("closes_before", 61)])
def test_hours_of_check_in_have_bounds(floor, name, minutes):
    values = {"opens_before": 30, "closes_before": 0, name: minutes}
    with pytest.raises(Refused) as refusal:
        make_programme(floor, **values)
    assert refusal.value.field == name
    programme = make_programme(floor)
    with pytest.raises(Refused):
        change_check_in(programme=programme, by=floor.manager.user, at=PLANNED_AT, **values)


def test_the_hours_of_check_in_are_set_by_screen(sign_in, floor):
    programme = make_programme(floor)
    client, url = sign_in(floor.supervisor), reverse("programme_check_in", args=[programme.pk])
    assert url in client.get(reverse("training_board")).content.decode()
    assert client.get(url).context["form"].initial == {"opens_before": 30, "closes_before": 0}
    assert client.post(url, {"opens_before": "999", "closes_before": "0"}).context["form"].errors["opens_before"]
    client.post(url, {"opens_before": "20", "closes_before": "10"})
    programme.refresh_from_db()
    assert (programme.opens_before, programme.closes_before) == (20, 10)
