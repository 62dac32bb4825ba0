"""A presenter leaves, moves or is away (§1, T3): nothing stays confirmed in their name, and whoever organises names another."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.training.actions.hands import hand_on_programme
from courses.training.actions.presenters import name_presenter, unconfirm_sessions
from courses.training.actions.sessions import confirm_session, swap_presenters
from courses.training.due import due_for, programmes_to_hand_on, to_hand_on
from courses.training.effects import presents, runs
from courses.training.queries.boards import board_of, lead_of, who_presents
from courses.training.queries.presenting import stand_ins_for
from courses.training.queries.sessions import sessions_visible_to
from lms.audiences.models import Condition
from lms.audit.models import Event
from lms.common.integrity import findings
from lms.common.registries import Change
from lms.common.states import Refused, WrongHands
from lms.home.sweep import EVERY_MINUTE, sweep
from lms.notifications.models import Notice
from lms.people.actions import record_departure, record_leave, transfer_employee
from lms.people.models import Employee
from tests.each import each
from tests.factories import make_dealer, make_employee, make_floor, make_position, make_programme, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-03T09:00+08:00")]
DAY = date(2026, 11, 12)


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def floor():
    return make_floor()


@pytest.fixture
def session(floor):
    """Of the first advisor, confirmed."""
    session = make_session(make_programme(floor), on=DAY, presenter=floor.advisors[0])
    return confirm_session(session=session, by=floor.supervisor.user, at=timezone.now())


def leave(person):
    hr = make_employee("hr_officer", dealer=person.dealer).user
    record_departure(employee=person, left_on=date(2026, 11, 2), by=hr, at=timezone.now())


def go_on_leave(person):
    hr = make_employee("hr_officer", dealer=person.dealer).user
    record_leave(employee=person, starts_on=DAY, ends_on=DAY, kind="sick", by=hr, at=timezone.now())


def change_post(person):
    hr = make_employee("hr_officer", dealer=person.dealer).user
    transfer_employee(employee=person, position=make_position("technician"), by=hr, at=timezone.now())


def go_elsewhere(person):
    by = make_employee("group_hr").user
    transfer_employee(employee=person, dealer=make_dealer("YT02"), by=by, at=timezone.now())


GOES = {"left": leave, "leave": go_on_leave, "post": change_post, "dealer": go_elsewhere}
WORDS = {
    "left": "has left",
    "leave": "is on leave that day",
    "post": "is no longer in this programme",
    "dealer": "is no longer in this programme",
}


def board(floor, day=DAY):
    return board_of(sessions_visible_to(floor.supervisor.user), day - timedelta(days=9), day + timedelta(days=20), timezone.localdate())


def named(session, presenter, by, reason="原主讲人离职"):
    return name_presenter(session=session, presenter=presenter, reason=reason, by=by, at=timezone.now())


@pytest.mark.parametrize("goes", GOES)
def test_the_board_no_longer_says_that_all_rules_are_kept(session, floor, goes):
    assert not [one for one in board(floor).findings if "material" not in one["text"]]
    GOES[goes](floor.advisors[0])
    (finding,) = [one for one in board(floor).findings if "material" not in one["text"]]
    assert WORDS[goes] in finding["text"]
    assert "Name another presenter" in finding["text"]
    assert "all rules kept" not in lead_of(board(floor))


@pytest.mark.parametrize("goes", GOES)
def test_whoever_organises_finds_it_on_today_until_it_is_handed_on(session, floor, goes):
    GOES[goes](floor.advisors[0])
    (item,) = asked_to_name(floor.supervisor)
    assert WORDS[goes] in item["text"]
    assert item["url"].startswith(reverse("session", args=[session.pk]))
    assert not asked_to_name(floor.manager), "it is the organiser's"
    named(session, floor.advisors[1], floor.supervisor.user)
    assert not asked_to_name(floor.supervisor)


def test_whoever_no_longer_holds_the_level_that_a_programme_asks_for_is_looked_at_as_if_moved(session, floor):
    person = floor.advisors[0]
    Condition.objects.create(audience=session.programme.audience, name="level", value=str(person.service_level))
    assert not asked_to_name(floor.supervisor)
    Condition.objects.filter(name="level").update(value=str(person.service_level + 1))  # as after a step down
    (item,) = asked_to_name(floor.supervisor)
    assert WORDS["post"] in item["text"]
    leave(floor.supervisor)
    assert asked_to_name(floor.manager)


def test_where_the_organiser_has_gone_too_the_manager_hands_it_on(session, floor):
    leave(floor.advisors[0])
    leave(floor.supervisor)
    (item,) = asked_to_name(floor.manager)
    assert WORDS["left"] in item["text"]


def asked_to_name(person):
    lines = [*due_for(person, timezone.now()), *to_hand_on(person, timezone.now())]
    return [line for line in lines if "presenter=1" in line["url"]]


@pytest.mark.parametrize("post", ["advisor", "hr_officer", "information_assistant"])
def test_nobody_else_is_asked_to_hand_it_on(session, floor, post):
    leave(floor.advisors[0])
    assert list(to_hand_on(make_employee(post, dealer=floor.dealer), timezone.now())) == []


@pytest.mark.parametrize("goes", ["left", "dealer", "post"])
def test_nothing_stays_confirmed_in_the_name_of_whoever_has_gone(session, floor, goes):
    assert unconfirm_sessions(at=timezone.now()) == 0
    GOES[goes](floor.advisors[0])
    assert sweep(at=timezone.now(), steps=EVERY_MINUTE)["sessions of presenters who have gone"] == 1
    session.refresh_from_db()
    assert (session.status, Event.objects.get(verb="training.session_unconfirmed").after) == (
        "planned",
        {"presenter": session.presenter_id},
    )
    assert unconfirm_sessions(at=timezone.now()) == 0


def test_whoever_has_left_is_named_as_presenter_no_more(session, floor):
    leave(floor.advisors[0])
    session.presenter.refresh_from_db()
    assert who_presents(session) == f"Nobody presents yet: {floor.advisors[0].name} has left"


@pytest.mark.parametrize("goes", GOES)
def test_what_they_were_to_present_is_not_confirmed(floor, goes):
    session = make_session(make_programme(floor), on=DAY, presenter=floor.advisors[0])
    GOES[goes](floor.advisors[0])
    session.presenter = Employee.objects.get(pk=session.presenter_id)
    with pytest.raises(Refused, match=WORDS[goes]):
        confirm_session(session=session, by=floor.supervisor.user, at=timezone.now())


# --- another presenter ------------------------------------------------------------------------------


def test_another_presenter_is_named_with_a_reason_and_both_are_told(session, floor):
    former, new = floor.advisors[:2]
    with pytest.raises(Refused, match="Say why"):
        named(session, new, floor.supervisor.user, reason=" ")
    named(session, new, floor.supervisor.user, reason="外派培训")
    session.refresh_from_db()
    event = Event.objects.get(verb="training.presenter_named")
    assert (session.presenter, session.status, session.by_hand) == (new, "confirmed", True)
    assert (event.before, event.after) == ({"presenter": former.pk}, {"presenter": new.pk, "reason": "外派培训"})
    told = {notice.recipient: notice.kind for notice in Notice.objects.all()}
    assert told == {former.user: "training_turn_passed", new.user: "training_turn"}
    assert not [rule.name for rule, _found in findings() if rule.name.startswith("training.")]


def test_whoever_has_left_is_not_told_that_the_turn_passed_on(session, floor):
    leave(floor.advisors[0])
    named(session, floor.advisors[1], floor.supervisor.user)
    assert [notice.kind for notice in Notice.objects.all()] == ["training_turn"]


def test_whose_turn_was_longest_ago_comes_first_and_nobody_who_is_away(session, floor):
    second, third = floor.advisors[1:]
    make_session(session.programme, on=DAY - timedelta(days=14), presenter=second)
    assert stand_ins_for(session) == [third, second]
    go_on_leave(third)
    assert stand_ins_for(session) == [second]


def test_only_who_takes_turns_can_be_named_and_only_by_an_organiser(session, floor):
    for wrong in each([floor.technicians[0], session.presenter, make_employee("advisor", dealer=make_dealer("YT02"))]):
        with pytest.raises(Refused, match="takes no turns"):
            named(session, wrong, floor.supervisor.user)
    for by in each(
        [None, floor.advisors[1].user, make_employee("hr_officer", dealer=floor.dealer).user, make_floor("YT03").supervisor.user]
    ):
        with pytest.raises(WrongHands):
            named(session, floor.advisors[1], by)


def test_a_session_that_has_begun_or_has_a_guest_gets_no_other_presenter(floor, time_machine):
    programme = make_programme(floor)
    guest = make_session(programme, on=DAY, is_guest=True)
    with pytest.raises(Refused, match="guest"):
        named(guest, floor.advisors[0], floor.supervisor.user)
    begun = make_session(programme, on=DAY + timedelta(days=7), presenter=floor.advisors[0])
    time_machine.move_to("2026-11-19T17:00+08:00")
    with pytest.raises(Refused, match="has begun"):
        named(begun, floor.advisors[1], floor.supervisor.user)


# --- swaps --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("goes", GOES)
def test_nobody_is_advised_or_offered_to_swap_with_someone_who_cannot(floor, sign_in, goes):
    programme = make_programme(floor)
    session = make_session(programme, on=DAY, presenter=floor.advisors[0])
    other = make_session(programme, on=DAY + timedelta(days=7), presenter=floor.advisors[1])
    go_on_leave(floor.advisors[0])
    assert [one.get("swap") for one in board(floor).findings if one["session"] == session and "leave" in one["text"]] == [other]
    GOES[goes](floor.advisors[1])
    assert not [one for one in board(floor).findings if one.get("swap")]
    form = sign_in(floor.supervisor).get(reverse("session", args=[session.pk])).context["swap_form"]
    assert list(form.fields["other"].queryset) == []
    with pytest.raises(Refused):
        swap_presenters(session=session, other=other, by=floor.supervisor.user, at=timezone.now())


@pytest.mark.parametrize("goes", ["left", "post", "dealer"])
def test_whoever_has_gone_swaps_nothing_either(floor, sign_in, goes):
    programme = make_programme(floor)
    session = make_session(programme, on=DAY, presenter=floor.advisors[0])
    other = make_session(programme, on=DAY + timedelta(days=7), presenter=floor.advisors[1])
    GOES[goes](floor.advisors[0])
    page = sign_in(floor.supervisor).get(reverse("session", args=[session.pk]))
    assert "swap_form" not in page.context
    assert [one.pk for one in page.context["presenter_form"].fields["presenter"].queryset] == [one.pk for one in floor.advisors[1:]]
    with pytest.raises(Refused, match=WORDS[goes]):
        swap_presenters(session=session, other=other, by=floor.supervisor.user, at=timezone.now())


def test_the_board_offers_neither_swap_nor_another_presenter_to_who_may_not(session, floor, sign_in):
    leave(floor.advisors[0])
    address = reverse("training_board") + "?quarter=2026-4"
    assert f"{reverse('session', args=[session.pk])}?presenter=1" in sign_in(floor.supervisor).get(address).text
    text = sign_in(make_employee("hr_officer", dealer=floor.dealer)).get(address).text
    assert "has left" in text
    assert "?presenter=1" not in text
    assert "?swap=" not in text


def test_another_presenter_is_named_by_screen(session, floor, sign_in):
    leave(floor.advisors[0])
    client, page = sign_in(floor.supervisor), reverse("session", args=[session.pk])
    assert "Name another presenter" in client.get(page, {"presenter": 1}).text
    refused = client.post(reverse("session_presenter", args=[session.pk]), {"presenter": floor.advisors[1].pk, "reason": ""})
    assert refused.context["presenter_form"].errors["reason"]
    client.post(reverse("session_presenter", args=[session.pk]), {"presenter": floor.advisors[1].pk, "reason": "离职"})
    session.refresh_from_db()
    assert session.presenter == floor.advisors[1]


# --- before it happens ------------------------------------------------------------------------------


def test_the_forms_of_a_move_and_a_departure_list_turns_and_programmes(session, floor):
    hr = make_employee("hr_officer", dealer=floor.dealer).user
    place = {"dealer": make_dealer("YT02"), "position": floor.advisors[0].position}
    for change in each([Change("departure", floor.advisors[0], DAY), Change("move", floor.advisors[0], DAY, **place)]):
        (one,) = presents(change, hr)
        assert one.url == reverse("session", args=[session.pk])
    assert [one.title for one in runs(Change("departure", floor.supervisor, DAY), hr)] == ["Organises: Service training"]


# --- organisers and watchers --------------------------------------------------------------------------


def asked(person):
    return [item["url"] for item in programmes_to_hand_on(person, timezone.now())]


@pytest.mark.parametrize("gone", [{"status": "left", "left_on": date(2026, 11, 2)}, "elsewhere"])
def test_a_programme_whose_organiser_has_gone_is_on_today_until_it_is_handed_on(floor, sign_in, gone):
    programme = make_programme(floor)
    page = reverse("programme_hands", args=[programme.pk])
    assert asked(floor.manager) == []
    Employee.objects.filter(pk=floor.supervisor.pk).update(**({"dealer": make_dealer("YT02")} if gone == "elsewhere" else gone))
    assert asked(floor.manager) == [page]
    assert asked(floor.advisors[0]) == []
    client = sign_in(floor.manager)
    assert client.post(page, {"organiser": floor.supervisor.pk}).context["form"].errors["organiser"]
    client.post(page, {"organiser": floor.manager.pk})
    programme.refresh_from_db()
    assert (programme.organiser, asked(floor.manager)) == (floor.manager, [])
    assert Event.objects.get(verb="training.programme_handed_on").before["organiser"] == floor.supervisor.pk


def test_a_watcher_who_has_left_is_replaced_by_one_who_may_watch(floor):
    old, new = (make_employee("information_assistant", dealer=floor.dealer) for _one in range(2))
    programme = make_programme(floor, watcher=old)
    leave(old)
    assert len(asked(floor.manager)) == 1
    values = {"programme": programme, "organiser": floor.supervisor, "by": floor.manager.user, "at": timezone.now()}
    for wrong in each([Employee.objects.get(pk=old.pk), floor.advisors[0]]):
        with pytest.raises(Refused, match="cannot watch"):
            hand_on_programme(watcher=wrong, **values)
    hand_on_programme(watcher=new, **values)
    assert asked(floor.manager) == []


def test_only_who_may_open_a_programme_hands_it_on(floor):
    programme = make_programme(floor)
    for by in each([None, floor.advisors[0].user, make_employee("hr_officer", dealer=floor.dealer).user, make_floor("YT03").manager.user]):
        with pytest.raises(WrongHands):
            hand_on_programme(programme=programme, organiser=floor.manager, by=by, at=timezone.now())
