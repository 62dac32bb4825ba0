"""Signers (§1): whoever examines, approves or countersigns pay, manages people or authors. Two people appoint, move and let them in."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from lms.accounts.models import User
from lms.audit.models import Event
from lms.common.states import Refused, WrongHands, WrongState
from lms.notifications.models import Delivery, Notice
from lms.notifications.signers import tell_about_signers
from lms.notifications.wording import words_of
from lms.people import actions
from lms.people.due import due_for
from lms.people.models import Employee, EmploymentEvent, Proposal
from lms.people.permissions import paired
from lms.people.signers import AFTERWARDS, is_signer
from tests.each import each
from tests.factories import make_dealer, make_employee, make_group, make_position

pytestmark = pytest.mark.django_db
Kind, Status = Proposal.Kind, Proposal.Status


@pytest.fixture
def hr():
    return make_employee("hr_officer", name="何静").user


@pytest.fixture
def group_hr():
    return make_employee("group_hr", name="严芳").user


def who(user, at=None):
    return {"by": user, "at": at or timezone.now()}


def hire(user, position="general_manager", **values):
    person = {"dealer": make_dealer(), "number": "N1", "name": "李四", "hired_on": date(2024, 3, 1), "position": make_position(position)}
    return actions.hire_employee(**{**person, **values}, **who(user))


def move(user, employee, position):
    return actions.transfer_employee(employee=employee, position=make_position(position), **who(user))


# -- who is one ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("position", "signs"),
    [
        ("advisor", False), ("technician", False), ("service_supervisor", False), ("information_assistant", False), ("guest_lecturer", False),
        ("service_manager", True), ("general_manager", True), ("hr_officer", True), ("group_hr", True), ("oem_service_coach", True),
        ("technical_director", True), ("course_author", True),
    ],
)  # fmt: skip
def test_posts_that_examine_sign_pay_manage_people_or_author_make_signers(position, signs):
    assert is_signer(make_employee(position), timezone.now()) is signs


def test_a_post_makes_a_signer_before_anybody_can_sign_in_to_it():
    assert is_signer(make_employee("general_manager", sign_in=False), timezone.now())
    assert not is_signer(make_employee("advisor", sign_in=False), timezone.now())


def test_a_second_role_makes_a_signer_too():
    from django.contrib.auth.models import Group

    person = make_employee("advisor")
    person.user.groups.add(Group.objects.get(name="hr"))
    assert is_signer(person, timezone.now())


def test_a_seat_on_a_panel_that_is_open_or_was_published_lately_makes_a_signer():
    from assessments.grading.models import Cycle, PanelMember

    person, now = make_employee("service_supervisor"), timezone.now()
    cycle = Cycle.objects.create(dealer=person.dealer, track="service", year=2026, quarter=1, status="open")
    PanelMember.objects.create(cycle=cycle, seat="service_manager", examiner=person)
    assert is_signer(person, now)
    by = make_employee("hr_officer").user
    Cycle.objects.filter(pk=cycle.pk).update(status="closed", published_at=now - timedelta(days=89), published_by=by)
    assert is_signer(person, now)
    Cycle.objects.filter(pk=cycle.pk).update(published_at=now - timedelta(days=91))
    assert not is_signer(person, now)


def test_someone_stays_a_signer_for_90_days_counted_from_when_the_move_was_recorded_not_from_when_it_is_said_to_have_been():
    person = make_employee("advisor")
    line = {"employee": person, "dealer": person.dealer}
    EmploymentEvent.objects.create(kind="hired", on=date(2024, 3, 1), position=make_position("service_manager"), **line)
    moved = EmploymentEvent.objects.create(kind="transferred", on=date(2025, 1, 1), position=person.position, **line)
    for after, signs in each([(timedelta(0), True), (AFTERWARDS, True), (AFTERWARDS + timedelta(microseconds=1), False)]):
        assert is_signer(person, moved.recorded_at + after) is signs
    assert timedelta(days=90) == AFTERWARDS


# -- what takes two ----------------------------------------------------------------------------------


def test_a_signer_is_brought_in_by_two_people(hr, group_hr):
    proposal = hire(hr, email="li@example.com")
    assert (proposal.kind, proposal.status, proposal.proposed_by) == (Kind.HIRE, Status.WAITING, hr)
    assert not Employee.objects.filter(number="N1").exists()
    person = actions.confirm_proposal(proposal=proposal, **who(group_hr))
    assert (person.number, person.position.code, person.user.email) == ("N1", "general_manager", "li@example.com")
    assert [group.name for group in person.user.groups.all()] == ["general_manager"]
    proposal.refresh_from_db()
    assert (proposal.status, proposal.employee, proposal.decided_by) == (Status.CONFIRMED, person, group_hr)
    assert Event.objects.get(verb="proposal.confirmed").after["proposed_by"] == hr.pk


def test_staff_are_brought_in_and_moved_by_one(hr):
    person = hire(hr, "advisor")
    assert move(hr, person, "service_supervisor").position.code == "service_supervisor"
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    ("start", "end"), [("advisor", "service_manager"), ("general_manager", "advisor"), ("general_manager", "service_manager")]
)
def test_moving_a_signer_or_someone_into_a_post_that_signs_takes_two(hr, group_hr, start, end):
    person = make_employee(start)
    proposal = move(hr, person, end)
    person.refresh_from_db()
    assert (proposal.kind, person.position.code) == (Kind.MOVE, start)
    assert actions.confirm_proposal(proposal=proposal, **who(group_hr)).position.code == end


def test_a_signers_departure_takes_two(hr, group_hr):
    boss = make_employee("general_manager")
    proposal = actions.record_departure(employee=boss, left_on=timezone.localdate(), **who(hr))
    boss.refresh_from_db()
    assert (boss.is_here, boss.user.is_active) == (True, True)
    actions.confirm_proposal(proposal=proposal, **who(group_hr))
    boss.refresh_from_db()
    boss.user.refresh_from_db()
    assert (boss.is_here, boss.user.is_active) == (False, False)


def test_a_signers_return_takes_two(hr, group_hr):
    boss = make_employee("general_manager", status="left", left_on=date(2026, 1, 31))
    proposal = actions.return_employee(employee=boss, on=timezone.localdate(), **who(hr))
    boss.refresh_from_db()
    assert not boss.is_here
    assert actions.confirm_proposal(proposal=proposal, **who(group_hr)).is_here


def test_a_signers_password_is_seen_by_the_second_person_alone(hr, group_hr):
    boss = make_employee("general_manager")
    before = boss.user.password
    proposal = actions.issue_first_password(employee=boss, **who(hr))
    boss.user.refresh_from_db()
    assert (proposal.kind, boss.user.password) == (Kind.PASSWORD, before)
    password = actions.confirm_proposal(proposal=proposal, **who(group_hr))
    assert User.objects.get(pk=boss.user.pk).check_password(password)
    assert password not in str(list(Event.objects.values())) + str(list(Proposal.objects.values()))


def test_a_signers_new_address_takes_two_while_the_rest_is_put_right_at_once(hr, group_hr):
    boss = make_employee("general_manager", email="old@example.com")
    proposal = actions.correct_details(employee=boss, name="王总裁", email="new@example.com", **who(hr))
    boss.refresh_from_db()
    boss.user.refresh_from_db()
    assert (boss.name, boss.email, boss.user.email) == ("王总裁", "old@example.com", "old@example.com")
    actions.confirm_proposal(proposal=proposal, **who(group_hr))
    boss.user.refresh_from_db()
    assert boss.user.email == "new@example.com"


def test_what_was_proposed_is_checked_again_on_confirmation(hr, group_hr):
    first, second = hire(hr), hire(hr, "service_manager", number="N2")
    actions.confirm_proposal(proposal=first, **who(group_hr))
    actions.hire_employee(
        dealer=make_dealer(), position=make_position("advisor"), number="n2", name="乙", hired_on=date(2024, 1, 1), **who(hr)
    )
    with pytest.raises(Refused, match="n2"):
        actions.confirm_proposal(proposal=second, **who(group_hr))
    second.refresh_from_db()
    assert second.status == Status.WAITING


def test_a_departure_is_checked_again_on_confirmation(hr, group_hr):
    boss = make_employee("general_manager")
    proposal = actions.record_departure(employee=boss, left_on=timezone.localdate(), **who(hr))
    make_employee("advisor", manager=boss)
    with pytest.raises(Refused, match="带领"):
        actions.confirm_proposal(proposal=proposal, **who(group_hr))
    boss.refresh_from_db()
    assert boss.is_here


# -- whose hands --------------------------------------------------------------------------------------


def test_nobody_confirms_their_own_proposal(hr):
    with pytest.raises(WrongHands):
        actions.confirm_proposal(proposal=hire(hr), **who(hr))


def test_the_second_person_has_the_right_over_that_dealer(hr):
    proposal = hire(hr)
    elsewhere = make_employee("hr_officer", dealer=make_dealer("YT02")).user
    other_group = make_employee("group_hr", dealer=make_dealer("ZZ01", group=make_group("zz"))).user
    for user in (elsewhere, other_group, make_employee("general_manager").user, make_employee("service_supervisor").user):
        make_employee("group_hr")
        with pytest.raises(WrongHands):
            actions.confirm_proposal(proposal=proposal, **who(user))


def test_nobody_proposes_or_confirms_about_themselves(hr, group_hr):
    with pytest.raises(WrongHands):
        move(hr, hr.employee, "general_manager")
    proposal = actions.issue_first_password(employee=hr.employee, **who(group_hr))
    with pytest.raises(WrongHands):
        actions.confirm_proposal(proposal=proposal, **who(hr))


def test_nobody_takes_up_what_the_console_proposed_about_them(hr):
    proposal = move(None, hr.employee, "general_manager")
    with pytest.raises(WrongHands):
        actions.take_up_proposal(proposal=proposal, **who(hr))
    colleague = make_employee("hr_officer").user
    assert actions.take_up_proposal(proposal=proposal, **who(colleague)).proposed_by == colleague


def test_nobody_changes_their_own_record_in_any_way(hr):
    me, day = hr.employee, date(2026, 3, 2)
    acts = [
        lambda: actions.record_leave(employee=me, starts_on=day, ends_on=day, **who(hr)),
        lambda: actions.change_status(employee=me, status="on_leave", **who(hr)),
        lambda: actions.correct_details(employee=me, hired_on=date(2015, 1, 1), **who(hr)),
        lambda: actions.record_departure(employee=me, left_on=timezone.localdate(), **who(hr)),
        lambda: actions.issue_first_password(employee=me, **who(hr)),
        lambda: actions.reset_second_factor(employee=me, **who(hr)),
        lambda: move(hr, me, "general_manager"),
    ]
    for act in each(acts):
        with pytest.raises(WrongHands):
            act()


def test_technical_accounts_sign_nothing(hr, group_hr):
    admin = User.objects.create_superuser("admin", password="x")
    with pytest.raises(WrongHands):
        hire(admin)
    with pytest.raises(WrongHands):
        actions.confirm_proposal(proposal=hire(hr, "service_manager"), **who(admin))


def test_a_dealers_hr_is_no_second_signature_about_the_groups_people(hr, group_hr):
    examiner = make_employee("oem_service_coach")
    proposal = actions.record_departure(employee=examiner, left_on=timezone.localdate(), **who(group_hr))
    with pytest.raises(WrongHands):
        actions.confirm_proposal(proposal=proposal, **who(hr))
    actions.confirm_proposal(proposal=proposal, **who(make_employee("group_hr").user))


def test_a_proposal_is_declined_by_those_who_decide_there_and_not_by_whom_it_is_about(hr, group_hr):
    about = make_employee("hr_officer").user
    proposal = actions.issue_first_password(employee=about.employee, **who(hr))
    elsewhere = make_employee("hr_officer", dealer=make_dealer("YT02")).user
    for user in each([about, elsewhere, make_employee("general_manager").user, make_employee("advisor").user]):
        with pytest.raises(WrongHands):
            actions.decline_proposal(proposal=proposal, reason="不必", **who(user))
    proposal.refresh_from_db()
    assert proposal.status == Status.WAITING
    actions.decline_proposal(proposal=proposal, reason="不必", **who(make_employee("hr_officer").user))


@pytest.mark.parametrize("position", ["group_hr", "oem_service_coach", "technical_director", "course_author"])
def test_group_people_outside_examiners_and_authors_are_not_a_dealer_hrs(hr, group_hr, position):
    person = make_employee(position)
    acts = [
        lambda: hire(hr, position),
        lambda: move(hr, person, "advisor"),
        lambda: move(hr, make_employee("advisor"), position),
        lambda: actions.record_departure(employee=person, left_on=timezone.localdate(), **who(hr)),
        lambda: actions.issue_first_password(employee=person, **who(hr)),
        lambda: actions.correct_details(employee=person, email="mine@example.com", **who(hr)),
        lambda: actions.change_status(employee=person, status="on_leave", **who(hr)),
        lambda: actions.record_leave(employee=person, starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 2), **who(hr)),
    ]
    for act in acts:
        with pytest.raises(WrongHands):
            act()
    assert isinstance(move(group_hr, person, "advisor"), Proposal)


def test_whoever_proposed_must_still_have_the_right_when_it_is_confirmed(hr, group_hr):
    proposal = hire(hr)
    Employee.objects.filter(user=hr).update(status="left", left_on=date(2026, 1, 1))
    User.objects.filter(pk=hr.pk).update(is_active=False)
    with pytest.raises(WrongHands, match="何静"):
        actions.confirm_proposal(proposal=proposal, **who(group_hr))


@pytest.mark.parametrize("to", [{"dealer": "YT02"}, {"position": "oem_service_coach"}])
def test_whoever_proposed_a_move_must_still_have_the_right_over_where_it_leads(group_hr, to):
    """Group HR proposed it and is the dealer's HR by the time it is confirmed."""
    first, person = make_employee("group_hr"), make_employee("service_manager")
    place = {name: make_dealer(code) if name == "dealer" else make_position(code) for name, code in to.items()}
    proposal = actions.transfer_employee(employee=person, **place, **who(first.user))
    first.user.groups.set(make_employee("hr_officer").user.groups.all())
    with pytest.raises(WrongHands):
        actions.confirm_proposal(proposal=proposal, **who(group_hr))
    first.user.groups.set(group_hr.groups.all())
    assert actions.confirm_proposal(proposal=proposal, **who(group_hr)).pk == person.pk


def test_a_proposal_is_decided_once_and_declined_with_a_reason(hr, group_hr):
    proposal = hire(hr)
    with pytest.raises(Refused):
        actions.decline_proposal(proposal=proposal, **who(group_hr))
    actions.decline_proposal(proposal=proposal, reason="编制已满", **who(group_hr))
    with pytest.raises(WrongState):
        actions.confirm_proposal(proposal=proposal, **who(group_hr))
    own = hire(hr)
    actions.decline_proposal(proposal=own, **who(hr))
    own.refresh_from_db()
    assert own.status == Status.DECLINED


def test_an_old_proposal_is_made_anew(hr, group_hr):
    proposal = hire(hr)
    with pytest.raises(Refused, match="30"):
        actions.confirm_proposal(proposal=proposal, **who(group_hr, timezone.now() + timedelta(days=31)))


def test_the_database_holds_that_two_people_sign_and_that_nothing_decided_changes(hr, group_hr):
    proposal = hire(hr)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(status="confirmed", decided_at=timezone.now(), decided_by=hr)
    with pytest.raises(DatabaseError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(particulars={"position": 1})
    with pytest.raises(DatabaseError), transaction.atomic():
        proposal.delete()
    actions.confirm_proposal(proposal=proposal, **who(group_hr))
    with pytest.raises(DatabaseError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(status="declined")


# -- a dealer without group HR ------------------------------------------------------------------------


def test_without_group_hr_the_general_manager_confirms(hr):
    boss, proposal = make_employee("general_manager").user, hire(hr, "service_manager")
    for user in each([make_employee("general_manager", dealer=make_dealer("YT02")).user, make_employee("service_manager").user]):
        with pytest.raises(WrongHands):
            actions.confirm_proposal(proposal=proposal, **who(user))
    assert actions.confirm_proposal(proposal=proposal, **who(boss)).position.code == "service_manager"
    with pytest.raises(WrongHands):
        move(hr, make_employee("advisor"), "group_hr")


@pytest.mark.parametrize("gone", ["left", "shut"])
def test_group_hr_who_left_or_can_no_longer_sign_in_is_none(hr, gone):
    boss, last = make_employee("general_manager").user, make_employee("group_hr")
    proposal = hire(hr, "service_manager")
    with pytest.raises(WrongHands):
        actions.confirm_proposal(proposal=proposal, **who(boss))
    if gone == "left":
        Employee.objects.filter(pk=last.pk).update(status="left", left_on=date(2026, 1, 1))
    User.objects.filter(pk=last.user_id).update(is_active=gone == "left")
    assert actions.confirm_proposal(proposal=proposal, **who(boss)).position.code == "service_manager"


def test_without_group_hr_the_general_managers_own_post_is_confirmed_at_the_console(hr):
    proposal, colleague = hire(hr), make_employee("hr_officer").user
    of_the_present_one = actions.issue_first_password(employee=make_employee("general_manager"), **who(hr))
    for one in each([proposal, of_the_present_one]):
        with pytest.raises(WrongHands, match="confirm_proposal"):
            actions.confirm_proposal(proposal=one, **who(colleague))
    out = StringIO()
    call_command("confirm_proposal", str(proposal.pk), stdout=out)
    assert not Employee.objects.filter(number="N1").exists()
    call_command("confirm_proposal", str(proposal.pk), "--apply", stdout=out)
    assert Employee.objects.get(number="N1").position.code == "general_manager"
    proposal.refresh_from_db()
    assert "@" in proposal.decided_from
    assert "@" in Event.objects.get(verb="proposal.confirmed").after["run_by"]


def test_the_console_confirms_nothing_else(hr, group_hr):
    with pytest.raises(CommandError):
        call_command("confirm_proposal", str(hire(hr).pk), "--apply", stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("confirm_proposal", "999", "--apply", stdout=StringIO())


def test_a_groups_first_two_of_hr_come_from_the_console_once():
    make_dealer()
    make_position()
    first, third = StringIO(), StringIO()
    call_command("appoint_first_hr", "H1", "何静", "--dealer", "YT01", stdout=first)
    assert not Employee.objects.exists()
    call_command("appoint_first_hr", "H1", "何静", "--dealer", "YT01", "--apply", "--json", stdout=first)
    call_command("appoint_first_hr", "G1", "严芳", "--dealer", "YT01", "--position", "group_hr", "--apply", stdout=first)
    for arguments in (["H2", "丙"], ["A1", "丁", "--position", "advisor"], ["A2", "戊", "--dealer", "NONE"]):
        with pytest.raises(CommandError):
            call_command("appoint_first_hr", "--dealer", "YT01", "--apply", *arguments, stdout=third)
    assert list(Employee.objects.order_by("number").values_list("number", "position__role")) == [("G1", "group_hr"), ("H1", "hr")]
    assert all("@" in event.after["run_by"] for event in each(Event.objects.filter(verb="person.appointed_from_console")))


def test_what_the_console_proposed_needs_two_people_all_the_same(hr, group_hr):
    proposal = Proposal.objects.create(
        kind=Kind.PASSWORD,
        dealer=make_dealer(),
        employee=make_employee("general_manager"),
        number="X",
        name="X",
        proposed_at=timezone.now(),
    )
    with pytest.raises(WrongHands):
        actions.confirm_proposal(proposal=proposal, **who(group_hr))
    actions.take_up_proposal(proposal=proposal, **who(hr))
    with pytest.raises(WrongHands):
        actions.confirm_proposal(proposal=proposal, **who(hr))
    with pytest.raises(WrongState):
        actions.take_up_proposal(proposal=proposal, **who(group_hr))
    assert actions.confirm_proposal(proposal=proposal, **who(group_hr))


# -- thirty days ----------------------------------------------------------------------------------------


def test_for_30_days_neither_of_the_two_is_a_second_signature_beside_the_appointee(hr, group_hr):
    boss = actions.confirm_proposal(proposal=hire(hr), **who(group_hr)).user
    now, other = timezone.now(), make_employee("group_hr").user
    for one in (hr, group_hr):
        assert paired(one, boss, at=now)
        assert paired(boss, one, at=now)
    assert not paired(other, boss, at=now)


def test_the_30_days_are_just_these(hr, group_hr):
    proposal = hire(hr)
    boss = actions.confirm_proposal(proposal=proposal, **who(group_hr)).user
    proposal.refresh_from_db()
    end = proposal.decided_at + timedelta(days=30)
    for one in (hr, group_hr):
        assert paired(one, boss, at=end - timedelta(seconds=1))
        assert not paired(one, boss, at=end)


@pytest.mark.parametrize("first", ["hr", "group_hr"])
def test_both_who_moved_someone_into_a_post_that_signs_let_them_in_and_nobody_by_seeing_them_out(hr, group_hr, first):
    """A move is no hire, so nothing but the proposal says who did it."""
    boss = actions.confirm_proposal(proposal=move(hr, make_employee("advisor"), "service_manager"), **who(group_hr)).user
    gone = make_employee("general_manager")
    actions.confirm_proposal(proposal=actions.record_departure(employee=gone, left_on=timezone.localdate(), **who(hr)), **who(group_hr))
    one = {"hr": hr, "group_hr": group_hr}[first]
    assert paired(one, boss, at=timezone.now())
    assert not paired(one, gone.user, at=timezone.now())


def test_whoever_handed_someone_a_password_alone_is_paired_with_them_as_well(hr):
    person = make_employee("advisor")
    actions.issue_first_password(employee=person, **who(hr))
    assert paired(hr, person.user, at=timezone.now())
    assert not paired(make_employee("hr_officer").user, person.user, at=timezone.now())


def test_two_who_let_each_other_in_do_not_confirm_together(hr, group_hr):
    new = actions.confirm_proposal(proposal=hire(hr, "hr_officer", number="H9"), **who(group_hr)).user
    proposal = hire(new, "service_manager", number="N7")
    with pytest.raises(WrongHands, match="30"):
        actions.confirm_proposal(proposal=proposal, **who(group_hr))
    assert actions.confirm_proposal(proposal=proposal, **who(make_employee("group_hr").user))


class NoOrderOfStepsLetsOnePersonInAlone(TestCase):
    """Whatever one HR officer does, in whatever order, no signer comes, goes, moves or is let in."""

    STEPS = ("hire", "move up", "move down", "leave", "password", "email", "return", "confirm", "import")

    @given(st.lists(st.sampled_from(STEPS), min_size=1, max_size=8))
    def test_by_any_sequence(self, steps):
        hr = make_employee("hr_officer").user
        boss, staff = make_employee("general_manager", email=f"boss{hr.pk}@example.com"), make_employee("advisor")
        before = (boss.position_id, boss.user.password, boss.user.email, True)
        signers = set(Employee.objects.exclude(position__role="staff").values_list("pk", flat=True))
        for number, step in enumerate(steps):
            with transaction.atomic():
                self._take(step, hr, boss, staff, f"P{hr.pk}-{number}")
        boss.refresh_from_db()
        user = User.objects.get(pk=boss.user_id)
        assert (boss.position_id, user.password, user.email, user.is_active) == before
        assert set(Employee.objects.exclude(position__role="staff").values_list("pk", flat=True)) == signers

    def _take(self, step, hr, boss, staff, number):
        from contextlib import suppress

        from lms.people.importers import import_employees

        table = f"number,name,dealer,position,manager,hired_on\n{number},X,YT01,service_manager,,2024-03-01\n".encode()
        acts = {
            "hire": lambda: hire(hr, "service_manager", number=number),
            "move up": lambda: move(hr, staff, "service_manager"),
            "move down": lambda: move(hr, boss, "advisor"),
            "leave": lambda: actions.record_departure(employee=boss, left_on=timezone.localdate(), **who(hr)),
            "password": lambda: actions.issue_first_password(employee=boss, **who(hr)),
            "email": lambda: actions.correct_details(employee=boss, email="mine@example.com", **who(hr)),
            "return": lambda: actions.return_employee(employee=boss, on=timezone.localdate(), **who(hr)),
            "confirm": lambda: [actions.confirm_proposal(proposal=one, **who(hr)) for one in Proposal.objects.filter(status="waiting")],
            "import": lambda: import_employees(table, "p.csv", apply=True, **who(hr)),
        }
        with suppress(Refused), transaction.atomic():
            acts[step]()


# -- who hears of it, and where it stands -----------------------------------------------------------------


def test_the_person_the_old_address_and_the_manager_above_are_told(hr, group_hr, mailoutbox, django_capture_on_commit_callbacks):
    top = make_employee("general_manager", email="top@example.com")
    boss = make_employee("service_manager", manager=top, email="old@example.com")
    proposal = actions.correct_details(employee=boss, email="new@example.com", **who(hr))
    with django_capture_on_commit_callbacks(execute=True):
        actions.confirm_proposal(proposal=proposal, **who(group_hr))
    assert {notice.recipient for notice in Notice.objects.filter(kind="signer_changed")} == {boss.user, top.user}
    assert sorted(address for mail in mailoutbox for address in mail.to) == ["new@example.com", "old@example.com", "top@example.com"]
    assert all("何静" in mail.body and "严芳" in mail.body for mail in each(mailoutbox))
    assert tell_about_signers(at=timezone.now()) == 0
    assert Delivery.objects.count() == 3


@pytest.mark.parametrize(("decide", "words"), [("confirm", "confirmed and carried out"), ("decline", "was declined")])
def test_who_proposed_it_hears_what_became_of_it(hr, group_hr, decide, words, django_capture_on_commit_callbacks):
    proposal = hire(hr)
    with django_capture_on_commit_callbacks(execute=True):
        if decide == "confirm":
            actions.confirm_proposal(proposal=proposal, **who(group_hr))
        else:
            actions.decline_proposal(proposal=proposal, reason="编制已满", **who(group_hr))
    notice = Notice.objects.get(kind="proposal_decided")
    with translation.override("en"):
        subject, body = words_of(notice)
    assert (notice.recipient, notice.url) == (hr, reverse("proposal", args=[proposal.pk]))
    assert words in subject
    assert ("编制已满" in body) == (decide == "decline")
    assert tell_about_signers(at=timezone.now()) == 0


def test_nobody_is_told_of_what_they_withdrew_themselves(hr, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        actions.decline_proposal(proposal=hire(hr), **who(hr))
    assert not Notice.objects.exists()
    assert Proposal.objects.get().told_at


def test_a_lost_message_is_made_up_for_by_the_sweep(hr, group_hr):
    proposal = hire(hr)
    actions.confirm_proposal(proposal=proposal, **who(group_hr))
    Notice.objects.all().delete()
    Proposal.objects.filter(pk=proposal.pk).update(told_at=None)
    assert tell_about_signers(at=timezone.now()) == 1
    assert Notice.objects.filter(kind="signer_changed").count() == 1


def test_what_waits_stands_on_today_of_whoever_may_confirm_it(hr, group_hr):
    proposal = hire(hr)
    (item,) = due_for(group_hr.employee, timezone.now())
    assert item["url"] == reverse("proposal", args=[proposal.pk])
    assert due_for(hr.employee, timezone.now()) == []
    assert due_for(make_employee("advisor"), timezone.now()) == []
    hire(hr, "service_manager", number="N2")
    assert due_for(group_hr.employee, timezone.now())[0]["url"] == reverse("proposals") + "?status=yours"


def test_by_screen_one_proposes_and_another_confirms(client, hr, group_hr):
    boss = make_employee("general_manager", name="王总")
    client.force_login(hr)
    answer = client.post(reverse("person_first_password", args=[boss.pk]), follow=True)
    proposal = Proposal.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("proposal", args=[proposal.pk])
    assert not answer.context["may_confirm"]
    assert client.post(reverse("proposal_confirm", args=[proposal.pk])).status_code == 403
    client.force_login(group_hr)
    assert client.get(reverse("proposals")).status_code == 200
    assert client.get(reverse("proposal", args=[proposal.pk])).context["may_confirm"]
    shown = client.post(reverse("proposal_confirm", args=[proposal.pk]))
    assert User.objects.get(pk=boss.user_id).check_password(shown.context["password"])
    assert "no-store" in shown.headers["Cache-Control"]


def test_by_screen_a_refusal_to_decline_without_a_reason_stands_at_its_field(client, hr, group_hr):
    proposal = hire(hr)
    client.force_login(group_hr)
    answer = client.post(reverse("proposal_decline", args=[proposal.pk]), {"reason": ""})
    assert answer.context["form"].errors["reason"]
    client.post(reverse("proposal_decline", args=[proposal.pk]), {"reason": "编制已满"})
    assert "编制已满" in client.get(reverse("proposal", args=[proposal.pk])).content.decode()
    client.force_login(hr)
    proposal = hire(hr)
    client.post(reverse("proposal_decline", args=[proposal.pk]))
    proposal.refresh_from_db()
    assert proposal.status == Status.DECLINED


def test_by_screen_every_particular_is_shown_in_words(client, hr, group_hr):
    boss, other = make_employee("general_manager"), make_employee("service_manager", name="孟总")
    make_employee("advisor", manager=boss)
    asked = [
        hire(hr, manager=other, email="li@example.com"),
        move(hr, boss, "service_manager"),
        actions.record_departure(employee=boss, left_on=timezone.localdate(), hand_over_to=other, reason="回老家", **who(hr)),
    ]
    client.force_login(group_hr)
    pages = [client.get(reverse("proposal", args=[one.pk])).content.decode() for one in asked]
    assert all(text in pages[0] for text in ("总经理", other.number, "li@example.com", "在职"))
    assert "服务经理" in pages[1]
    assert "孟总" in pages[2]
    assert "回老家" in pages[2]


def test_the_new_person_form_says_that_it_waits(client, hr):
    client.force_login(hr)
    given = {
        "name": "李四", "number": "N1", "dealer": make_dealer().pk, "position": make_position("service_manager").pk,
        "hired_on": "2024-03-01", "status": "active",
    }  # fmt: skip
    answer = client.post(reverse("person_new"), given, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("proposal", args=[Proposal.objects.get().pk])


# -- doors beside the actions ------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/studio/users/", "/studio/users/1/", "/studio/users/add/", "/studio/groups/", "/studio/groups/new/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_studio_gives_nobody_passwords_or_rights(client, address, method):
    client.force_login(User.objects.create_superuser("admin", password="x"))
    assert getattr(client, method)(address).status_code == 403


def test_the_studios_menu_does_not_lead_there(client):
    client.force_login(User.objects.create_superuser("admin", password="x"))
    assert "/studio/users/" not in client.get("/studio/").content.decode()


def test_what_a_post_may_do_is_fixed_once_it_exists(client, group_hr):
    """Else one person appoints all who hold it by one change."""
    post = make_position("advisor")
    client.force_login(group_hr)
    address = f"/studio/snippets/people/position/edit/{post.pk}/"
    given = {
        "name_zh": "顾问", "name_en": "Adviser", "code": "general_manager", "department": post.department_id, "track": "technical",
        "role": "group_hr", "order": 5,
    }  # fmt: skip
    assert client.post(address, given).status_code == 302
    post.refresh_from_db()
    assert (post.name_zh, post.code, post.role, post.track) == ("顾问", "advisor", "staff", "service")
