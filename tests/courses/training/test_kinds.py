"""Kinds of programme are declared. Management training is held monthly; a kind that nobody knew before goes the whole way."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.training import kinds
from courses.training.actions.attendance import check_in
from courses.training.actions.material import submit_material
from courses.training.actions.programmes import change_programme_audience, open_programme, plan_quarter
from courses.training.actions.sessions import close_session, move_session, start_session
from courses.training.calendar import dates_of
from courses.training.due import due_for
from courses.training.kinds import Kind, kind_of
from courses.training.models import Attendance, Programme, Reflection, Session
from courses.training.queries.figures import attendance_in
from courses.training.queries.plans import gap_of, plan_of
from courses.training.queries.sessions import audience_at
from courses.training.tokens import make_token
from lms.audiences.queries import rule_of
from lms.audiences.rule import Rule
from lms.common.states import Refused, WrongHands
from lms.people.choices import Role
from tests.factories import PLANNED_AT, make_dealer, make_employee, make_floor, make_programme, make_session, make_topic, were_there

pytestmark = pytest.mark.django_db
QUARTER = {"year": 2026, "quarter": 4}


@pytest.fixture
def floor():
    floor = make_floor(advisors=2, technicians=2)
    floor.boss = make_employee("general_manager", dealer=floor.dealer)
    floor.workshop = make_employee("workshop_supervisor", dealer=floor.dealer)
    return floor


@pytest.fixture
def huddle():
    """A third kind that no room declares: for the information assistant and one advisor by name, opened by the supervisor."""
    kind = Kind(
        "huddle", "Parts talk", "Parts", tone="manage", keeps_apart=False, opened_by=(Role.SUPERVISOR,), organised_by=(Role.SUPERVISOR,),
        asked=lambda posts: {"position": [str(post.pk) for post in posts if post.code == "information_assistant"]},
    )  # fmt: skip
    kinds.declare(kind)
    yield kind
    kinds.forget("huddle")


def manage(floor, **values):
    said = {"organiser": floor.manager, "weekday": 2, "starts_at": time(9), "guest_every_month": False, "by": floor.boss.user, **values}
    return open_programme(dealer=floor.dealer, kind="management", at=PLANNED_AT, **said)


# --- A kind that nobody knew before ----------------------------------------------------------------------------


def test_a_third_kind_of_programme_goes_the_whole_way(huddle, floor, sign_in):
    assistant = make_employee("information_assistant", dealer=floor.dealer)
    named, other = floor.advisors
    supervisor = floor.supervisor.user
    today = timezone.localdate()
    page = sign_in(floor.supervisor).get(reverse("programme_new"))
    assert "Parts talk" in page.content.decode()

    values = {
        "organiser": floor.supervisor,
        "weekday": today.weekday(),
        "starts_at": time(0, 5),
        "minutes": 15,
        "guest_every_month": False,
        "sure": True,
    }
    programme = open_programme(dealer=floor.dealer, kind="huddle", by=supervisor, at=timezone.now() - timedelta(days=1), **values)
    rule = Rule({**rule_of(programme.audience).asked}, None, frozenset({named.pk}))
    change_programme_audience(programme=programme, rule=rule, by=supervisor, at=timezone.now())
    quarter = {"year": today.year, "quarter": (today.month - 1) // 3 + 1}
    begun = timezone.now() - timedelta(days=1)
    plan = plan_of(programme, quarter["year"], quarter["quarter"], begun)
    plan_quarter(programme=programme, by=supervisor, at=begun, **quarter)
    assert programme.sessions.count() == plan.count("new") > 0
    session = programme.sessions.filter(on=today).first() or make_session(programme, on=today, hour=0, minute=5, presenter=assistant)
    assert {one.pk for one in audience_at(session)} == {assistant.pk, named.pk}

    board = (
        sign_in(floor.supervisor).get(reverse("training_board"), {"quarter": f"{quarter['year']}-{quarter['quarter']}"}).content.decode()
    )
    assert "<b>Parts · " in board
    assert '<span class="badge manage">Parts talk</span>' in board
    for one, expected in ((assistant, True), (named, True), (other, False)):
        shown = sign_in(one).get(reverse("training")).content.decode()
        assert (reverse("session", args=[session.pk]) in shown) == expected
        pages = [item["url"] for item in due_for(one, timezone.now())]
        assert any(url.startswith(reverse("session", args=[session.pk])) for url in pages) == expected

    at = session.starts_at
    submit_material(session=session, title="Filters", topic=_topic_for("huddle"), outline="x", by=supervisor, at=at)
    with pytest.raises(Refused, match="none of this training"):
        submit_material(session=session, title="Filters", topic=make_topic(), outline="x", by=supervisor, at=at)
    session = start_session(session=session, by=supervisor, at=at)
    for one in (assistant, named):
        assert check_in(token=make_token(session.secret, session.pk, at), by=one.user, at=at).state == "present"
    with pytest.raises(Refused, match="not on this session's list"):
        check_in(token=make_token(session.secret, session.pk, at), by=other.user, at=at)
    close_session(session=session, by=supervisor, at=at + timedelta(minutes=15))
    everybody = [assistant.pk, named.pk]
    assert attendance_in(everybody, today, today) == {assistant.pk: (1, 1), named.pk: (1, 1)}
    assert attendance_in(everybody, today, today, track="service") == {assistant.pk: (0, 0), named.pk: (0, 0)}, "no ladder counts it"
    assert sign_in(floor.supervisor).get(reverse("session", args=[session.pk])).status_code == 200


def _topic_for(kind):
    topic = make_topic("parts")
    topic.kinds = [kind]
    topic.save()
    return topic


def test_what_is_no_longer_declared_is_shown_and_nothing_more(floor, huddle, sign_in):
    values = {"organiser": floor.supervisor, "weekday": 3, "starts_at": time(9)}
    programme = open_programme(dealer=floor.dealer, kind="huddle", by=floor.supervisor.user, at=PLANNED_AT, **values)
    make_session(programme, on=timezone.localdate())
    kinds.forget("huddle")
    board = sign_in(floor.supervisor).get(reverse("training_board"))
    assert "huddle ·" in board.content.decode()
    with pytest.raises(WrongHands):
        open_programme(dealer=floor.dealer, kind="huddle", by=floor.supervisor.user, at=PLANNED_AT, **values)


# --- Management training ---------------------------------------------------------------------------------------


def test_management_training_is_opened_by_the_general_manager_and_organised_by_the_service_manager(floor):
    for by in (floor.manager, floor.supervisor):
        with pytest.raises(WrongHands, match="opened by the general manager"):
            manage(floor, by=by.user)
    with pytest.raises(Refused, match="the organiser is the service manager"):
        manage(floor, organiser=floor.supervisor)
    programme = manage(floor)
    with pytest.raises(WrongHands, match="organised by the service manager"):
        plan_quarter(programme=programme, by=floor.supervisor.user, at=PLANNED_AT, **QUARTER)
    with pytest.raises(WrongHands):
        open_programme(
            dealer=floor.dealer, kind="service", organiser=floor.supervisor, weekday=3, starts_at=time(9), by=floor.boss.user, at=PLANNED_AT
        )


def test_it_is_for_the_four_leading_posts_who_take_turns(floor):
    programme = manage(floor)
    plan = plan_quarter(programme=programme, by=floor.manager.user, at=PLANNED_AT, **QUARTER)
    leading = {floor.manager.pk, floor.supervisor.pk, floor.technical_supervisor.pk, floor.workshop.pk}
    session = programme.sessions.first()
    assert {one.pk for one in audience_at(session)} == leading
    assert len({row.presenter.pk for row in plan.rows} & leading) == 3


def test_it_is_held_once_a_month_in_its_week_and_a_holiday_moves_it(floor):
    programme = manage(floor, week=1, weekday=3)
    plan = plan_quarter(programme=programme, by=floor.manager.user, at=PLANNED_AT, **QUARTER)
    # The first of October is the National Day, and its week has two working days before it.
    assert [(row.week.wanted, row.week.on) for row in plan.rows] == [
        (date(2026, 10, 1), date(2026, 9, 30)),
        (date(2026, 11, 5), date(2026, 11, 5)),
        (date(2026, 12, 3), date(2026, 12, 3)),
    ]
    assert plan_quarter(programme=programme, by=floor.manager.user, at=PLANNED_AT, **QUARTER).changes_anything is False


@pytest.mark.parametrize("week", [1, 2, 3, 4])
@pytest.mark.parametrize("weekday", range(7))
def test_every_month_has_a_first_to_a_fourth_of_each_weekday(week, weekday):
    days = dates_of(date(2026, 10, 1), date(2027, 9, 30), weekday, week)
    assert [day.month for day in days] == [10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert {((day.day - 1) // 7 + 1, day.weekday()) for day in days} == {(week, weekday)}


def test_it_shares_no_half_day_but_keeps_no_days_apart(floor):
    """Both others keep two days apart, so no day would be left for a third that did."""
    service, technical = make_programme(floor), make_programme(floor, kind="technical", weekday=1)
    managing = manage(floor, starts_at=time(16, 30), week=1, weekday=3)
    for one, by in ((managing, floor.manager), (service, floor.supervisor), (technical, floor.technical_supervisor)):
        plan_quarter(programme=one, by=by.user, at=PLANNED_AT, **QUARTER)
    days = {one.kind: {session.on for session in one.sessions.all()} for one in Programme.objects.all()}
    assert len(days["management"]) == 3
    assert not days["management"] & days["service"], "both are in the afternoon"
    assert {(one - other).days for one in days["management"] for other in days["service"]} & {-1, 1}
    assert min(abs((one - other).days) for one in days["service"] for other in days["technical"]) >= 2
    assert (gap_of(managing), gap_of(service)) == (0, 2)
    session, other = managing.sessions.filter(on__month=12).first(), service.sessions.filter(on__month=12).last()
    with pytest.raises(Refused, match="Another programme has a session in this half-day"):
        move_session(session=session, on=other.on, by=floor.manager.user, at=PLANNED_AT)
    with pytest.raises(Refused, match="Another programme has a session in this half-day"):
        move_session(session=other, on=session.on, by=floor.supervisor.user, at=PLANNED_AT)


def test_supervisors_attend_it_and_their_own_track_s_training_alone_counts_for_grading(floor):
    day = date(2026, 11, 26)
    for programme, organiser in ((manage(floor), floor.manager), (make_programme(floor), floor.supervisor)):
        hour = 9 if programme.kind == "management" else 16
        session = make_session(programme, on=day, hour=hour)
        session = start_session(session=session, by=organiser.user, at=session.starts_at)
        were_there(session, floor.supervisor)
        close_session(session=session, by=organiser.user, at=PLANNED_AT + timedelta(days=70))
    assert attendance_in([floor.supervisor.pk], day, day) == {floor.supervisor.pk: (2, 2)}
    assert attendance_in([floor.supervisor.pk], day, day, track="service") == {floor.supervisor.pk: (1, 1)}


def test_someone_of_the_other_track_may_attend_and_it_does_not_count_for_theirs(floor):
    programme, technician = make_programme(floor), floor.technicians[0]
    rule = Rule(rule_of(programme.audience).asked, None, frozenset({technician.pk}))
    change_programme_audience(programme=programme, rule=rule, by=floor.supervisor.user, at=PLANNED_AT)
    session = make_session(programme)
    close_session(
        session=start_session(session=session, by=floor.supervisor.user, at=session.ends_at), by=floor.supervisor.user, at=session.ends_at
    )
    assert Attendance.objects.get(employee=technician).state == "absent"
    assert attendance_in([technician.pk], session.on, session.on, track="technical") == {technician.pk: (0, 0)}


def test_a_guest_at_management_training_leaves_nobody_a_reflection(floor):
    session = make_session(manage(floor), is_guest=True, guest_name="周教授")
    close_session(
        session=start_session(session=session, by=floor.manager.user, at=session.ends_at), by=floor.manager.user, at=session.ends_at
    )
    assert not Reflection.objects.exists()


def test_the_general_manager_opens_it_by_screen_and_is_shown_for_whom_it_is(floor, sign_in):
    hr = make_employee("hr_officer", dealer=floor.dealer)
    client = sign_in(floor.boss)
    page = client.get(reverse("programme_new")).content.decode()
    assert "管理培训" in page
    assert "售后服务培训" not in page
    data = {
        "kind": "management",
        "organiser": floor.manager.pk,
        "watcher": hr.pk,
        "weekday": 2,
        "week": 2,
        "starts_at": "09:00",
        "minutes": 60,
        "opens_before": 30,
        "closes_before": 0,
    }
    answer = client.post(reverse("programme_new"), data)
    programme = Programme.objects.get()
    assert (programme.week, programme.watcher) == (2, hr)
    assert answer["Location"] == reverse("programme_audience", args=[programme.pk])
    shown = client.get(answer["Location"]).content.decode()
    assert "益通店的服务经理、服务主管、车间主管和技术主管" in shown


def test_a_topic_of_management_training_is_on_no_ladder(floor):
    session = make_session(manage(floor), presenter=floor.manager)
    topic = make_topic("running", track="")
    topic.kinds = ["management"]
    topic.save()
    submit_material(session=session, title="Figures", topic=topic, outline="x", by=floor.manager.user, at=PLANNED_AT)
    session.refresh_from_db()
    assert session.topic == topic


def test_a_weekly_kind_has_no_week_of_the_month(floor):
    assert make_programme(floor, week=3).week is None
    assert manage(floor).week == 1
    assert kind_of("management").every == "month"


# --- For whom --------------------------------------------------------------------------------------------------


def test_an_audience_is_changed_by_whoever_may_open_the_programme_and_nobody_elsewhere_is_named(floor):
    programme, elsewhere = make_programme(floor), make_employee("advisor", dealer=make_dealer("YT02"))
    stranger = make_floor("YT03")
    for by in (floor.advisors[0], stranger.supervisor, floor.boss, make_employee("hr_officer", dealer=floor.dealer)):
        with pytest.raises(WrongHands):
            change_programme_audience(programme=programme, rule=Rule({"level": ["1"]}), by=by.user, at=PLANNED_AT)
    with pytest.raises(WrongHands, match="name those whose records you see"):
        change_programme_audience(programme=programme, rule=Rule(people=frozenset({elsewhere.pk})), by=floor.supervisor.user, at=PLANNED_AT)


def test_a_roll_that_was_begun_stays_when_the_audience_changes(floor):
    programme = make_programme(floor)
    begun, coming = make_session(programme), make_session(programme, on=date(2026, 12, 3))
    start_session(session=begun, by=floor.supervisor.user, at=begun.starts_at)
    rule = Rule(people=frozenset({floor.advisors[0].pk}))
    change_programme_audience(programme=programme, rule=rule, by=floor.supervisor.user, at=begun.starts_at)
    assert begun.attendances.count() == 3
    assert [one.pk for one in audience_at(Session.objects.get(pk=coming.pk))] == [floor.advisors[0].pk]


def test_who_moves_to_another_dealer_is_expected_no_more_though_named(floor):
    programme, one = make_programme(floor), floor.advisors[0]
    rule = Rule(people=frozenset({one.pk}))
    change_programme_audience(programme=programme, rule=rule, by=floor.supervisor.user, at=PLANNED_AT)
    one.dealer = make_dealer("YT02")
    one.save()
    assert not audience_at(make_session(programme))
