"""Ways around the two people (§1): an address in place of a password, an old proposal, a date in the past, another spelling."""

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import authenticate
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from lms.accounts.models import User
from lms.audit.models import Event
from lms.common.days import day as shown
from lms.common.states import Refused, WrongHands
from lms.notifications.models import Notice
from lms.people import actions
from lms.people.due import due_for
from lms.people.importers import import_employees
from lms.people.models import Employee, EmploymentEvent, Proposal
from lms.people.permissions import may_confirm, paired
from lms.people.signers import is_signer
from tests.assessments.grading.racing import at_once
from tests.factories import PASSWORD, make_dealer, make_employee, make_group, make_position

pytestmark = pytest.mark.django_db
MINE = "hr-keeps-this@example.com"


def who(person, at=None):
    return {"by": person.user, "at": at or timezone.now()}


def fresh(person):
    return Employee.objects.get(pk=person.pk)


@pytest.fixture
def hr():
    return make_employee("hr_officer", name="何静")


@pytest.fixture
def second_hr():
    return make_employee("hr_officer", name="杜兰")


@pytest.fixture
def group():
    return make_employee("group_hr", name="严芳"), make_employee("group_hr", name="韦丽")


@pytest.fixture
def advisor():
    return make_employee("advisor", number="X1", name="陈思远", email="chen@example.com")


def appoint(person, post, group, at=None):
    first, second = group
    proposal = actions.transfer_employee(employee=fresh(person), position=make_position(post), **who(first, at))
    actions.confirm_proposal(proposal=proposal, **who(second, at))
    return fresh(person)


def by_form(person, email, hr, at=None):
    actions.correct_details(employee=person, email=email, **who(hr, at))


def by_import(person, email, hr, at=None):
    table = f"number,name,dealer,position,hired_on,email\n{person.number},{person.name},YT01,advisor,{person.hired_on},{email}\n"
    outcome = import_employees(table.encode(), "people.csv", apply=True, **who(hr, at))
    assert (outcome.changed, outcome.refused) == (1, [])


# -- an address is a way in ---------------------------------------------------------------------------------


@pytest.mark.parametrize("enter", [by_form, by_import])
def test_whoever_alone_entered_an_address_is_no_second_signature_of_its_owner(hr, group, advisor, enter):
    enter(advisor, MINE, hr)
    manager = appoint(advisor, "general_manager", group)
    assert manager.user.email == MINE
    assert paired(manager.user, hr.user, at=timezone.now())
    assert Event.objects.filter(verb="person.readdressed", about=advisor.pk).count() == 1


def test_an_import_records_the_address_apart_from_what_else_it_changed(hr, advisor):
    table = f"number,name,dealer,position,hired_on,email,phone\nX1,陈远,YT01,advisor,{advisor.hired_on},{MINE},138\n"
    import_employees(table.encode(), "people.csv", apply=True, **who(hr))
    found = {event.verb: event.after for event in Event.objects.filter(about=advisor.pk)}
    assert found == {"person.readdressed": {"email": MINE}, "person.corrected": {"name": "陈远", "phone": "138"}}


@pytest.mark.parametrize("enter", [by_form, by_import])
def test_whoever_entered_the_address_hands_out_no_enrolment_code(hr, group, advisor, enter):
    enter(advisor, MINE, hr)
    manager = appoint(advisor, "general_manager", group)
    with pytest.raises(Refused, match="须由他人发放"):
        actions.hand_out_enrolment_code(employee=manager, **who(hr))


@pytest.mark.parametrize("enter", [by_form, by_import])
def test_an_address_and_a_password_of_one_hand_get_no_code_by_mail(hr, group, advisor, enter):
    enter(advisor, MINE, hr)
    actions.issue_first_password(employee=fresh(advisor), **who(hr))
    manager = appoint(advisor, "general_manager", group)
    with pytest.raises(Refused):
        actions.make_enrolment_code(user=manager.user, at=timezone.now())


# -- appointed is let in anew ---------------------------------------------------------------------------------


def open_session(client, person):
    client.force_login(person.user)
    client.get(reverse("my_sessions"))


def test_what_one_hand_set_long_ago_opens_nothing_once_the_person_signs(client, hr, group, advisor):
    """HR reads an advisor's mail for a month, signs in as him, sets up a second step; then two honest people promote him."""
    by_form(advisor, MINE, hr, at=timezone.now() - timedelta(days=40))
    Authenticator.objects.create(user=advisor.user, type=Authenticator.Type.TOTP, data={})
    open_session(client, advisor)
    manager = appoint(advisor, "general_manager", group)
    assert authenticate(None, username="X1", password=PASSWORD) is None
    assert not Authenticator.objects.filter(user=manager.user).exists()
    assert not UserSession.objects.filter(user=manager.user).exists()
    assert client.get(reverse("today")).status_code == 302


def test_the_second_person_sees_the_address_that_the_next_password_goes_to(client, hr, group, advisor):
    by_form(advisor, MINE, hr)
    first, second = group
    proposal = actions.transfer_employee(employee=fresh(advisor), position=make_position("general_manager"), **who(first))
    client.force_login(second.user)
    page = client.get(reverse("proposal", args=[proposal.pk]), headers={"accept-language": "en"})
    assert page.context["begins_anew"]
    assert MINE in page.text


def test_who_signed_before_keeps_what_they_sign_in_by(hr, group):
    manager = make_employee("service_manager", number="S1")
    first, second = group
    proposal = actions.transfer_employee(employee=manager, position=make_position("general_manager"), **who(first))
    actions.confirm_proposal(proposal=proposal, **who(second))
    assert authenticate(None, username="S1", password=PASSWORD) == manager.user
    assert not Event.objects.filter(verb="person.begins_anew").exists()


def test_who_comes_back_to_a_post_that_signs_is_let_in_anew_too(hr, group, advisor):
    actions.record_departure(employee=advisor, left_on=timezone.localdate(), **who(hr))
    first, second = group
    proposal = actions.return_employee(
        employee=fresh(advisor), on=timezone.localdate(), position=make_position("service_manager"), **who(first)
    )
    actions.confirm_proposal(proposal=proposal, **who(second))
    assert not fresh(advisor).user.has_usable_password()


def test_they_are_told_to_choose_a_password(hr, group, advisor, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        appoint(advisor, "service_manager", group)
    assert Notice.objects.get(recipient=advisor.user, kind="signer_changed").context["anew"] is True


# -- what was proposed about someone who is elsewhere by now ---------------------------------------------------


ABOUT = {
    "password": lambda person, hr: actions.issue_first_password(employee=person, **who(hr)),
    "email": lambda person, hr: actions.correct_details(employee=person, email=MINE, **who(hr)),
    "second_factor": lambda person, hr: actions.reset_second_factor(employee=person, **who(hr)),
    "departure": lambda person, hr: actions.record_departure(employee=person, left_on=timezone.localdate(), **who(hr)),
    "move": lambda person, hr: actions.transfer_employee(employee=person, position=make_position("service_manager"), **who(hr)),
}


@pytest.mark.parametrize("kind", ABOUT)
def test_nothing_is_confirmed_about_someone_who_went_to_another_dealer(hr, second_hr, group, kind):
    boss, elsewhere = make_employee("general_manager"), make_dealer("YT02", group=hr.group)
    proposal = ABOUT[kind](boss, hr)
    Employee.objects.filter(pk=boss.pk).update(dealer=elsewhere)
    before = Employee.objects.filter(pk=boss.pk).values().get()
    with pytest.raises(Refused):
        actions.confirm_proposal(proposal=proposal, **who(second_hr))
    assert Employee.objects.filter(pk=boss.pk).values().get() == before
    actions.decline_proposal(proposal=proposal, reason="已调走", **who(second_hr))


@pytest.mark.parametrize("kind", ABOUT)
def test_a_dealers_first_signature_counts_nothing_once_the_person_is_the_groups(hr, group, kind):
    boss = make_employee("general_manager")
    proposal = ABOUT[kind](boss, hr)
    Employee.objects.filter(pk=boss.pk).update(position=make_position("group_hr"))
    with pytest.raises(WrongHands):
        actions.confirm_proposal(proposal=proposal, **who(group[0]))


def test_who_is_brought_in_for_the_group_is_not_offered_to_a_dealers_hr(client, hr, group):
    first, second = group
    proposal = actions.hire_employee(
        dealer=hr.dealer, position=make_position("oem_technical_coach"), number="E9", name="考官", hired_on=date(2026, 1, 5), **who(first)
    )
    assert not may_confirm(hr.user, Proposal.objects.get(pk=proposal.pk))
    assert due_for(hr, timezone.now()) == []
    client.force_login(hr.user)
    assert not client.get(reverse("proposal", args=[proposal.pk])).context["may_confirm"]
    assert may_confirm(second.user, Proposal.objects.get(pk=proposal.pk))


def test_a_technical_account_hands_no_enrolment_code_by_screen(client):
    boss, root = make_employee("general_manager"), User.objects.create_superuser("root")
    with pytest.raises(WrongHands):
        actions.hand_out_enrolment_code(employee=boss, by=root, at=timezone.now())


def test_a_signers_address_takes_two_before_there_is_a_sign_in_too(group):
    examiner = make_employee("oem_service_coach", sign_in=False)
    assert isinstance(actions.correct_details(employee=examiner, email=MINE, **who(group[0])), Proposal)
    assert fresh(examiner).email == ""


@pytest.mark.parametrize("enter", [by_form, by_import])
def test_nobody_is_given_an_address_that_someone_signs_in_by_as_a_name(hr, advisor, enter):
    """Two who are meant by one name can neither of them sign in."""
    User.objects.create_superuser("root@example.com", password=PASSWORD)
    with pytest.raises((Refused, AssertionError)):
        enter(advisor, "Root@example.com", hr)
    assert authenticate(None, username="root@example.com", password=PASSWORD)


# -- doors of the studio -------------------------------------------------------------------------------------------


def test_nobody_makes_a_post_one_of_outside_people_once_it_exists(client, group):
    """Its holders of other dealers could sit on any panel, and its own would drop out of training."""
    client.force_login(group[0].user)
    post = make_position("general_manager")
    values = {"name_zh": "总经理", "name_en": "", "department": post.department_id, "order": "10", "is_outside": "on", "is_leading": "on"}
    assert client.post(reverse("wagtailsnippets_people_position:edit", args=[post.pk]), values).status_code == 302
    post.refresh_from_db()
    assert not post.is_outside


def test_a_dealer_with_people_stays_in_its_group(client, hr):
    client.force_login(User.objects.create_superuser("root", language="en"))
    dealer, other = hr.dealer, make_group("zz")
    values = {"group": other.pk, "name_zh": "店", "name_en": "", "city": "", "time_zone": "Asia/Shanghai"}
    assert "has people" in client.post(reverse("wagtailsnippets_people_dealer:edit", args=[dealer.pk]), values).text
    dealer.refresh_from_db()
    assert dealer.group == hr.group


@pytest.mark.parametrize("door", ["edit", "history", "usage", "delete"])
def test_a_dealer_of_another_group_is_closed_at_every_door(client, group, door):
    other = make_dealer("ZZ1", group=make_group("zz"))
    client.force_login(group[0].user)
    assert client.get(reverse(f"wagtailsnippets_people_dealer:{door}", args=[other.pk])).status_code in (302, 403)
    assert client.get(reverse("wagtailsnippets_people_dealer:edit", args=[group[0].dealer_id])).status_code == 200


# -- a date in the past -------------------------------------------------------------------------------------------


def test_an_appointment_that_is_dated_back_leaves_its_ninety_days(group):
    person = make_employee("advisor", hired_on=date(2020, 1, 1))
    long_ago = timezone.now() - timedelta(days=200)
    for on, post in ((date(2020, 1, 1), "advisor"), (date(2023, 1, 1), "technician")):
        EmploymentEvent.objects.create(
            employee=person, kind="transferred", on=on, dealer=person.dealer, position=make_position(post), recorded_at=long_ago
        )
    first, second = group
    with pytest.raises(Refused, match=shown(date(2023, 1, 1))):  # behind a later line about the post it would say nothing of today
        actions.transfer_employee(employee=fresh(person), position=make_position("service_manager"), on=date(2022, 6, 1), **who(first))
    for post, on in (("service_manager", date(2023, 6, 1)), ("advisor", None)):
        proposal = actions.transfer_employee(employee=fresh(person), position=make_position(post), on=on, **who(first))
        actions.confirm_proposal(proposal=proposal, **who(second))
    assert is_signer(fresh(person), timezone.now() + timedelta(days=89))
    assert not is_signer(fresh(person), timezone.now() + timedelta(days=91))


@pytest.mark.parametrize("days", [1, 400, 27000])
def test_nobody_who_has_begun_was_hired_in_the_future(hr, days):
    """From then on no departure, move or return could be recorded of them: the way to be rid of a signer would be shut."""
    boss = make_employee("general_manager", number="GM1", name="总")
    day = timezone.localdate() + timedelta(days=days)
    with pytest.raises(Refused):
        actions.correct_details(employee=boss, hired_on=day, **who(hr))
    table = f"number,name,dealer,position,hired_on\nGM1,总,YT01,general_manager,{day}\n"
    assert [found["column"] for found in import_employees(table.encode(), "p.csv", apply=False, **who(hr)).refused] != []
    assert fresh(boss).hired_on == date(2024, 3, 1)


def test_the_day_of_hiring_does_not_lie_after_what_came_later(hr, advisor):
    moved = date(2025, 6, 1)
    actions.transfer_employee(employee=advisor, position=make_position("technician"), on=moved, **who(hr))
    with pytest.raises(Refused):
        actions.correct_details(employee=fresh(advisor), hired_on=moved + timedelta(days=1), **who(hr))
    actions.correct_details(employee=fresh(advisor), hired_on=moved, **who(hr))


def test_nobody_is_brought_in_years_ahead(hr):
    with pytest.raises(Refused):
        actions.hire_employee(**newcomer(hr, 1) | {"hired_on": timezone.localdate() + timedelta(days=367)}, **who(hr))


# -- leaving and coming back --------------------------------------------------------------------------------------


def test_no_session_of_who_left_lives_on_when_they_return(client, hr, advisor):
    client.force_login(advisor.user)
    assert client.get(reverse("today")).status_code == 200
    actions.record_departure(employee=advisor, left_on=timezone.localdate(), **who(hr))
    actions.return_employee(employee=fresh(advisor), on=timezone.localdate(), **who(hr))
    assert fresh(advisor).user.is_active
    assert client.get(reverse("today")).status_code == 302
    assert authenticate(None, username="X1", password=PASSWORD) is None


# -- who is told --------------------------------------------------------------------------------------------------


def test_whoever_stood_above_a_signer_before_is_told_too(hr, group, django_capture_on_commit_callbacks):
    top, accomplice = make_employee("general_manager", name="总"), make_employee("service_supervisor")
    boss = make_employee("service_manager", manager=top)
    actions.transfer_employee(employee=boss, manager=accomplice, **who(hr))
    proposal = actions.correct_details(employee=fresh(boss), email=MINE, **who(hr))
    with django_capture_on_commit_callbacks(execute=True):
        actions.confirm_proposal(proposal=proposal, **who(group[0]))
    told = {notice.recipient for notice in Notice.objects.filter(kind="signer_changed")}
    assert told == {boss.user, top.user, accomplice.user}


# -- two at once ------------------------------------------------------------------------------------------------------


POSTGRES = pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks")


@POSTGRES
@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["password", "second_factor", "email"])
def test_pressed_twice_a_proposal_about_a_signer_is_one(kind):
    hr, boss = make_employee("hr_officer"), make_employee("general_manager")
    found = at_once(*[lambda: ABOUT[kind](fresh(boss), hr)] * 4)
    assert [type(one) for one in found] == [Proposal] * 4
    assert Proposal.objects.count() == 1


@POSTGRES
@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_two_who_are_given_one_address_at_once_one_has_it_and_the_other_is_refused_in_words():
    hr, people = make_employee("hr_officer"), [make_employee("advisor") for _number in range(3)]
    found = at_once(*(lambda one=one: actions.correct_details(employee=one, email=MINE, **who(hr)) for one in people))
    assert sorted(isinstance(one, Refused) for one in found) == [False, True, True]
    assert Employee.objects.filter(email=MINE).count() == 1
    hired = at_once(*(lambda n=n: actions.hire_employee(**newcomer(hr, n), **who(hr)) for n in range(3)))
    assert sorted(isinstance(one, Refused) for one in hired) == [False, True, True]


def newcomer(hr, number):
    post = make_position("advisor")
    return {
        "dealer": hr.dealer,
        "position": post,
        "number": f"N{number}",
        "name": "新",
        "hired_on": date(2026, 1, 5),
        "email": "n@example.com",
    }


# -- another spelling of a number ----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["Ab1", "AB1", "ab1", "aB1"])
def test_an_import_finds_a_person_however_the_number_is_spelled(hr, number):
    person = make_employee("advisor", number="aB1", name="甲")
    table = f"number,name,dealer,position,hired_on\n{number},乙,YT01,advisor,{person.hired_on}\n"
    outcome = import_employees(table.encode(), "people.csv", apply=True, **who(hr))
    assert (outcome.created, outcome.changed) == (0, 1)
    assert fresh(person).name == "乙"


@pytest.mark.parametrize("number", ["ＧＭ１", " GM1 ", "gm1", "G\u200bM1"])
def test_a_number_is_kept_in_plain_letters_so_that_no_two_look_alike(hr, number):
    make_employee("general_manager", number="GM1")
    with pytest.raises(Refused):
        actions.hire_employee(**newcomer(hr, 1) | {"number": number}, **who(hr))


@pytest.mark.parametrize("number", ["УТ01001", "ı1", "ß1", "٣", "a b", ""])
def test_letters_that_look_like_others_make_no_number(hr, number):
    with pytest.raises(Refused):
        actions.hire_employee(**newcomer(hr, 1) | {"number": number}, **who(hr))


def test_a_number_typed_in_full_width_signs_in(advisor):
    assert authenticate(None, username="Ｘ１", password=PASSWORD) == advisor.user


def test_a_colleagues_waiting_proposal_is_found_however_the_number_is_spelled(hr, second_hr):
    boss = make_employee("general_manager", number="GM1", name="总")
    actions.correct_details(employee=boss, email="a@example.com", **who(second_hr))
    table = f"number,name,dealer,position,hired_on,email\ngm1,总,YT01,general_manager,{boss.hired_on},c@example.com\n"
    outcome = import_employees(table.encode(), "people.csv", apply=False, **who(hr))
    assert [refusal["column"] for refusal in outcome.refused] != []
