"""Whose word a change for a coming day is (§1): both hands still may on the day, and what two decided two withdraw."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone, translation

from lms.audit.models import Event
from lms.common.states import Refused, WrongState
from lms.people.actions import confirm_proposal, hire_employee
from lms.people.actions.coming import _withdraw, withdraw_change, withdraw_for_leaver
from lms.people.choices import Role
from lms.people.models import ComingChange, Employee, Proposal
from lms.people.permissions import paired
from tests.factories import make_dealer, make_employee, make_position
from tests.lms.people.ahead import by_two, hired, leaves, moves, now, swept

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-26T10:00+08:00")]
TAKES_OVER = date(2027, 1, 5)


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def one():
    return make_employee("group_hr").user


@pytest.fixture
def two():
    return make_employee("group_hr").user


def appointed(one, two, on=TAKES_OVER):
    """An advisor whom two people make general manager on a day to come."""
    person = hired("advisor")
    return by_two(moves(person, one, on=on, position=make_position("general_manager")), two)


def held_up():
    return ComingChange.objects.get().held_up


# --- no second signature beside whom one appointed -----------------------------------------------------


@pytest.mark.parametrize(
    ("day", "counts"), [("2026-12-31", True), ("2027-01-05", True), ("2027-02-03", True), ("2027-02-05", False)], ids=str
)
def test_whoever_appointed_a_signer_ahead_is_paired_until_30_days_after_the_post_is_taken(one, two, time_machine, day, counts):
    change = appointed(one, two)
    for moment in ("2027-01-05", day) if day > "2027-01-05" else (day,):
        time_machine.move_to(f"{moment}T08:00+08:00")
        swept()
    user = now(change.employee).user
    assert {paired(one, user, at=timezone.now()), paired(user, two, at=timezone.now())} == {counts}


def test_whoever_moved_somebody_alone_is_not_paired(one):
    change = moves(hired("advisor"), one)
    assert not paired(one, now(change.employee).user, at=timezone.now())


@pytest.mark.parametrize(("day", "counts"), [("2027-01-20", True), ("2027-02-18", True), ("2027-02-20", False)])
def test_the_two_who_hired_a_signer_ahead_are_paired_from_the_first_day(one, two, time_machine, day, counts):
    post = {"dealer": make_dealer(), "position": make_position("general_manager"), "name": "王", "number": "GM77"}
    confirm_proposal(proposal=hire_employee(**post, hired_on=date(2027, 1, 20), by=one, at=timezone.now()), by=two, at=timezone.now())
    time_machine.move_to(f"{day}T10:00+08:00")
    user = Employee.objects.get(number="GM77").user
    assert {paired(one, user, at=timezone.now()), paired(two, user, at=timezone.now())} == {counts}


# --- on the day both still may -------------------------------------------------------------------------


def dismiss(user):
    Employee.objects.filter(user=user).update(status="left", left_on=date(2026, 11, 30))
    user.is_active = False
    user.save()
    user.groups.clear()


@pytest.mark.parametrize(("gone", "says"), [(0, "Whoever entered this"), (1, "Whoever confirmed this")])
def test_both_who_decided_it_still_may_on_the_day(one, two, time_machine, gone, says):
    make_employee("group_hr")
    change = appointed(one, two)
    dismiss((one, two)[gone])
    time_machine.move_to("2027-01-05T10:00+08:00")
    assert (swept(), now(change.employee).position.code) == (0, "advisor")
    assert says in held_up()


def test_two_of_whom_one_let_the_other_in_meanwhile_do_not_count_on_the_day(one, two, time_machine):
    change = appointed(one, two)
    time_machine.move_to("2027-01-02T10:00+08:00")
    Proposal.objects.create(
        kind="password", dealer=two.employee.dealer, employee=two.employee, number=two.employee.number, name=two.employee.name,
        status="confirmed", proposed_by=one, proposed_at=timezone.now(), decided_by=make_employee("group_hr").user, decided_at=timezone.now(),
    )  # fmt: skip
    time_machine.move_to("2027-01-05T10:00+08:00")
    assert (swept(), now(change.employee).position.code) == (0, "advisor")
    assert "gave the other the post or a password" in held_up()


def test_whoever_entered_it_may_still_give_the_place_on_the_day(one, time_machine):
    person, there = hired("advisor"), make_dealer("YT02")
    moves(person, one, dealer=there)
    Employee.objects.filter(user=one).update(position=make_position("hr_officer"), dealer=person.dealer)
    one.groups.set([Group.objects.get(name=Role.HR)])
    time_machine.move_to("2026-12-05T10:00+08:00")
    assert (swept(), now(person).dealer) == (0, person.dealer)
    assert "Whoever entered this" in held_up()


def test_a_new_manager_of_a_signer_takes_one_person_ahead_too(one, time_machine):
    boss, manager = hired("advisor", number="B77"), hired("service_manager")
    assert isinstance(moves(manager, one, manager=boss), ComingChange)
    time_machine.move_to("2026-12-01T10:00+08:00")
    assert (swept(), now(manager).manager) == (1, boss)


# --- what two decided two withdraw ---------------------------------------------------------------------


def test_what_two_people_decided_is_not_withdrawn_by_one(one, two, time_machine):
    boss = hired("general_manager")
    change = by_two(leaves(boss, one), two)
    officer = make_employee("hr_officer", dealer=boss.dealer).user
    proposal = withdraw_change(change=change, by=officer, at=timezone.now())
    assert (proposal.kind, proposal.status, ComingChange.objects.get().status) == ("withdrawal", "waiting", "coming")
    with pytest.raises(Refused):
        by_two(proposal, officer)
    by_two(proposal, one)
    time_machine.move_to("2026-12-01T10:00+08:00")
    change.refresh_from_db()
    assert (swept(), now(boss).is_here, change.status, change.withdrawn_by) == (0, True, "withdrawn", one)


def test_until_the_second_confirms_the_withdrawal_it_goes_on(one, two, time_machine):
    boss = hired("general_manager")
    change = by_two(leaves(boss, one), two)
    proposal = withdraw_change(change=change, by=one, at=timezone.now())
    time_machine.move_to("2026-12-01T10:00+08:00")
    assert (swept(), now(boss).is_here) == (1, False)
    proposal.refresh_from_db()
    assert (proposal.status, proposal.decided_by, proposal.decided_reason) == ("declined", None, "It took effect.")
    with pytest.raises(WrongState):
        by_two(proposal, two)
    with pytest.raises(WrongState):
        withdraw_change(change=change, by=one, at=timezone.now())


def test_a_proposal_to_withdraw_ends_by_itself_when_it_is_withdrawn_otherwise(one, two):
    boss = hired("general_manager")
    change = by_two(moves(boss, one, position=make_position("service_manager")), two)
    proposal = withdraw_change(change=change, by=one, at=timezone.now())
    withdraw_for_leaver(boss, two, timezone.now())
    proposal.refresh_from_db()
    change.refresh_from_db()
    assert (change.status, proposal.status, proposal.decided_reason) == ("withdrawn", "declined", "It was withdrawn.")
    assert Event.objects.get(verb="proposal.declined").actor == two


def test_a_proposal_to_withdraw_something_else_of_theirs_goes_on(one, two):
    boss = hired("general_manager")
    leaving, moving = by_two(leaves(boss, one), two), by_two(moves(boss, one, position=make_position("service_manager")), two)
    proposal = withdraw_change(change=leaving, by=one, at=timezone.now())
    _withdraw(moving, one, timezone.now())
    proposal.refresh_from_db()
    assert proposal.status == "waiting"


def test_the_button_asks_a_second_person_and_says_so(one, two, sign_in):
    boss = hired("general_manager")
    change = by_two(leaves(boss, one), two)
    page = sign_in(one.employee).post(reverse("coming_change_withdraw", args=[boss.pk, change.pk]), follow=True).text
    assert "a second one confirms that it is withdrawn" in page
    proposal = Proposal.objects.get(kind="withdrawal")
    page = sign_in(two.employee).get(reverse("proposal", args=[proposal.pk])).text
    assert "Record the departure" in page
    sign_in(two.employee).post(reverse("proposal_confirm", args=[proposal.pk]))
    change.refresh_from_db()
    assert change.status == "withdrawn"


def test_the_person_hears_of_it_in_its_own_words(one, two, django_capture_on_commit_callbacks, mailoutbox):
    boss = hired("general_manager", email="boss@example.com")
    boss.user.email = boss.email
    boss.user.save()
    with django_capture_on_commit_callbacks(execute=True):
        change = by_two(leaves(boss, one), two)
    with django_capture_on_commit_callbacks(execute=True):
        by_two(withdraw_change(change=change, by=one, at=timezone.now()), two)
    said = " ".join(mail.subject for mail in mailoutbox)
    assert "Your departure was entered" in said
    assert "for a coming day was withdrawn" in said
