"""The second factor of people who answer for others: required, set up by nobody else, reset by nobody alone."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lms.accounts.models import EnrolmentCode, User
from lms.audit.models import Event
from lms.common.states import Refused
from lms.people.actions import (
    confirm_enrolment,
    confirm_proposal,
    correct_details,
    hand_out_enrolment_code,
    hire_employee,
    issue_first_password,
    make_enrolment_code,
    reset_second_factor,
)
from lms.people.actions.second_factor import CONFIRMED
from lms.people.adapter import passkeys_possible, strong_factors
from lms.people.models import Proposal
from lms.people.permissions import needs_second_factor, signs
from tests.factories import PASSWORD, make_dealer, make_employee, make_position

pytestmark = pytest.mark.django_db

BEGIN, APP = reverse("second_factor"), reverse("mfa_activate_totp")
SIGNERS = ["hr_officer", "group_hr", "general_manager", "service_manager", "oem_service_coach", "course_author"]
OTHERS = ["advisor", "technician", "service_supervisor", "information_assistant"]


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR = "signers"


def signed_in(person, client=None, password=PASSWORD):
    client = client or Client()
    client.post(reverse("account_login"), {"login": person.number, "password": password})
    return client


def digits(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def confirm(client, person):
    code = make_enrolment_code(user=person.user, at=timezone.now())
    return client.post(BEGIN, {"do": "check", "code": code})


def set_up(client):
    """The authenticator app, by the page, from a session that may; returns its secret."""
    secret = client.get(APP).context["form"].secret
    answer = client.post(APP, {"code": digits(secret)})
    assert answer.url == reverse("mfa_view_recovery_codes")
    return secret


@pytest.fixture
def gm():
    return make_employee("general_manager", email="gm@example.com")


@pytest.fixture
def equipped(gm):
    """(the browser of the GM, who has an authenticator app and signed in with it; the secret of the app)"""
    secret = generate_totp_secret()
    TOTP.activate(gm.user, secret)
    RecoveryCodes.activate(gm.user)
    client = signed_in(gm)
    client.post(reverse("mfa_authenticate"), {"code": digits(secret, -1)})
    return client, secret


# -- who


@pytest.mark.parametrize("position", SIGNERS)
def test_whoever_answers_for_others_needs_one(position):
    user = make_employee(position).user
    assert signs(user)
    assert needs_second_factor(user)


@pytest.mark.parametrize("position", OTHERS)
def test_whoever_answers_for_nobody_needs_none(position):
    assert not needs_second_factor(make_employee(position).user)


def test_a_technical_account_needs_one():
    assert needs_second_factor(User.objects.create(username="root", is_superuser=True))


def test_one_setting_switches_it_off(settings):
    settings.SECOND_FACTOR = "off"
    gm = make_employee("general_manager")
    assert not needs_second_factor(gm.user)
    assert signed_in(gm).get("/").status_code == 200


# -- before anything else


@pytest.mark.parametrize("path", ["/", "/people/", "/pay/changes/", "/account/second-factor/", "/account/sessions/", "/nothing/"])
def test_a_signer_without_one_is_led_to_set_it_up_before_anything_else(gm, path):
    assert signed_in(gm).get(path).url.startswith(BEGIN)


def test_a_signer_without_one_may_still_sign_out_and_choose_the_language(gm):
    client = signed_in(gm)
    assert client.post(reverse("set_language"), {"language": "en"}).url == "/"
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_an_advisor_goes_on_with_the_password_alone():
    assert signed_in(make_employee()).get("/").status_code == 200


def test_who_rises_to_a_signing_post_is_asked_in_the_session_that_runs():
    person = make_employee(email="li@example.com")
    client = signed_in(person)
    assert client.get("/").status_code == 200
    manager = make_employee("service_manager")
    person.user.groups.set(manager.user.groups.all())
    type(person).objects.filter(pk=person.pk).update(position=manager.position)
    assert client.get("/").url.startswith(BEGIN)


# -- who may set it up


def test_a_first_password_alone_sets_up_nothing(gm):
    proposal = issue_first_password(employee=gm, by=make_employee("group_hr").user, at=timezone.now())
    password = confirm_proposal(proposal=proposal, by=make_employee("group_hr").user, at=timezone.now())
    client = signed_in(gm, password=password)
    words = {"oldpassword": password, "password1": "Brand-new-words-7", "password2": "Brand-new-words-7"}
    client.post(reverse("account_change_password"), words)
    assert client.get("/").url.startswith(BEGIN)
    assert client.get(APP).url == BEGIN
    assert client.post(APP, {"code": "123456"}).url == BEGIN
    assert not Authenticator.objects.exists()


def test_an_advisor_sets_up_nothing_with_the_password_alone_either():
    """Else whoever knows the password sets one up today, and holds it when the advisor becomes a signer."""
    assert signed_in(make_employee()).get(APP).url == BEGIN


def test_the_code_comes_by_mail_and_opens_the_way(gm, mailoutbox):
    client = signed_in(gm)
    client.post(BEGIN, {"do": "send"})
    (mail,) = mailoutbox
    assert mail.to == ["gm@example.com"]
    code = re.search(r"^[a-z2-9]{4}-[a-z2-9]{4}$", mail.body, flags=re.M)[0]
    assert client.post(BEGIN, {"do": "check", "code": code.upper()}).url == BEGIN
    assert client.get(APP).status_code == 200


def test_the_page_shows_only_enough_of_the_address_to_know_it(gm):
    page = signed_in(gm).get(BEGIN).content.decode()
    assert "g…@example.com" in page
    assert "gm@example.com" not in page


def test_without_an_address_no_mail_is_sent_and_the_page_says_who_helps():
    gm = make_employee("general_manager")
    client = signed_in(gm)
    assert client.get(BEGIN).status_code == 200
    client.post(BEGIN, {"do": "send"})
    assert not EnrolmentCode.objects.exists()


def test_a_wrong_an_old_and_a_used_code_open_nothing(gm):
    at = timezone.now()
    old = make_enrolment_code(user=gm.user, at=at - timedelta(minutes=16))
    first = make_enrolment_code(user=gm.user, at=at)
    second = make_enrolment_code(user=gm.user, at=at)
    confirm_enrolment(user=gm.user, code=second, at=at)
    for code in (old, first, second, "", "aaaa-aaaa"):
        with pytest.raises(Refused):
            confirm_enrolment(user=gm.user, code=code, at=at)


def test_the_code_of_one_person_opens_nothing_for_another(gm):
    other = make_employee("general_manager", email="other@example.com")
    code = make_enrolment_code(user=other.user, at=timezone.now())
    with pytest.raises(Refused):
        confirm_enrolment(user=gm.user, code=code, at=timezone.now())


def test_a_code_opens_the_way_for_a_quarter_of_an_hour(gm):
    client = signed_in(gm)
    confirm(client, gm)
    assert client.get(APP).status_code == 200
    session = client.session
    assert session[CONFIRMED] <= time.time() + 15 * 60
    session[CONFIRMED] = int(time.time()) - 1
    session.save()
    assert client.get(APP).url == BEGIN


def test_a_code_taken_before_the_first_factor_was_there_adds_no_second_one(gm):
    client = signed_in(gm)
    confirm(client, gm)
    TOTP.activate(gm.user, generate_totp_secret())
    assert client.get(reverse("mfa_add_webauthn"), headers={"host": "localhost"}).url == BEGIN


def test_guesses_at_the_code_end(gm):
    client = signed_in(gm)
    for _number in range(5):
        client.post(BEGIN, {"do": "check", "code": "aaaa-aaaa"})
    confirm(client, gm)
    assert client.get(APP).url == BEGIN


def test_the_code_is_kept_nowhere_in_clear(gm):
    code = make_enrolment_code(user=gm.user, at=timezone.now())
    assert code.replace("-", "") not in str(EnrolmentCode.objects.values().get())


def test_mails_with_a_code_are_not_sent_without_end(gm, mailoutbox):
    client = signed_in(gm)
    for _number in range(5):
        client.post(BEGIN, {"do": "send"})
    assert len(mailoutbox) == 3


def test_an_address_and_a_password_from_one_hand_are_no_two_ways():
    """Who brought an “examiner” in with a mailbox of their own and hands over the password: the mail proves nothing."""
    first, second, at = make_employee("group_hr"), make_employee("group_hr"), timezone.now()
    values = {"dealer": first.dealer, "position": make_position("oem_service_coach"), "number": "X1", "name": "X", "hired_on": at.date()}
    proposal = hire_employee(**values, email="own@example.com", by=first.user, at=at)
    examiner = confirm_proposal(proposal=proposal, by=second.user, at=at)
    make_enrolment_code(user=examiner.user, at=at)
    confirm_proposal(proposal=issue_first_password(employee=examiner, by=first.user, at=at), by=second.user, at=at)
    with pytest.raises(Refused):
        make_enrolment_code(user=examiner.user, at=at)
    gm = make_employee("general_manager")
    confirm_enrolment(user=examiner.user, code=hand_out_enrolment_code(employee=examiner, by=gm.user, at=at), at=at)


def test_an_address_corrected_by_whoever_gave_the_password_is_none_either():
    hr, person, at = make_employee("hr_officer"), make_employee("advisor"), timezone.now()
    issue_first_password(employee=person, by=hr.user, at=at)
    correct_details(employee=person, email="own@example.com", by=hr.user, at=at)
    person.user.refresh_from_db()
    with pytest.raises(Refused):
        make_enrolment_code(user=person.user, at=at)


# -- a code from another hand


def test_the_general_manager_hands_a_code_to_an_examiner_whom_hr_brought_in():
    first, second, gm = make_employee("group_hr"), make_employee("group_hr"), make_employee("general_manager")
    examiner = make_employee("oem_service_coach")
    proposal = issue_first_password(employee=examiner, by=first.user, at=timezone.now())
    confirm_proposal(proposal=proposal, by=second.user, at=timezone.now())
    for one in (first, second):
        with pytest.raises(Refused):
            hand_out_enrolment_code(employee=examiner, by=one.user, at=timezone.now())
    code = hand_out_enrolment_code(employee=examiner, by=gm.user, at=timezone.now())
    confirm_enrolment(user=examiner.user, code=code, at=timezone.now())
    assert Event.objects.filter(verb="person.enrolment_code_issued", actor=gm.user, target_id=examiner.pk).count() == 1


def test_whoever_gave_someone_a_password_alone_gives_them_no_code_as_well_and_nobody_gives_one_to_who_has_left():
    hr, colleague, at = make_employee("hr_officer").user, make_employee("hr_officer").user, timezone.now()
    person, gone = make_employee("advisor"), make_employee("advisor", status="left", left_on=at.date())
    issue_first_password(employee=person, by=hr, at=at)
    for employee, by in ((person, hr), (gone, colleague)):
        with pytest.raises(Refused):
            hand_out_enrolment_code(employee=employee, by=by, at=at)
    assert hand_out_enrolment_code(employee=person, by=colleague, at=at)


@pytest.mark.parametrize("position", ["advisor", "service_supervisor", "service_manager", "course_author"])
def test_nobody_but_hr_and_the_general_manager_hands_out_codes(position, gm):
    with pytest.raises(Refused):
        hand_out_enrolment_code(employee=gm, by=make_employee(position).user, at=timezone.now())
    client = Client()
    client.force_login(make_employee("advisor").user)
    assert client.post(reverse("person_enrolment_code", args=[gm.pk])).status_code == 403


def test_nobody_hands_a_code_to_themselves_or_to_another_dealer(gm):
    abroad = make_employee("hr_officer", dealer=make_dealer("YT02"))
    for by in (gm.user, abroad.user):
        with pytest.raises(Refused):
            hand_out_enrolment_code(employee=gm, by=by, at=timezone.now())


def test_the_code_is_shown_once_on_its_page(gm, settings):
    settings.SECOND_FACTOR = "off"
    client = Client()
    client.force_login(make_employee("hr_officer").user)
    page = client.post(reverse("person_enrolment_code", args=[gm.pk]))
    assert "no-store" in page.headers["Cache-Control"]
    confirm_enrolment(user=gm.user, code=page.context["code"], at=timezone.now())


def test_the_first_people_get_theirs_on_the_command_line(capsys, gm):
    call_command("enrolment_code", gm.number)
    confirm_enrolment(user=gm.user, code=capsys.readouterr().out.strip(), at=timezone.now())
    with pytest.raises(CommandError, match="0 people"):
        call_command("enrolment_code", "NOBODY")


# -- with it


@pytest.mark.django_db(transaction=True)
def test_setting_it_up_opens_everything_is_on_record_told_by_mail_and_ends_the_other_sessions(gm, mailoutbox):
    elsewhere, client = signed_in(gm), signed_in(gm)
    confirm(client, gm)
    set_up(client)
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200
    assert client.get("/").status_code == 200
    assert elsewhere.get("/").url.startswith(reverse("account_login"))
    assert Event.objects.filter(verb="person.second_factor_added", target_id=gm.pk).count() == 1
    assert [mail.to for mail in mailoutbox] == [["gm@example.com"]]


def test_ten_recovery_codes_are_shown_once(equipped):
    client, _secret = equipped
    first, again = client.get(reverse("mfa_view_recovery_codes")), client.get(reverse("mfa_view_recovery_codes"))
    assert len(first.context["unused_codes"]) == 10
    assert set(again.context["unused_codes"]) == {"****"}


def test_the_next_sign_in_asks_for_the_digits(gm, equipped):
    _client, secret = equipped
    client = signed_in(gm)
    assert "_auth_user_id" not in client.session
    code = reverse("mfa_authenticate")
    assert client.post(code, {"code": "000000"}).status_code == 200
    assert "_auth_user_id" not in client.session
    client.post(code, {"code": digits(secret)})
    assert client.get("/").status_code == 200


def test_a_recovery_code_works_once(gm, equipped):
    own, _secret = equipped
    code = own.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]
    first, second = signed_in(gm), signed_in(gm)
    first.post(reverse("mfa_authenticate"), {"code": code})
    second.post(reverse("mfa_authenticate"), {"code": code})
    assert first.get("/").status_code == 200
    assert "_auth_user_id" not in second.session


def test_digits_are_not_guessed_without_end(gm, equipped):
    _client, secret = equipped
    client = signed_in(gm)
    for _number in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": digits(secret)})
    assert "_auth_user_id" not in client.session


def test_whoever_only_has_the_password_adds_no_factor_of_their_own(gm, equipped):
    """A session from before, without the factor, is asked for the digits, and sets up nothing beside them."""
    client = Client()
    client.force_login(gm.user)
    assert client.get("/").url.startswith(BEGIN)
    assert client.get(BEGIN).url.startswith(reverse("mfa_reauthenticate"))
    assert client.get(reverse("mfa_add_webauthn"), headers={"host": "localhost"}).url == BEGIN
    _client, secret = equipped
    client.post(reverse("mfa_reauthenticate"), {"code": digits(secret)})
    assert client.get("/").status_code == 200


def test_the_last_factor_of_a_signer_stays(equipped):
    client, _secret = equipped
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(type="totp").exists()


def test_the_last_factor_of_someone_else_may_go(settings, equipped):
    settings.SECOND_FACTOR = "off"
    client, _secret = equipped
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()


def test_the_secret_is_not_in_the_database_in_clear(equipped):
    _client, secret = equipped
    assert secret not in str(Authenticator.objects.values())


def test_a_secret_of_another_secret_key_lets_nobody_in(gm, settings, equipped):
    _client, secret = equipped
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "the next key of this installation"
    assert strong_factors(gm.user).get().wrap().validate_code(digits(secret))
    settings.SECRET_KEY_FALLBACKS = []
    totp = strong_factors(gm.user).get().wrap()
    assert not any(totp.validate_code(code) for code in (digits(secret, 1), digits(""), ""))


# -- reset


def test_a_reset_takes_everything_ends_the_sessions_and_is_on_record(gm, equipped):
    client, _secret = equipped
    by = make_employee("group_hr").user
    proposal = reset_second_factor(employee=gm, by=make_employee("group_hr").user, at=timezone.now())
    assert strong_factors(gm.user).exists(), "one person alone is no way around it"
    assert confirm_proposal(proposal=proposal, by=by, at=timezone.now()) == 2
    assert client.get("/").url.startswith(reverse("account_login"))
    assert signed_in(gm).get("/").url.startswith(BEGIN)
    event = Event.objects.get(verb="person.second_factor_reset")
    assert (event.actor, event.before) == (by, {"types": ["recovery_codes", "totp"]})


def test_a_code_from_before_the_reset_opens_nothing_after_it():
    person, at = make_employee("advisor", email="li@example.com"), timezone.now()
    code = make_enrolment_code(user=person.user, at=at)
    reset_second_factor(employee=person, by=make_employee("hr_officer").user, at=at)
    with pytest.raises(Refused):
        confirm_enrolment(user=person.user, code=code, at=at)


def test_a_session_that_the_reset_missed_has_no_factor_any_more(gm, equipped):
    client, _secret = equipped
    assert client.get("/").status_code == 200
    strong_factors(gm.user).delete()
    session = client.session
    session["watch"] = {**session["watch"], "at": time.time() - 61}
    session.save()
    assert client.get("/").url.startswith(BEGIN)


def test_a_reset_is_proposed_by_a_button_where_there_is_a_factor(gm, equipped, settings):
    settings.SECOND_FACTOR = "off"
    hr, client = make_employee("hr_officer"), Client()
    client.force_login(hr.user)
    address = reverse("person_second_factor_reset", args=[gm.pk])
    assert address in client.get(reverse("person", args=[gm.pk])).content.decode()
    assert client.post(address).url == reverse("proposal", args=[Proposal.objects.get().pk])
    assert strong_factors(gm.user).exists()
    assert address not in client.get(reverse("person", args=[make_employee("advisor").pk])).content.decode()


def test_someone_who_does_not_sign_is_helped_by_one_person(settings):
    settings.SECOND_FACTOR = "off"
    client, person = Client(), make_employee("advisor")
    client.force_login(make_employee("hr_officer").user)
    assert client.post(reverse("person_second_factor_reset", args=[person.pk])).url == reverse("person", args=[person.pk])
    assert Event.objects.filter(verb="person.second_factor_reset").count() == 1


def test_nobody_resets_their_own(gm):
    with pytest.raises(Refused):
        reset_second_factor(employee=gm, by=gm.user, at=timezone.now())


# -- left alone


def leave_alone(client, minutes):
    session = client.session
    session["watch"] = {**session["watch"], "at": session["watch"]["at"] - minutes * 60}
    session.save()


def test_a_signers_session_ends_when_left_alone_and_says_so(gm, equipped):
    client, _secret = equipped
    client.get("/")
    leave_alone(client, 62)
    gm.user.language = "en"
    gm.user.save()
    answer = client.get("/people/")
    assert answer.url == f"{reverse('account_login')}?next=/people/"
    assert "60 minutes" in client.get(answer.url).content.decode()


def test_a_signers_session_goes_on_while_it_is_used(equipped):
    client, _secret = equipped
    client.get("/")
    for _time in range(4):
        leave_alone(client, 50)
        assert client.get("/").status_code == 200


def test_an_advisors_session_does_not_end_by_itself():
    client = signed_in(make_employee())
    client.get("/")
    leave_alone(client, 600)
    assert client.get("/").status_code == 200


def test_the_time_alone_is_a_setting(settings, equipped):
    client, _secret = equipped
    client.get("/")
    settings.SIGNER_IDLE_MINUTES = 0
    leave_alone(client, 600)
    assert client.get("/").status_code == 200
    settings.SIGNER_IDLE_MINUTES = 5
    leave_alone(client, 7)
    assert client.get("/").status_code == 302


# -- passkeys


@pytest.mark.parametrize(
    ("host", "secure", "possible"),
    [
        ("pitlane.example.com", True, True),
        ("pitlane.example.com", False, False),
        ("localhost:8000", False, True),
        ("127.0.0.1:8000", False, False),
        ("127.0.0.1", True, False),
        ("[::1]:8000", True, False),
    ],
)
def test_passkeys_are_offered_where_browsers_make_them(rf, settings, host, secure, possible):
    settings.ALLOWED_HOSTS = ["*"]
    request = rf.get("/", headers={"host": host}, secure=secure)
    assert passkeys_possible(request) is possible


def test_where_there_can_be_no_passkey_its_page_is_not_found(equipped):
    client, _secret = equipped
    assert client.get(reverse("mfa_add_webauthn"), headers={"host": "127.0.0.1"}).status_code == 404
    assert client.get(reverse("mfa_add_webauthn"), headers={"host": "localhost"}).status_code == 200
