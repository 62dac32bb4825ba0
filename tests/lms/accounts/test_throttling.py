"""Guesses at a password are slowed down, and slow down nobody else: not the person at their own device, not a whole dealer at one address."""

import pytest
from django.test import Client
from django.urls import reverse

from lms.accounts.devices import COOKIE, device_known_to
from tests.factories import PASSWORD, make_employee

pytestmark = pytest.mark.django_db

LOGIN = reverse("account_login")
GUESSES = 5  # that a name stands in five minutes


def sign_in(client, name, password=PASSWORD, address="10.0.0.1"):
    return client.post(LOGIN, {"login": name, "password": password}, REMOTE_ADDR=address)


def sign_out(client):
    """By the form: the cookies of the browser stay."""
    client.post(reverse("account_logout"))


def is_in(client):
    return "_auth_user_id" in client.session


def guess_from_everywhere(name, times=6):
    for number in range(times):
        sign_in(Client(), name, "wrong", address=f"10.9.9.{number}")


@pytest.fixture
def person():
    return make_employee(number="YT0042", email="li@example.com")


@pytest.fixture
def own_device(person):
    """A browser from which the person has signed in before."""
    client = Client()
    sign_in(client, person.number)
    sign_out(client)
    return client


def test_six_wrong_passwords_from_six_addresses_do_not_lock_the_person_out_of_their_own_device(person, own_device):
    guess_from_everywhere(person.number)
    sign_in(own_device, person.number)
    assert is_in(own_device)


@pytest.mark.parametrize("name", ["yt0042", "li@example.com", " LI@example.com "])
def test_the_device_knows_the_person_by_number_and_address_in_any_spelling(person, own_device, name):
    guess_from_everywhere(name)
    sign_in(own_device, name)
    assert is_in(own_device)


def test_a_device_that_the_person_never_used_must_wait(person):
    guess_from_everywhere(person.number)
    stranger = Client()
    sign_in(stranger, person.number)
    assert not is_in(stranger)


def test_a_known_device_has_few_guesses_too(person, own_device):
    for _number in range(GUESSES):
        sign_in(own_device, person.number, "wrong")
    sign_in(own_device, person.number)
    assert not is_in(own_device)


def test_a_device_known_to_one_person_is_not_known_to_another(person, own_device):
    other = make_employee(number="YT0043")
    guess_from_everywhere(other.number)
    sign_in(own_device, other.number)
    assert not is_in(own_device)


def test_a_cookie_made_up_or_changed_makes_no_device_known(rf, person, own_device):
    held = own_device.cookies[COOKIE].value
    for value in ("", "x", held[:-1] + ("A" if held[-1] != "A" else "B"), held.replace(":", "", 1)):
        request = rf.get("/", headers={"cookie": f"{COOKIE}={value}"})
        assert device_known_to(request, person.number) == ""


def test_the_cookie_names_nobody_and_no_script_reads_it(person, own_device):
    cookie = own_device.cookies[COOKIE]
    assert person.number not in cookie.value
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_wrong_password_makes_no_device_known(person):
    client = Client()
    sign_in(client, person.number, "wrong")
    assert COOKIE not in client.cookies


def test_a_shared_tablet_remembers_the_latest_people():
    tablet, people = Client(), [make_employee() for _number in range(14)]
    for one in people:
        sign_in(tablet, one.number)
        sign_out(tablet)
    for one, known in ((people[0], False), (people[-1], True)):
        guess_from_everywhere(one.number)
        sign_in(tablet, one.number)
        assert is_in(tablet) is known
        sign_out(tablet)


def test_two_hundred_people_behind_one_address_sign_in_within_minutes_and_some_mistype():
    people = [make_employee() for _number in range(200)]
    outside = []
    for number, one in enumerate(people):
        client = Client()
        if number % 4 == 0:
            sign_in(client, one.number, "mistyped")
        sign_in(client, one.number)
        outside += [] if is_in(client) else [one.number]
    assert not outside


def test_guesses_at_many_people_from_one_address_end_too():
    answers = [sign_in(Client(), f"NOBODY{number}", "Password-2026") for number in range(130)]
    told_to_wait = [answer for answer in answers if answer.context["form"].has_error("__all__", "too_many_login_attempts")]
    assert len(told_to_wait) == 30
