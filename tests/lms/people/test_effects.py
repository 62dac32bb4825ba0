"""Before a leave, a move or a departure is recorded, its form says what would be left open."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lms.common.registries import Change
from lms.people.effects import leads, proposals
from lms.people.models import Leave, Proposal
from tests.factories import make_dealer, make_employee, make_floor, make_position, make_programme, make_session

pytestmark = pytest.mark.django_db
FREE, TURN = "2026-12-02", "2026-12-03"
AWAY = {"kind": "annual"}


@pytest.fixture
def floor():
    """A service floor whose first advisor presents on 3 December."""
    floor = make_floor()
    make_session(make_programme(floor), on=date(2026, 12, 3), presenter=floor.advisors[0])
    return floor


@pytest.fixture
def hr(sign_in, floor):
    person = make_employee("hr_officer", dealer=floor.dealer)
    sign_in(person)
    return person


def act(person, name):
    return reverse("person_act", args=[person.pk, name])


def titles(response):
    return [one.title for one in response.context["effects"]]


def test_a_departure_names_what_is_open_from_the_day_after_the_last_one(client, hr, floor):
    presenter = floor.advisors[0]
    assert len(titles(client.get(act(presenter, "departure")))) == 1
    assert titles(client.get(act(floor.advisors[1], "departure"))) == []
    assert titles(client.post(act(presenter, "departure"), {"left_on": TURN, "seen": "old"})) == []


def test_it_is_not_recorded_before_it_was_shown(client, hr, floor):
    presenter = floor.advisors[0]
    first = client.post(act(presenter, "leave"), {**AWAY, "starts_on": FREE, "ends_on": TURN})
    assert first.status_code == 200
    assert first.context["is_unseen"]
    assert not Leave.objects.exists()
    given = {**AWAY, "starts_on": FREE, "ends_on": TURN, "seen": first.context["seen"]}
    assert client.post(act(presenter, "leave"), given).status_code == 302
    assert Leave.objects.count() == 1


def test_other_days_are_shown_once_more(client, hr, floor):
    presenter = floor.advisors[0]
    nothing = client.post(act(presenter, "leave"), {**AWAY, "starts_on": FREE, "ends_on": "2026-12-01"})
    assert nothing.context["effects"] == []
    assert client.post(act(presenter, "leave"), {**AWAY, "starts_on": TURN, "ends_on": TURN, "seen": ""}).status_code == 200
    assert client.post(act(presenter, "leave"), {**AWAY, "starts_on": FREE, "ends_on": FREE, "seen": ""}).status_code == 302


def test_what_touches_nothing_is_recorded_at_once(client, hr, floor):
    assert client.post(act(floor.advisors[1], "departure"), {"left_on": "2026-11-25", "leaving": "resigned"}).status_code == 302


def test_a_move_is_judged_by_the_place_it_leads_to(client, hr, floor):
    presenter = floor.advisors[0]
    here = {"dealer": presenter.dealer_id, "position": presenter.position_id, "on": FREE}
    assert titles(client.post(act(presenter, "move"), {**here, "seen": "?"})) == []
    for post in ("service_supervisor", "technician"):
        away = {**here, "position": make_position(post).pk, "seen": "?"}
        assert len(titles(client.post(act(presenter, "move"), away))) == 1


def test_as_the_day_is_chosen_the_list_alone_is_answered_and_nothing_recorded(client, hr, floor):
    answer = client.post(act(floor.advisors[0], "leave"), {**AWAY, "starts_on": FREE, "ends_on": TURN}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page
    assert f'value="{answer.context["seen"]}"' in page
    assert not Leave.objects.exists()


@pytest.mark.parametrize("given", [{}, {"starts_on": "x", "ends_on": TURN}, {"starts_on": TURN, "ends_on": FREE}])
def test_half_a_form_touches_nothing_yet(client, hr, floor, given):
    answer = client.post(act(floor.advisors[0], "leave"), given, headers={"HX-Request": "true"})
    assert titles(answer) == []


@pytest.mark.parametrize(("language", "words"), [("en", "What this leaves open"), ("zh-hans", "尚待交接的事项")])
def test_the_list_speaks_both_languages(client, hr, floor, language, words):
    hr.user.language = language
    hr.user.save()
    client.force_login(hr.user)
    assert words in client.get(act(floor.advisors[0], "departure")).content.decode()


def test_forms_that_touch_no_duties_show_no_list(client, hr, floor):
    assert b"hx-post" not in client.get(act(floor.advisors[0], "details")).content


def test_the_form_costs_the_same_for_many_turns(client, hr, floor):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(act(floor.advisors[0], "departure"))
        return len(queries)

    cost()
    one = cost()
    programme = floor.dealer.programmes.get()
    for on in (date(2026, 12, 10), date(2026, 12, 17)):
        make_session(programme, on=on, presenter=floor.advisors[0])
    assert cost() == one


# --- of this room itself ---------------------------------------------------------------------------


def test_a_team_is_named_with_what_becomes_of_it():
    boss = make_employee("service_supervisor")
    for _number in range(2):
        make_employee(manager=boss)
    day = date(2026, 12, 1)
    texts = [next(leads(Change(kind, boss, day, day), None)).text for kind in ("leave", "departure")]
    assert len(set(texts)) == 2
    moved = Change("move", boss, day, dealer=make_dealer("YT02"), position=boss.position)
    assert "2" in next(leads(moved, None)).title
    assert not list(leads(Change("move", boss, day, dealer=boss.dealer, position=boss.position), None))
    assert not list(leads(Change("departure", make_employee(), day), None))


def test_a_proposal_about_the_person_waits(hr):
    person = make_employee("general_manager")
    values = {"kind": "departure", "dealer": person.dealer, "employee": person, "number": person.number, "name": person.name}
    one = Proposal.objects.create(**values, proposed_by=hr.user, proposed_at=hr.user.date_joined)
    (found,) = proposals(Change("move", person, date(2026, 12, 1), dealer=person.dealer, position=person.position), hr.user)
    assert found.url == reverse("proposal", args=[one.pk])
    assert not list(proposals(Change("leave", person, date(2026, 12, 1), date(2026, 12, 1)), hr.user))
