"""A session from planned to closed: T4, T5, T6, T8 through the actions."""

from datetime import date, datetime, time, timedelta
from itertools import permutations

import pytest

from courses.training import tokens
from courses.training.actions.attendance import call_roll, check_in, correct_attendance
from courses.training.actions.material import submit_material
from courses.training.actions.reflections import save_reflection_draft, score_reflection, submit_reflection
from courses.training.actions.sessions import cancel_session, close_session, confirm_session, move_session, start_session, swap_presenters
from courses.training.models import Attendance, AttendanceCorrection, Reflection
from courses.training.queries.figures import attendance_in, attendances_in, reflections_owed, still_owed
from lms.audit.models import Event
from lms.common.states import Refused, WrongHands, WrongState
from lms.notifications.models import Channel, Notice
from lms.people.actions import withdraw_leave
from lms.people.models import Employee, Holiday, Leave
from tests.each import each
from tests.factories import (
    ENOUGH,
    PLANNED_AT,
    SHANGHAI,
    make_dealer,
    make_employee,
    make_floor,
    make_held_session,
    make_programme,
    make_session,
    make_topic,
    were_there,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor():
    return make_floor()


@pytest.fixture
def programme(floor):
    return make_programme(floor)


@pytest.fixture
def held(programme):
    return make_held_session(programme)


def by(session):
    return session.programme.organiser.user


def states(session):
    return dict(Attendance.objects.filter(session=session).values_list("employee", "state"))


def token(session, at=None):
    return tokens.make_token(session.secret, session.pk, at or session.starts_at)


# -- T8: the life of a session


def test_starting_writes_down_the_audience_of_the_track(held, floor):
    assert set(states(held)) == {one.pk for one in [*floor.advisors, floor.supervisor]}
    assert set(states(held).values()) == {"expected"}
    assert len(held.secret) == 43


def test_technical_training_is_for_technicians_and_the_technical_supervisor(floor):
    session = make_held_session(make_programme(floor, kind="technical", weekday=1))
    assert set(states(session)) == {one.pk for one in [*floor.technicians, floor.technical_supervisor]}


def test_who_has_leave_is_excused_and_who_left_is_not_expected(programme, floor):
    away, gone, sick = floor.advisors
    Leave.objects.create(employee=away, starts_on=date(2026, 11, 20), ends_on=date(2026, 11, 26))
    Employee.objects.filter(pk=gone.pk).update(status="left", left_on=date(2026, 11, 1))
    Employee.objects.filter(pk=sick.pk).update(status="on_leave")
    session = make_held_session(programme)
    assert states(session) == {away.pk: "excused", sick.pk: "excused", floor.supervisor.pk: "expected"}


def test_who_is_hired_later_is_not_expected(programme, floor):
    make_employee("advisor", dealer=floor.dealer, hired_on=date(2026, 11, 27))
    assert len(states(make_held_session(programme))) == 4


def test_a_session_of_half_past_four_is_not_started_at_night_but_thirty_minutes_before(programme):
    session = make_session(programme)
    night = datetime(2026, 11, 26, 1, 46, tzinfo=SHANGHAI)
    for early in each([night, session.starts_at - timedelta(days=1), session.starts_at - timedelta(minutes=30, seconds=1)]):
        with pytest.raises(Refused, match=r"opens 30 minutes before the start, on 26 Nov 2026, 16:00"):
            start_session(session=session, by=by(session), at=early)
    assert not Attendance.objects.exists()
    assert start_session(session=session, by=by(session), at=session.starts_at - timedelta(minutes=30)).status == "held"


@pytest.mark.parametrize("minutes", [0, 10, 90])
def test_how_long_before_the_start_check_in_opens_is_said_by_the_programme(floor, minutes):
    session = make_session(make_programme(floor, opens_before=minutes))
    begin = session.starts_at - timedelta(minutes=minutes)
    with pytest.raises(Refused, match=f"opens {minutes} minutes before"):
        start_session(session=session, by=by(session), at=begin - timedelta(seconds=1))
    assert start_session(session=session, by=by(session), at=begin).status == "held"


def test_what_was_started_too_early_by_an_older_release_notes_nobody_before_the_room_opens(programme, floor):
    session = make_session(programme, status="held", secret="s" * 43)
    advisor, night = floor.advisors[0], datetime(2026, 11, 26, 1, 46, tzinfo=SHANGHAI)
    Attendance.objects.create(session=session, employee=advisor)
    with pytest.raises(Refused, match="opens 30 minutes before"):
        check_in(token=token(session, night), by=advisor.user, at=night)
    with pytest.raises(Refused, match="opens 30 minutes before"):
        call_roll(session=session, states={advisor.pk: "present"}, by=by(session), at=night)
    assert states(session) == {advisor.pk: "expected"}


def test_a_session_is_not_closed_before_it_ends_without_a_reason_which_stands_on_record(held):
    early = held.ends_at - timedelta(minutes=40)
    for nothing in each(["", "  "]):
        with pytest.raises(Refused, match="runs until 17:30") as refusal:
            close_session(session=held, early=nothing, by=by(held), at=early)
        assert refusal.value.field == "early"
    assert set(states(held).values()) == {"expected"}
    closed = close_session(session=held, early=" The projector broke ", by=by(held), at=early)
    closed.refresh_from_db()
    assert (closed.status, closed.closed_early_reason) == ("closed", "The projector broke")
    assert Event.objects.get(verb="training.session_closed").after["reason"] == "The projector broke"


def test_at_its_end_a_session_is_closed_without_a_reason_and_earlier_where_the_programme_lets_it(floor, held):
    close_session(session=held, early="not kept", by=by(held), at=held.ends_at)
    held.refresh_from_db()
    assert held.closed_early_reason == ""
    assert "reason" not in Event.objects.get(verb="training.session_closed").after
    other = make_held_session(make_programme(floor, kind="technical", weekday=1, closes_before=15), on=date(2026, 11, 24))
    with pytest.raises(Refused, match="runs until 17:15"):
        close_session(session=other, by=by(other), at=other.ends_at - timedelta(minutes=15, seconds=1))
    assert close_session(session=other, by=by(other), at=other.ends_at - timedelta(minutes=15)).status == "closed"


def test_what_is_cancelled_stays_cancelled(programme, floor):
    session = make_session(programme, presenter=floor.advisors[0])
    cancel_session(session=session, reason="Stocktaking", by=by(session), at=PLANNED_AT)
    for act in each([confirm_session, start_session, close_session]):
        with pytest.raises(WrongState):
            act(session=session, by=by(session), at=session.ends_at)
    assert not Attendance.objects.exists()


def test_a_session_is_started_once(held):
    with pytest.raises(WrongState):
        start_session(session=held, by=by(held), at=held.starts_at)


def test_nobody_confirms_a_session_that_nobody_presents(programme, floor):
    session = make_session(programme)
    with pytest.raises(Refused, match="Nobody is to present"):
        confirm_session(session=session, by=by(session), at=PLANNED_AT)
    session.presenter = floor.advisors[0]
    session.save()
    assert confirm_session(session=session, by=by(session), at=PLANNED_AT).status == "confirmed"


@pytest.mark.parametrize(
    "act",
    [
        lambda session, **who: confirm_session(session=session, **who),
        lambda session, **who: start_session(session=session, **who),
        lambda session, **who: close_session(session=session, **who),
        lambda session, **who: cancel_session(session=session, reason="because", **who),
        lambda session, **who: move_session(session=session, on=date(2026, 12, 1), **who),
        lambda session, **who: call_roll(session=session, states={}, **who),
        lambda session, **who: swap_presenters(session=session, other=session, **who),
    ],
)
def test_only_the_dealers_own_organisers_arrange_sessions(act, programme, floor):
    session = make_session(programme)
    for stranger in (floor.advisors[0], make_floor("YT02").supervisor, make_employee("hr_officer", dealer=floor.dealer)):
        with pytest.raises(WrongHands):
            act(session, by=stranger.user, at=session.starts_at)


def test_closing_makes_the_rest_absent_but_not_the_presenter(programme, floor):
    here, presenter, away = floor.advisors
    session = make_held_session(programme, presenter=presenter)
    check_in(token=token(session), by=here.user, at=session.starts_at)
    close_session(session=session, by=by(session), at=session.ends_at)
    assert states(session) == {here.pk: "present", presenter.pk: "present", away.pk: "absent", floor.supervisor.pk: "not_noted"}
    after = Event.objects.get(verb="training.session_closed").after
    assert (after["absent"], after["not_noted"]) == (1, 1)


def test_the_organiser_who_did_not_check_in_counts_neither_way_until_another_organiser_says(held, floor):
    quarter = (date(2026, 10, 1), date(2026, 12, 31))
    close_session(session=held, by=by(held), at=held.ends_at)
    assert attendance_in([floor.supervisor.pk], *quarter) == {floor.supervisor.pk: (0, 0)}
    own = Attendance.objects.select_related("session").get(session=held, employee=floor.supervisor)
    records = attendances_in([floor.supervisor.pk], *quarter, track="service")[floor.supervisor.pk]
    assert records == {"attended": [], "missed": [], "not_noted": [own.pk]}
    correct_attendance(attendance=own, state="absent", reason="Was at a customer's", by=floor.manager.user, at=held.ends_at)
    assert attendance_in([floor.supervisor.pk], *quarter) == {floor.supervisor.pk: (0, 1)}


def test_an_organiser_who_checked_in_is_present_and_another_who_closes_notes_nobody_for_them(programme, floor):
    one, other = make_held_session(programme), make_held_session(programme, on=date(2026, 12, 3))
    check_in(token=token(one), by=floor.supervisor.user, at=one.starts_at)
    close_session(session=one, by=by(one), at=one.ends_at)
    close_session(session=other, by=floor.manager.user, at=other.ends_at)
    assert (states(one)[floor.supervisor.pk], states(other)[floor.supervisor.pk]) == ("present", "absent")


def test_a_cancelled_session_says_why_and_frees_its_half_day(programme, floor):
    session = make_session(programme)
    with pytest.raises(Refused, match="Say why"):
        cancel_session(session=session, reason="  ", by=by(session), at=PLANNED_AT)
    cancel_session(session=session, reason="Stocktaking", by=by(session), at=PLANNED_AT)
    assert Notice.objects.filter(kind="training_cancelled").count() == 4
    assert make_session(make_programme(floor, kind="technical"), on=session.on).pk


def test_a_dealers_groups_read_of_a_moved_and_a_cancelled_session_too(programme):
    here = Channel.objects.create(transport="board", dealer=programme.dealer, address="room 7")
    Channel.objects.create(transport="board", dealer=make_dealer("YT02"), address="elsewhere")
    session = make_session(programme)
    move_session(session=session, on=date(2026, 11, 27), by=by(session), at=PLANNED_AT)
    cancel_session(session=session, reason="Stocktaking", by=by(session), at=PLANNED_AT)
    posts = Notice.objects.filter(posted_to__isnull=False).order_by("pk")
    assert [(post.kind, post.posted_to) for post in posts] == [("training_moved", here), ("training_cancelled", here)]


def test_what_was_held_is_not_cancelled_or_moved(held):
    with pytest.raises(WrongState):
        cancel_session(session=held, reason="too late", by=by(held), at=held.ends_at)
    with pytest.raises(WrongState):
        move_session(session=held, on=date(2026, 12, 1), by=by(held), at=held.ends_at)


# -- moving and swapping


def test_a_moved_session_remembers_its_first_day_and_everyone_is_told(programme):
    session = make_session(programme)
    moved = move_session(session=session, on=date(2026, 11, 27), starts_at=time(9), by=by(session), at=PLANNED_AT)
    assert (moved.on, moved.half, moved.moved_from, moved.by_hand) == (date(2026, 11, 27), "am", date(2026, 11, 26), True)
    assert moved.starts_at.isoformat() == "2026-11-27T09:00:00+08:00"
    moved = move_session(session=session, on=date(2026, 11, 26), by=by(session), at=PLANNED_AT)
    assert moved.moved_from is None
    assert Notice.objects.filter(kind="training_moved").count() == 8


@pytest.mark.parametrize(
    ("on", "starts_at", "why"),
    [
        (date(2026, 11, 28), None, "no working day"),
        (date(2026, 11, 30), None, "no working day"),
        (date(2026, 9, 17), None, "has passed"),
        (date(2026, 11, 27), time(11, 30), "half-day"),
        (date(2026, 11, 27), time(23, 30), "half-day"),
        (date(2026, 11, 25), None, "keep 2 days apart"),
        (date(2026, 12, 3), None, "already has a session"),
    ],
)
def test_a_session_moves_only_where_the_rules_let_it(programme, floor, on, starts_at, why):
    Holiday.objects.create(on=date(2026, 11, 30), name="Founders")
    make_session(make_programme(floor, kind="technical", weekday=1), on=date(2026, 11, 24))
    make_session(programme, on=date(2026, 12, 3))
    session = make_session(programme)
    with pytest.raises(Refused, match=why):
        move_session(session=session, on=on, starts_at=starts_at, by=by(session), at=PLANNED_AT)


def test_what_ends_at_noon_lies_in_the_morning_and_a_cancelled_session_is_in_nobodys_way(programme):
    cancelled = make_session(programme, on=date(2026, 12, 3))
    cancel_session(session=cancelled, reason="Stocktaking", by=by(cancelled), at=PLANNED_AT)
    session = make_session(programme)
    moved = move_session(session=session, on=cancelled.on, starts_at=time(11), by=by(session), at=PLANNED_AT)
    assert (moved.on, moved.half) == (cancelled.on, "am")


def test_the_present_moment_is_no_longer_to_come(programme):
    session = make_session(programme)
    with pytest.raises(Refused, match="has passed"):
        move_session(session=session, on=session.on, starts_at=time(16), by=by(session), at=session.starts_at)


def test_two_presenters_swap_with_what_they_prepared(programme, floor):
    one, other = floor.advisors[:2]
    first = make_session(programme, presenter=one)
    second = make_session(programme, on=date(2026, 12, 3), presenter=other)
    submit_material(session=first, title="Listening", topic=make_topic(), outline="Three steps", by=one.user, at=PLANNED_AT)
    swap_presenters(session=first, other=second, by=by(first), at=PLANNED_AT)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.presenter, first.title, first.material_at) == (other, "", None)
    assert (second.presenter, second.title) == (one, "Listening")


def test_a_swap_that_would_put_someone_on_leave_is_refused(programme, floor):
    one, other = floor.advisors[:2]
    first, second = make_session(programme, presenter=one), make_session(programme, on=date(2026, 12, 3), presenter=other)
    hr = make_employee("hr_officer", dealer=floor.dealer)
    for away, day in each([(one, second.on), (other, first.on)]):
        leave = Leave.objects.create(employee=away, starts_on=day, ends_on=day)
        for session, with_this in each(permutations([first, second])):
            with pytest.raises(Refused, match="on leave"):
                swap_presenters(session=session, other=with_this, by=by(first), at=PLANNED_AT)
        withdraw_leave(leave=leave, by=hr.user, at=PLANNED_AT)


def test_who_presents_a_confirmed_session_is_swapped_no_more(programme, floor):
    one, other = floor.advisors[:2]
    first, second = make_session(programme, presenter=one), make_session(programme, on=date(2026, 12, 3), presenter=other)
    confirm_session(session=second, by=by(second), at=PLANNED_AT)
    for session, with_this in each(permutations([first, second])):
        with pytest.raises(WrongState):
            swap_presenters(session=session, other=with_this, by=by(first), at=PLANNED_AT)


def test_swaps_need_two_presenters_of_one_programme_and_two_coming_sessions(programme, floor):
    one, other = floor.advisors[:2]
    session = make_session(programme, presenter=one)
    guest = make_session(programme, on=date(2026, 12, 3), is_guest=True)
    twin = make_session(programme, on=date(2026, 12, 10), presenter=one)
    past = make_session(programme, on=date(2026, 9, 17), presenter=other)
    foreign = make_session(make_programme(floor, kind="technical", weekday=0), on=date(2026, 12, 7), presenter=floor.technicians[0])
    for wrong in (guest, twin, past, foreign, session):
        with pytest.raises(Refused, match=r"swap|begun"):
            swap_presenters(session=session, other=wrong, by=by(session), at=PLANNED_AT)


# -- T4: material


def test_the_presenter_hands_in_material_and_may_change_it(programme, floor):
    session = make_session(programme, presenter=floor.advisors[0])
    values = {"session": session, "topic": make_topic(), "by": floor.advisors[0].user}
    submit_material(**values, title="Listening", outline="Three steps", at=PLANNED_AT)
    changed = submit_material(**values, title="Listening first", at=PLANNED_AT + timedelta(hours=1), outline="Four steps")
    assert (changed.title, changed.material_by) == ("Listening first", floor.advisors[0].user)


def test_where_nobody_s_turn_it_is_the_organiser_alone_hands_in(programme, floor):
    lecture = make_session(programme, is_guest=True, guest_name="周教授")
    values = {"session": lecture, "title": "Listening", "topic": make_topic(), "outline": "x", "at": PLANNED_AT}
    with pytest.raises(WrongHands):
        submit_material(by=floor.advisors[0].user, **values)
    assert submit_material(by=floor.supervisor.user, **values).material_at


def test_a_colleague_hands_in_nothing(programme, floor):
    session = make_session(programme, presenter=floor.advisors[0])
    with pytest.raises(WrongHands):
        submit_material(session=session, title="X", topic=make_topic(), outline="X", by=floor.advisors[1].user, at=PLANNED_AT)


@pytest.mark.parametrize(
    "values",
    [
        {"title": "", "topic": "complaints", "outline": "X"},
        {"title": "Listening", "topic": None, "outline": "X"},
        {"title": "Listening", "topic": "complaints", "outline": " "},
        {"title": "Listening", "topic": "brakes", "outline": "X"},
    ],
)
def test_incomplete_material_is_refused(programme, values):
    topics = {"complaints": make_topic(), "brakes": make_topic("brakes", track="technical"), None: None}
    session = make_session(programme)
    with pytest.raises(Refused, match=r"needs a topic|none of this training|Add at least one"):
        submit_material(session=session, **{**values, "topic": topics[values["topic"]]}, by=by(session), at=PLANNED_AT)


def test_material_of_a_closed_session_stays(held):
    close_session(session=held, by=by(held), at=held.ends_at)
    with pytest.raises(WrongState):
        submit_material(session=held, title="X", topic=make_topic(), outline="X", by=by(held), at=held.ends_at)


# -- T5: check-in and roll


def test_the_code_checks_in_and_a_second_scan_changes_nothing(held, floor):
    advisor = floor.advisors[0]
    first = check_in(token=token(held), by=advisor.user, at=held.starts_at)
    again = check_in(token=token(held, held.ends_at), by=advisor.user, at=held.ends_at)
    assert (first.state, first.method) == ("present", "qr")
    assert (again.state, again.noted_at) == ("present", held.starts_at)
    assert Event.objects.filter(verb="training.checked_in").count() == 1


@pytest.mark.parametrize(("minutes", "state"), [(-15, "present"), (10, "present"), (10.02, "late"), (40, "late")])
def test_ten_minutes_past_the_start_is_late(held, floor, minutes, state):
    at = held.starts_at + timedelta(minutes=minutes)
    assert check_in(token=token(held, at), by=floor.advisors[0].user, at=at).state == state


def test_a_code_is_good_for_its_step_and_the_next(held, floor):
    at = held.starts_at
    with pytest.raises(Refused, match="expired"):
        check_in(token=token(held, at), by=floor.advisors[0].user, at=at + timedelta(seconds=40))
    assert check_in(token=token(held, at), by=floor.advisors[0].user, at=at + timedelta(seconds=39)).state == "present"


@pytest.mark.parametrize("forged", ["nonsense", "1.1.1", "zzzzzzzzzzzzzz.1.abc", ""])
def test_a_code_that_is_not_ours_is_refused(held, floor, forged):
    with pytest.raises(Refused, match="no check-in code of ours"):
        check_in(token=forged, by=floor.advisors[0].user, at=held.starts_at)


def test_a_code_signed_by_another_session_is_refused(held, floor, programme):
    forged = tokens.make_token("another secret", held.pk, held.starts_at)
    with pytest.raises(Refused, match="no check-in code of ours"):
        check_in(token=forged, by=floor.advisors[0].user, at=held.starts_at)


def test_someone_of_another_dealer_or_outside_the_audience_is_refused(held, floor):
    with pytest.raises(Refused, match="another dealer"):
        check_in(token=token(held), by=make_floor("YT02").advisors[0].user, at=held.starts_at)
    with pytest.raises(Refused, match="not on this session's list"):
        check_in(token=token(held), by=floor.technicians[0].user, at=held.starts_at)


def test_before_and_after_the_session_nobody_checks_in(programme, floor):
    session = make_session(programme)
    with pytest.raises(Refused, match="not been started"):
        check_in(token=token(session), by=floor.advisors[0].user, at=session.starts_at)
    start_session(session=session, by=by(session), at=session.starts_at)
    close_session(session=session, by=by(session), at=session.ends_at)
    with pytest.raises(Refused, match="over"):
        check_in(token=token(session), by=floor.advisors[0].user, at=session.starts_at)


def test_whoever_has_leave_but_comes_is_present(programme, floor):
    Leave.objects.create(employee=floor.advisors[0], starts_on=date(2026, 11, 26), ends_on=date(2026, 11, 26))
    session = make_held_session(programme)
    assert check_in(token=token(session), by=floor.advisors[0].user, at=session.starts_at).state == "present"


def test_the_roll_sets_several_and_writes_only_what_differs(held, floor):
    one, two, three = (advisor.pk for advisor in floor.advisors)
    roll = {one: "present", two: "left_early", three: "absent"}
    assert call_roll(session=held, states=roll, by=by(held), at=held.ends_at) == 3
    assert call_roll(session=held, states=roll, by=by(held), at=held.ends_at) == 0
    assert call_roll(session=held, states={one: "expected"}, by=by(held), at=held.ends_at) == 1
    row = Attendance.objects.get(session=held, employee=one)
    assert (row.method, row.noted_at, row.noted_by) == ("", None, None)


def test_the_roll_refuses_strangers_and_unknown_states(held, floor):
    with pytest.raises(Refused, match="not in the session's audience"):
        call_roll(session=held, states={floor.technicians[0].pk: "present"}, by=by(held), at=held.ends_at)
    with pytest.raises(Refused, match="The roll knows"):
        call_roll(session=held, states={floor.advisors[0].pk: "made_up"}, by=by(held), at=held.ends_at)


def test_the_roll_is_called_while_the_session_is_held(programme, floor):
    session = make_session(programme)
    with pytest.raises(WrongState):
        call_roll(session=session, states={floor.advisors[0].pk: "present"}, by=by(session), at=session.starts_at)


# -- T8: corrections


@pytest.fixture
def absence(held, floor):
    close_session(session=held, by=by(held), at=held.ends_at)
    return Attendance.objects.select_related("session").get(session=held, employee=floor.advisors[0])


def test_a_correction_names_who_and_why_and_keeps_what_was(absence):
    who = by(absence.session)
    correct_attendance(attendance=absence, state="made_up", reason="Read it and passed the quiz", by=who, at=absence.session.ends_at)
    correction = AttendanceCorrection.objects.get()
    assert (correction.before, correction.after, correction.corrected_by) == ("absent", "made_up", who)
    absence.refresh_from_db()
    assert absence.state == "made_up"
    with pytest.raises(Exception, match="only ever added to"):
        AttendanceCorrection.objects.update(reason="Something else")


@pytest.mark.parametrize(
    ("state", "reason", "why"),
    [("present", " ", "Say why"), ("absent", "x", "different"), ("expected", "x", "different"), ("nonsense", "x", "different")],
)
def test_a_correction_needs_a_reason_and_another_state(absence, state, reason, why):
    with pytest.raises(Refused, match=why):
        correct_attendance(attendance=absence, state=state, reason=reason, by=by(absence.session), at=absence.session.ends_at)


def test_who_was_there_has_nothing_to_make_up(absence):
    values = {"attendance": absence, "reason": "x", "by": by(absence.session), "at": absence.session.ends_at}
    correct_attendance(**values, state="present")
    with pytest.raises(Refused, match="Only what was missed"):
        correct_attendance(**values, state="made_up")


def test_before_closing_the_roll_is_the_way_not_a_correction(held, floor):
    row = Attendance.objects.select_related("session").get(session=held, employee=floor.advisors[0])
    with pytest.raises(WrongState):
        correct_attendance(attendance=row, state="present", reason="x", by=by(held), at=held.ends_at)


def test_strangers_correct_nothing(absence, floor):
    with pytest.raises(WrongHands):
        correct_attendance(attendance=absence, state="present", reason="x", by=floor.advisors[0].user, at=absence.session.ends_at)


# -- T6: reflections


@pytest.fixture
def lecture(programme):
    return make_held_session(programme, is_guest=True, guest_name="周教授")


@pytest.mark.parametrize(
    ("state", "owes"), [("present", 1), ("late", 1), ("left_early", 1), ("excused", 0), ("absent", 0), ("expected", 0)]
)
def test_after_a_guest_lecture_every_advisor_who_was_there_owes_a_reflection_in_three_days(lecture, floor, state, owes):
    call_roll(session=lecture, states={floor.advisors[2].pk: state}, by=by(lecture), at=lecture.ends_at)
    close_session(session=lecture, by=by(lecture), at=lecture.ends_at)
    owed = list(Reflection.objects.filter(session=lecture))
    assert [one.employee for one in owed] == floor.advisors[2:] * owes
    assert [one.due_at for one in owed] == [lecture.ends_at + timedelta(days=3)] * owes
    assert Notice.objects.filter(kind="training_reflection").count() == owes


def test_who_missed_a_lecture_owes_the_reflection_once_it_is_made_up_and_no_longer_when_they_were_not_there(lecture, floor):
    advisor = floor.advisors[0]
    close_session(session=lecture, by=by(lecture), at=lecture.ends_at)
    assert not still_owed().exists()
    values = {"reason": "Read it", "by": by(lecture)}
    later = lecture.ends_at + timedelta(days=9)

    def correct(state):
        row = Attendance.objects.select_related("session").get(session=lecture, employee=advisor)
        correct_attendance(attendance=row, state=state, at=later, **values)

    correct("made_up")
    owed = still_owed().get()
    assert (owed.employee, owed.due_at) == (advisor, later + timedelta(days=3))
    assert Notice.objects.filter(kind="training_reflection").count() == 1
    correct("absent")
    assert not still_owed().exists()
    assert reflections_owed([advisor.pk], date(2026, 10, 1), date(2026, 12, 31), later + timedelta(days=9)) == {advisor.pk: []}
    correct("present")
    assert still_owed().get() == owed


def test_after_a_colleagues_session_or_a_technical_one_nobody_owes_any(held, floor):
    close_session(session=held, by=by(held), at=held.ends_at)
    technical = make_held_session(make_programme(floor, kind="technical", weekday=1), on=date(2026, 11, 24), is_guest=True)
    close_session(session=technical, by=by(technical), at=technical.ends_at)
    assert not Reflection.objects.exists()


@pytest.fixture
def reflection(lecture, floor):
    were_there(lecture, floor.advisors[0])
    close_session(session=lecture, by=by(lecture), at=lecture.ends_at)
    return Reflection.objects.get(employee=floor.advisors[0])


def test_a_reflection_is_drafted_handed_in_once_and_scored(reflection):
    own, at = reflection.employee.user, reflection.due_at
    save_reflection_draft(reflection=reflection, text="First thoughts", by=own, at=at)
    submit_reflection(reflection=reflection, text=ENOUGH, by=own, at=at)
    for act in (save_reflection_draft, submit_reflection):
        with pytest.raises(Refused, match="already handed in"):
            act(reflection=reflection, text=ENOUGH + "!", by=own, at=at)
    score_reflection(reflection=reflection, score=4, by=by(reflection.session), at=at)
    reflection.refresh_from_db()
    assert (reflection.text, reflection.score, reflection.scored_by) == (ENOUGH, 4, by(reflection.session))


def test_a_short_reflection_is_refused_and_spaces_do_not_lengthen_it(reflection):
    with pytest.raises(Refused, match="at least 200"):
        submit_reflection(reflection=reflection, text=" ".join(ENOUGH[:199]), by=reflection.employee.user, at=reflection.due_at)
    submit_reflection(reflection=reflection, text=" ".join(ENOUGH[:200]), by=reflection.employee.user, at=reflection.due_at)


def test_one_sentence_repeated_twelve_times_is_said(reflection):
    text = "听完讲座，我要把倾听放在第一位，先让客户把话说完。" * 12
    with pytest.raises(Refused, match=r"the same words again and again: .* it says 32 of at least 200") as refusal:
        submit_reflection(reflection=reflection, text=text, by=reflection.employee.user, at=reflection.due_at)
    assert refusal.value.field == "text"


def test_nobody_writes_or_scores_for_someone_else(reflection, floor):
    with pytest.raises(WrongHands):
        save_reflection_draft(reflection=reflection, text="x", by=floor.advisors[1].user, at=reflection.due_at)
    with pytest.raises(WrongHands):
        score_reflection(reflection=reflection, score=5, by=reflection.employee.user, at=reflection.due_at)


def test_only_what_is_handed_in_is_scored_from_one_to_five(reflection):
    values = {"reflection": reflection, "by": by(reflection.session), "at": reflection.due_at}
    for score in (0, 6):
        with pytest.raises(Refused, match="from 1 to 5"):
            score_reflection(score=score, **values)
    with pytest.raises(Refused, match="not handed in"):
        score_reflection(score=3, **values)


# -- what other rooms ask


def test_attendance_counts_closed_sessions_and_leaves_out_the_excused(floor, programme, django_assert_num_queries):
    one, two, three = floor.advisors
    for week, roll in enumerate([{one.pk: "present", two.pk: "excused"}, {one.pk: "late"}, {one.pk: "left_early", two.pk: "present"}]):
        session = make_held_session(programme, on=date(2026, 11, 5) + timedelta(weeks=week))
        call_roll(session=session, states=roll, by=by(session), at=session.ends_at)
        close_session(session=session, by=by(session), at=session.ends_at)
    make_held_session(programme, on=date(2026, 12, 3))
    with django_assert_num_queries(1):
        found = attendance_in([one.pk, two.pk, three.pk, 0], date(2026, 10, 1), date(2026, 12, 31))
    assert found == {one.pk: (3, 3), two.pk: (1, 2), three.pk: (0, 3), 0: (0, 0)}
    assert attendance_in([one.pk], date(2026, 11, 12), date(2026, 11, 12)) == {one.pk: (1, 1)}
    quarter = (date(2026, 10, 1), date(2026, 12, 31))
    with django_assert_num_queries(1):
        records = attendances_in([one.pk, two.pk, 0], *quarter, track="service")
    assert {pk: (len(of["attended"]), len(of["missed"])) for pk, of in records.items()} == {one.pk: (3, 0), two.pk: (1, 1), 0: (0, 0)}
    assert attendance_in([one.pk], *quarter, track="technical") == {one.pk: (0, 0)}
    assert attendances_in([one.pk], *quarter, track="technical") == {one.pk: {"attended": [], "missed": [], "not_noted": []}}


def test_made_up_counts_as_attended(absence):
    correct_attendance(attendance=absence, state="made_up", reason="quiz", by=by(absence.session), at=absence.session.ends_at)
    assert attendance_in([absence.employee_id], date(2026, 10, 1), date(2026, 12, 31))[absence.employee_id] == (1, 1)


def test_a_reflection_is_owed_once_it_is_overdue_and_until_it_is_handed_in(reflection, django_assert_num_queries):
    quarter = (date(2026, 10, 1), date(2026, 12, 31))
    pk = reflection.employee_id
    assert reflections_owed([pk], *quarter, reflection.due_at) == {pk: []}
    with django_assert_num_queries(1):
        assert reflections_owed([pk], *quarter, reflection.due_at + timedelta(seconds=1)) == {pk: [reflection.pk]}
    assert reflections_owed([pk], date(2027, 1, 1), date(2027, 3, 31), reflection.due_at + timedelta(days=1)) == {pk: []}
    submit_reflection(reflection=reflection, text=ENOUGH, by=reflection.employee.user, at=reflection.due_at + timedelta(days=1))
    assert reflections_owed([pk], *quarter, reflection.due_at + timedelta(days=2)) == {pk: []}


def test_figures_of_thousands_of_people_cost_one_statement(django_assert_num_queries):
    with django_assert_num_queries(2):
        attendance_in(range(5000), date(2026, 10, 1), date(2026, 12, 31))
        reflections_owed(range(5000), date(2026, 10, 1), date(2026, 12, 31), PLANNED_AT)
