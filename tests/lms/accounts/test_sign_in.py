import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lms.people.actions import issue_first_password, record_departure
from lms.people.backends import EmployeeBackend
from tests.factories import PASSWORD, make_employee

pytestmark = pytest.mark.django_db

TODAY, LOGIN = "/", reverse("account_login")


def sign_in(client, name, password=PASSWORD):
    return client.post(LOGIN, {"login": name, "password": password})


def is_in(client):
    return "_auth_user_id" in client.session and client.get(reverse("notices")).status_code == 200


@pytest.mark.parametrize("name", ["YT0042", "yt0042", " YT0042 ", "li@example.com", "LI@Example.COM"])
def test_people_sign_in_by_number_or_address_in_any_spelling(client, name):
    make_employee(number="YT0042", email="li@example.com")
    assert sign_in(client, name).status_code == 302
    assert is_in(client)


@pytest.mark.parametrize(("name", "password"), [("YT0042", "wrong"), ("nobody", PASSWORD), ("", ""), ("YT0042", "")])
def test_a_wrong_name_or_password_does_not_sign_in_and_does_not_say_which(client, name, password):
    make_employee(number="YT0042")
    answer = sign_in(client, name, password)
    assert answer.status_code == 200
    assert not is_in(client)


@pytest.mark.parametrize(("wrong", "waits"), [(4, False), (5, True)])
def test_after_five_wrong_guesses_even_the_right_password_must_wait(client, wrong, waits):
    make_employee(number="YT0042")
    for _guess in range(wrong):
        sign_in(client, "YT0042", "wrong")
    answer = sign_in(client, "YT0042")
    told = answer.status_code == 200 and answer.context["form"].has_error("__all__", "too_many_login_attempts")
    assert (told, is_in(client)) == (waits, not waits)


def test_guesses_at_one_person_do_not_lock_another_out(client):
    make_employee(number="YT0042")
    make_employee(number="YT0043")
    for _guess in range(6):
        sign_in(client, "YT0042", "wrong")
    sign_in(client, "YT0043")
    assert is_in(client)


def test_an_unknown_name_costs_a_password_check_too(monkeypatch):
    from django.contrib.auth import hashers

    made = []
    original = hashers.make_password
    monkeypatch.setattr("django.contrib.auth.base_user.make_password", lambda *a, **k: made.append(1) or original(*a, **k))
    assert EmployeeBackend().authenticate(None, username="nobody", password="guess") is None
    assert made


def test_a_session_ends_when_the_person_leaves(client):
    person, hr = make_employee(number="YT0042"), make_employee("hr_officer")
    sign_in(client, "YT0042")
    assert is_in(client)
    record_departure(employee=person, left_on=timezone.localdate(), by=hr.user, at=timezone.now())
    assert client.get(reverse("notices")).status_code == 302
    sign_in(client, "YT0042")
    assert client.get(reverse("notices")).status_code == 302


def test_a_password_is_reset_by_a_link_that_works_once(client, mailoutbox):
    person = make_employee(number="YT0042", email="li@example.com")
    person.user.set_unusable_password()
    person.user.save()
    client.post(reverse("account_reset_password"), {"email": "Li@example.com"})
    (mail,) = mailoutbox
    assert mail.to == ["li@example.com"]
    link = re.search(r"https?://[^/\s]+(/\S+)", mail.body)[1]
    form = client.get(link, follow=True)
    page = form.redirect_chain[-1][0]
    answer = client.post(page, {"password1": "Brand-new-words-7", "password2": "Brand-new-words-7"})
    assert answer.status_code == 302
    sign_in(client, "YT0042", "Brand-new-words-7")
    assert is_in(client)
    client.logout()
    assert b"password1" not in client.get(link, follow=True).content


def test_mails_to_reset_a_password_are_not_sent_without_end(client, mailoutbox):
    make_employee(email="li@example.com")
    for _number in range(7):
        client.post(reverse("account_reset_password"), {"email": "li@example.com"})
    assert len(mailoutbox) == 5


def test_the_old_password_is_not_guessed_without_end_by_changing_it(client):
    person = make_employee(number="YT0042")
    sign_in(client, "YT0042")
    new = {"password1": "Brand-new-words-7", "password2": "Brand-new-words-7"}
    for _guess in range(10):
        client.post(reverse("account_change_password"), {"oldpassword": "wrong", **new})
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, **new})
    person.user.refresh_from_db()
    assert person.user.check_password(PASSWORD)


def test_nobody_learns_whether_an_address_is_known(client, mailoutbox):
    make_employee(email="li@example.com")
    known = client.post(reverse("account_reset_password"), {"email": "li@example.com"})
    unknown = client.post(reverse("account_reset_password"), {"email": "no@example.com"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(mailoutbox) == 1


def test_nobody_signs_up(client):
    assert client.get("/accounts/signup/").status_code == 404


def test_a_password_that_was_handed_over_must_be_changed_before_anything_else(client):
    person = make_employee(number="YT0042")
    password = issue_first_password(employee=person, by=make_employee("hr_officer").user, at=timezone.now())
    sign_in(client, "YT0042", password)
    change = reverse("account_change_password")
    assert client.get(reverse("notices")).url == change
    assert client.get(change).status_code == 200
    client.post(change, {"oldpassword": password, "password1": "Brand-new-words-7", "password2": "Brand-new-words-7"})
    assert client.get(reverse("notices")).status_code == 200
    person.user.refresh_from_db()
    assert person.user.temporary_until is None


@pytest.mark.parametrize(("left", "works"), [(1, True), (0, False), (-1, False)])
def test_a_password_that_was_handed_over_works_for_its_week_to_the_second(client, still_clock, left, works):
    person, week = make_employee(number="YT0042"), timedelta(days=7)
    password = issue_first_password(employee=person, by=None, at=timezone.now() - week + timedelta(seconds=left))
    sign_in(client, "YT0042", password)
    assert ("_auth_user_id" in client.session) is works


def test_a_page_behind_the_sign_in_sends_there_and_back(client):
    make_employee(number="YT0042")
    answer = client.get(reverse("notices"))
    assert answer.url == f"{LOGIN}?next={reverse('notices')}"
    assert client.post(answer.url, {"login": "YT0042", "password": PASSWORD}).url == reverse("notices")
