"""Where one is signed in: seen by oneself, ended by oneself."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import translation

from lms.accounts.devices import device_in_words
from tests.factories import PASSWORD, make_employee

pytestmark = pytest.mark.django_db

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
COMPUTER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"


@pytest.fixture(params=["db", "cached_db"], autouse=True)
def engine(request, settings):
    """Sessions are in the database, or there behind a cache."""
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{request.param}"


def device(person, agent):
    client = Client(headers={"user-agent": agent, "accept-language": "en"})
    client.post(reverse("account_login"), {"login": person.number, "password": PASSWORD})
    return client


def is_in(client):
    return client.get(reverse("notices")).status_code == 200


@pytest.fixture
def person():
    return make_employee()


def test_the_list_names_each_device_and_this_one(person):
    here, _there = device(person, COMPUTER), device(person, PHONE)
    rows = here.get(reverse("my_sessions")).context["rows"]
    assert [(row["device"], row["is_here"]) for row in rows] == [("Chrome on Windows", True), ("Safari on iPhone", False)]


def test_a_session_elsewhere_is_ended_at_once(person):
    here, there = device(person, COMPUTER), device(person, PHONE)
    other = next(row["session"] for row in here.get(reverse("my_sessions")).context["rows"] if not row["is_here"])
    here.post(reverse("session_end", args=[other.pk]))
    assert is_in(here)
    assert not is_in(there)


def test_everywhere_else_is_ended_at_once(person):
    here, others = device(person, COMPUTER), [device(person, PHONE) for _number in range(3)]
    here.post(reverse("sessions_end_others"))
    assert is_in(here)
    assert not any(is_in(other) for other in others)
    assert len(here.get(reverse("my_sessions")).context["rows"]) == 1


def test_nobody_ends_the_session_of_someone_else(person):
    stranger, there = device(make_employee(), COMPUTER), device(person, PHONE)
    theirs = UserSession.objects.get(user=person.user)
    assert stranger.post(reverse("session_end", args=[theirs.pk])).status_code == 404
    assert is_in(there)


def test_a_new_password_ends_the_sessions_elsewhere(person):
    here, there = device(person, COMPUTER), device(person, PHONE)
    words = {"oldpassword": PASSWORD, "password1": "Brand-new-words-7", "password2": "Brand-new-words-7"}
    here.post(reverse("account_change_password"), words)
    assert is_in(here)
    assert not is_in(there)


def test_a_session_is_ended_by_a_button_not_by_a_link(person):
    here = device(person, COMPUTER)
    assert here.get(reverse("sessions_end_others")).status_code == 405


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (PHONE, "Safari on iPhone"),
        (COMPUTER, "Chrome on Windows"),
        (COMPUTER.replace("Safari/537.36", "Safari/537.36 Edg/142.0"), "Edge on Windows"),
        (
            "Mozilla/5.0 (Linux; Android 14; HLK-AL00) AppleWebKit/537.36 Chrome/126 Mobile Safari/537.36 MicroMessenger/8.0.50",
            "WeChat on Android",
        ),
        (
            "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 Chrome/114 Safari/537.36 ArkWeb/4.1 HuaweiBrowser/5.0",
            "Huawei on HarmonyOS",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("curl/8.5", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_a_device_is_named_in_words(agent, words):
    with translation.override("en"):
        assert device_in_words(agent) == words
