"""People in motion: what someone's record says when days, managers and leave are put right afterwards, and when two act at once."""

from contextlib import suppress
from datetime import date, timedelta
from threading import Barrier, Event

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from lms.audit.models import Event as Logged
from lms.common.states import Refused
from lms.people import actions
from lms.people.actions import rules
from lms.people.actions import sign_in as signing_in
from lms.people.integrity import managers_form_no_loop
from lms.people.models import Employee, Leave, Proposal
from lms.people.queries import standings_on
from tests.assessments.grading.racing import at_once
from tests.factories import make_dealer, make_employee, make_position

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def who(user):
    return {"by": user, "at": timezone.now()}


@pytest.fixture
def hr():
    return make_employee("hr_officer", name="何静").user


@pytest.fixture
def person(hr):
    values = {
        "dealer": make_dealer(),
        "position": make_position("technician"),
        "number": "X1",
        "name": "张三",
        "hired_on": date(2024, 3, 1),
    }
    return actions.hire_employee(**values, probation_until=date(2024, 6, 1), **who(hr))


# -- what is read -----------------------------------------------------------------------------------


def test_why_someone_left_is_read_by_hr_and_by_nobody_else(hr, person, sign_in):
    actions.record_departure(employee=person, left_on=date(2025, 6, 1), leaving="dismissed", reason="盗窃配件被开除", **who(hr))
    url = reverse("person", args=[person.pk])
    assert "盗窃配件被开除" in sign_in(hr.employee).get(url).content.decode()
    assert "盗窃配件被开除" not in sign_in(make_employee("technical_supervisor")).get(url).content.decode()


def test_a_team_is_shown_as_far_as_its_reader_sees_people(sign_in):
    boss = make_employee("service_manager", name="王经理")
    make_employee("advisor", dealer=make_dealer("YT02"), manager=boss, name="邻店的人")
    url = reverse("person", args=[boss.pk])
    neighbour = sign_in(make_employee("information_assistant")).get(url).content.decode()
    assert "王经理" in neighbour
    assert "邻店的人" not in neighbour
    assert "邻店的人" in sign_in(boss).get(url).content.decode()


# -- managers ---------------------------------------------------------------------------------------


def test_a_manager_can_be_taken_away_and_one_that_is_left_out_stays(hr, person):
    boss = make_employee("technical_supervisor")
    actions.transfer_employee(employee=person, manager=boss, **who(hr))
    person = actions.transfer_employee(employee=person, position=make_position("information_assistant"), **who(hr))
    assert person.manager == boss
    person = actions.transfer_employee(employee=person, manager=None, **who(hr))
    assert person.manager is None


def test_the_form_of_a_move_takes_an_empty_manager_for_none(hr, sign_in, person):
    boss = make_employee("technical_supervisor")
    actions.transfer_employee(employee=person, manager=boss, **who(hr))
    client, url = sign_in(hr.employee), reverse("person_act", args=[person.pk, "move"])
    data = {"dealer": person.dealer_id, "position": person.position_id, "manager": "", "on": TODAY.isoformat(), "reason": ""}
    seen = client.post(url, data).context
    client.post(url, data | ({"seen": seen["seen"]} if seen else {}))
    person.refresh_from_db()
    assert person.manager is None


# -- days -------------------------------------------------------------------------------------------


def test_a_contract_is_not_dated_behind_a_departure_that_ended_it(hr, person):
    actions.record_departure(employee=person, left_on=date(2025, 6, 1), **who(hr))
    actions.return_employee(employee=person, on=date(2025, 9, 1), **who(hr))
    for dates in ({"contract_from": date(2025, 3, 1)}, {"probation_until": date(2027, 1, 1)}):
        with pytest.raises(Refused):
            actions.record_contract(employee=person, on=date(2025, 3, 1), **dates, **who(hr))
    actions.record_contract(employee=person, on=date(2025, 9, 1), contract_from=date(2025, 9, 1), **who(hr))
    assert standings_on([person.pk], date.max)[person.pk].contract_from == date(2025, 9, 1)


def test_the_day_of_hiring_does_not_pass_the_end_of_probation(hr, person):
    with pytest.raises(Refused):
        actions.correct_details(employee=person, hired_on=date(2024, 6, 2), **who(hr))
    actions.correct_details(employee=person, hired_on=date(2024, 6, 1), **who(hr))


# -- leave ------------------------------------------------------------------------------------------


def leave(person, hr, first, last):
    return actions.record_leave(employee=person, starts_on=TODAY + timedelta(days=first), ends_on=TODAY + timedelta(days=last), **who(hr))


def test_leave_begins_on_the_day_of_hiring_at_the_earliest(hr, person):
    with pytest.raises(Refused):
        actions.record_leave(employee=person, starts_on=date(2024, 2, 29), ends_on=date(2024, 3, 5), **who(hr))
    actions.record_leave(employee=person, starts_on=date(2024, 3, 1), ends_on=date(2024, 3, 5), **who(hr))


def test_leave_that_was_taken_stays_on_record(hr, person):
    over = leave(person, hr, -9, -1)
    with pytest.raises(Refused):
        actions.withdraw_leave(leave=over, **who(hr))
    assert Leave.objects.get() == over


def test_leave_that_has_begun_ends_yesterday_and_the_log_says_so(hr, person):
    actions.withdraw_leave(leave=leave(person, hr, -3, 4), **who(hr))
    assert Leave.objects.get().ends_on == TODAY - timedelta(days=1)
    event = Logged.objects.get(verb="person.leave_cut_short")
    assert (event.before["to"], event.after["to"]) == tuple((TODAY + timedelta(days=days)).isoformat() for days in (4, -1))


@pytest.mark.parametrize("first", [0, 1])
def test_leave_from_today_on_is_withdrawn_whole(hr, person, first):
    actions.withdraw_leave(leave=leave(person, hr, first, 4), **who(hr))
    assert not Leave.objects.exists()
    assert Leave.recorded.get().withdrawn_by == hr


# -- two at once ------------------------------------------------------------------------------------

together = pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks")


@together
@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_close_no_circle(monkeypatch):
    hr = make_employee("group_hr").user
    a, b = make_employee("advisor"), make_employee("technician")
    under_b, under_a = make_employee("advisor", manager=b), make_employee("technician", manager=a)
    both_looked, look = Barrier(2), rules.why_not_manager

    def slowly(employee, manager):
        reason = look(employee, manager)
        with suppress(Exception):  # where one waits for the other they never meet
            both_looked.wait(2)
        return reason

    monkeypatch.setattr(rules, "why_not_manager", slowly)
    at_once(
        lambda: actions.transfer_employee(employee=a, manager=under_b, **who(hr)),
        lambda: actions.transfer_employee(employee=b, manager=under_a, **who(hr)),
    )
    assert not managers_form_no_loop()


@together
@pytest.mark.django_db(transaction=True)
def test_nobody_comes_under_a_manager_who_leaves_at_that_moment(monkeypatch):
    one, two = make_employee("hr_officer").user, make_employee("hr_officer").user
    boss, person = make_employee("advisor"), make_employee("technician")
    looked, gone, look = Event(), Event(), rules.why_not_manager

    def slowly(employee, manager):
        answer = look(employee, manager)
        looked.set()
        gone.wait(2)
        return answer

    monkeypatch.setattr(rules, "why_not_manager", slowly)

    def depart():
        looked.wait(5)
        try:
            return actions.record_departure(employee=boss, left_on=TODAY, hand_over_to=two.employee, **who(two))
        finally:
            gone.set()

    at_once(lambda: actions.transfer_employee(employee=person, manager=boss, **who(one)), depart)
    person.refresh_from_db()
    assert person.manager is None or person.manager.is_here


@together
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["issue_first_password", "reset_second_factor"])
def test_whoever_becomes_a_signer_at_that_moment_is_no_longer_one_persons_to_let_in(monkeypatch, act):
    one, two = make_employee("hr_officer").user, make_employee("hr_officer").user
    person = make_employee("advisor")
    proposal = actions.transfer_employee(employee=person, position=make_position("service_manager"), **who(one))
    looked, confirmed, look = Event(), Event(), signing_in.is_signer

    def slowly(employee, at):
        answer = look(employee, at)
        looked.set()
        confirmed.wait(2)
        return answer

    monkeypatch.setattr(signing_in, "is_signer", slowly)

    def confirm():
        looked.wait(5)
        try:
            return actions.confirm_proposal(proposal=proposal, **who(two))
        finally:
            confirmed.set()

    made, _confirmed = at_once(lambda: getattr(actions, act)(employee=person, **who(one)), confirm)
    user = Employee.objects.get(pk=person.pk).user
    assert isinstance(made, (Proposal, Exception, int)) or not user.check_password(made)
