"""A departure or a move is entered for a day to come (§1): until then nothing changes, it can be withdrawn, and the sweep carries it out."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from courses.training.queries.presenting import leaves_of, stand_ins_for, unfit_presenters
from lms.accounts.models import User
from lms.audit.models import Event
from lms.common.integrity import findings
from lms.common.states import Refused, WrongHands, WrongState
from lms.people.actions import confirm_proposal
from lms.people.actions.coming import carry_out_changes, withdraw_change
from lms.people.models import ComingChange, Employee, Proposal
from lms.people.queries import staff_on, standings_on
from talent_pool.pay.actions.exporting import export_payroll
from talent_pool.pay.actions.signing import approve_pay_changes, countersign_pay_changes
from talent_pool.pay.actions.withdrawing import withdraw_unfit_changes
from tests.factories import make_dealer, make_employee, make_floor, make_pay_changes, make_position, make_programme, make_session
from tests.lms.people.ahead import LAST, MOVES_ON, hired, leaves, moves, now, swept

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-26T10:00+08:00")]


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def hr():
    return make_employee("hr_officer").user


@pytest.fixture
def group():
    return make_employee("group_hr").user


@pytest.fixture
def person():
    return hired("advisor")


def wrong():
    return [str(found) for rule, found in findings() if rule.name.startswith("people.")]


def test_until_the_last_day_is_over_they_are_staff_and_then_they_are_gone(person, hr, time_machine):
    change = leaves(person, hr)
    assert (change.kind, change.on, change.status) == ("departure", LAST, "coming")
    for day, here in (("2026-11-26", True), ("2026-11-30", True), ("2026-12-01", False)):
        time_machine.move_to(f"{day}T08:00+08:00")
        swept()
        assert (now(person).is_here, now(person).user.is_active) == (here, here)
    change.refresh_from_db()
    assert (now(person).left_on, now(person).history.get(kind="left").on, change.status, swept(), wrong()) == (LAST, LAST, "done", 0, [])


def test_a_move_takes_effect_on_its_day(person, hr, time_machine):
    moves(person, hr)
    assert (swept(), now(person).position.code) == (0, "advisor")
    time_machine.move_to("2026-12-01T00:05+08:00")
    assert (swept(), now(person).position.code, now(person).history.get(kind="transferred").on, wrong()) == (1, "technician", MOVES_ON, [])


def test_what_is_said_of_a_coming_day_knows_it_and_today_does_not(person, hr, group):
    other, there = hired("advisor"), make_dealer("YT02")
    leaves(person, hr)
    moves(other, group, dealer=there)
    assert {person.pk, other.pk} <= set(staff_on(person.dealer, date(2026, 11, 27)))
    later = standings_on([person.pk, other.pk], date(2026, 12, 2))
    assert (later[person.pk].is_here, later[other.pk].dealer) == (False, there.pk)
    assert not {person.pk, other.pk} & set(staff_on(person.dealer, date(2026, 12, 2)))


def test_it_is_withdrawn_until_its_day_and_nothing_happens(person, hr, time_machine):
    change = leaves(person, hr)
    with pytest.raises(WrongHands):
        withdraw_change(change=change, by=make_employee("hr_officer", dealer=make_dealer("YT02")).user, at=timezone.now())
    withdraw_change(change=change, by=hr, at=timezone.now())
    with pytest.raises(WrongState):
        withdraw_change(change=change, by=hr, at=timezone.now())
    time_machine.move_to("2026-12-02T10:00+08:00")
    assert (swept(), now(person).is_here) == (0, True)
    assert [event.verb for event in Event.objects.filter(verb__startswith="person.change").order_by("pk")] == [
        "person.change_planned", "person.change_withdrawn",
    ]  # fmt: skip


def test_one_of_a_kind_waits_and_none_lies_years_ahead(person, hr):
    leaves(person, hr)
    with pytest.raises(Refused, match="Withdraw it first"):
        leaves(person, hr, LAST + timedelta(days=3))
    with pytest.raises(Refused, match="more than a year ahead"):
        moves(person, hr, on=date(2036, 1, 1))


def test_whoever_leaves_before_has_nothing_to_come(person, hr, time_machine):
    moves(person, hr)
    leaves(person, hr, on=date(2026, 11, 25))
    assert ComingChange.objects.get().status == "withdrawn"
    assert Event.objects.get(verb="person.change_withdrawn").after == {"kind": "move", "on": MOVES_ON.isoformat()}
    time_machine.move_to("2026-12-02T10:00+08:00")
    assert (swept(), now(person).position.code) == (0, "advisor")


def test_a_signer_s_departure_takes_two_people_whenever_it_is(group, time_machine):
    boss = hired("general_manager")
    proposal = leaves(boss, group)
    assert isinstance(proposal, Proposal)
    second = make_employee("group_hr").user
    change = confirm_proposal(proposal=proposal, by=second, at=timezone.now())
    assert (change.planned_by, change.confirmed_by, now(boss).is_here) == (group, second, True)
    time_machine.move_to("2026-12-01T10:00+08:00")
    assert (swept(), now(boss).is_here, wrong()) == (1, False, [])


def test_whoever_became_a_signer_meanwhile_is_not_moved_by_one_person(person, hr, time_machine, sign_in):
    change = leaves(person, hr)
    Employee.objects.filter(pk=person.pk).update(position=make_position("general_manager"))
    time_machine.move_to("2026-12-01T10:00+08:00")
    assert (swept(), now(person).is_here) == (0, True)
    change.refresh_from_db()
    assert "takes two people" in change.held_up
    assert "Could not take effect" in sign_in(hr.employee).get(reverse("today")).text


def test_what_stands_in_its_way_is_seen_to_and_then_it_happens(person, hr, time_machine):
    """A team without anyone above to take it over."""
    leaves(person, hr)
    member = make_employee("advisor", manager=person)
    time_machine.move_to("2026-12-01T10:00+08:00")
    assert carry_out_changes(at=timezone.now()) == 0
    assert "Say who is to lead them" in ComingChange.objects.get().held_up
    Employee.objects.filter(pk=member.pk).update(manager=None)
    assert (swept(), now(person).is_here) == (1, False)


# --- what looks ahead ----------------------------------------------------------------------------------


def test_pay_of_whoever_leaves_before_it_takes_effect_is_neither_signed_nor_exported(hr):
    signed, waits = make_pay_changes(2)
    boss = make_employee("general_manager").user
    approve_pay_changes(changes=[signed], by=hr, at=timezone.now())
    countersign_pay_changes(changes=[signed], by=boss, at=timezone.now())
    planned = [leaves(change.employee, hr) for change in (signed, waits)]
    with pytest.raises(Refused, match="leaves before"):
        approve_pay_changes(changes=[waits], by=hr, at=timezone.now())
    with pytest.raises(Refused, match="nothing to export"):
        export_payroll(dealer=signed.dealer, key="job:1", by=hr, at=timezone.now())
    assert withdraw_unfit_changes(at=timezone.now()) == 0, "whoever stays after all gets it"
    withdraw_change(change=planned[0], by=hr, at=timezone.now())
    assert list(export_payroll(dealer=signed.dealer, key="job:2", by=hr, at=timezone.now()).changes.all()) == [signed]


def test_nobody_presents_after_the_last_day():
    floor = make_floor()
    session = make_session(make_programme(floor), on=date(2026, 12, 3), presenter=floor.advisors[0])
    hr = make_employee("hr_officer", dealer=floor.dealer).user
    for one in floor.advisors[:2]:
        leaves(one, hr)
    assert unfit_presenters([session], leaves_of([session])) == {session.pk: "going"}
    assert stand_ins_for(session) == [floor.advisors[2]]


# --- on the screen ------------------------------------------------------------------------------------------


def test_hr_enters_it_sees_it_on_the_person_s_page_and_withdraws_it(person, hr, sign_in):
    client, form = sign_in(hr.employee), reverse("person_act", args=[person.pk, "departure"])
    client.post(form, {"left_on": "2026-11-30", "leaving": "resigned"})
    change = ComingChange.objects.get()
    page = client.get(reverse("person", args=[person.pk])).text
    assert reverse("coming_change_withdraw", args=[person.pk, change.pk]) in page
    assert "Departure · 30 Nov 2026" in page
    assert (
        reverse("coming_change_withdraw", args=[person.pk, change.pk]) not in sign_in(person).get(reverse("person", args=[person.pk])).text
    )
    sign_in(hr.employee).post(reverse("coming_change_withdraw", args=[person.pk, change.pk]))
    change.refresh_from_db()
    assert (change.status, User.objects.get(pk=person.user_id).is_active) == ("withdrawn", True)


def test_the_person_s_page_and_the_pay_page_say_where_a_coming_move_leads(person, group, sign_in):
    there = make_dealer("YT02", name_zh="二店", name_en="House 2")
    moves(person, group, dealer=there, position=make_position("technician"))
    client = sign_in(group.employee)
    here, post = Employee.objects.get(pk=person.pk), make_position("technician")
    leads = f"{here.position.name} · {here.dealer.name} → {post.name} · {there.name}"
    page, pay = (client.get(reverse(name, args=[person.pk])).text for name in ("person", "person_pay"))
    assert leads in page
    assert "Transfer or promotion · 1 Dec 2026" in page
    assert leads in pay
    assert "A move is entered from 1 Dec 2026" in pay
    assert "What is paid stays until HR decides." in pay
    assert f'href="{reverse("person", args=[person.pk])}"' in pay.partition("<main")[2]


def test_a_move_within_the_track_of_the_dealer_asks_for_no_pay(person, hr, sign_in):
    moves(person, hr, position=make_position("service_supervisor"))
    pay = sign_in(hr.employee).get(reverse("person_pay", args=[person.pk])).text
    assert "A move is entered from 1 Dec 2026" in pay
    assert "What is paid stays" not in pay


def test_a_new_manager_alone_is_no_other_place(person, hr, sign_in):
    moves(person, hr, manager=make_employee("service_manager"))
    assert "→" not in sign_in(hr.employee).get(reverse("person", args=[person.pk])).text.partition("To come")[2].partition("</section>")[0]
    assert "A move is entered" not in sign_in(hr.employee).get(reverse("person_pay", args=[person.pk])).text


def test_the_form_says_what_of_its_kind_is_entered_ahead_already(person, hr, sign_in):
    client = sign_in(hr.employee)
    departure, move = (reverse("person_act", args=[person.pk, name]) for name in ("departure", "move"))
    said = "A departure is entered already: the last day is 30 Nov 2026"
    assert "is entered" not in client.get(departure).text
    leaves(person, hr)
    assert said in client.get(departure).text
    assert "is entered" not in client.get(move).text
    moves(person, hr)
    assert "A move is entered from 1 Dec 2026" in client.get(move).text
