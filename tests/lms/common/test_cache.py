"""Redis dies, hangs and comes back empty: people stay signed in, exams go on, guesses are counted, and pages stay quick."""

import json
import logging
import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache, caches
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from lms.common.cache import SESSION_MEMORY_SECONDS, TABLE, TableCache, count, forget_expired, outage_of
from tests.factories import PASSWORD, make_employee
from tests.factories.assessments import items_of, make_attempt, make_papers, responses, responses_given
from tests.own_redis import Redis

pytestmark = pytest.mark.django_db
LOGIN = reverse("account_login")


@pytest.fixture
def redis(tmp_path, settings):
    """The product as with LMS_REDIS_URL, on a Redis of the test's own."""
    redis = Redis(tmp_path)
    redis.start()
    settings.CACHES = {
        "default": {"BACKEND": "lms.common.cache.CountingCache", "LOCATION": redis.url},
        "sessions": {"BACKEND": "lms.common.cache.SessionCache", "LOCATION": redis.url, "KEY_PREFIX": "session"},
    }
    settings.SESSION_ENGINE, settings.SESSION_CACHE_ALIAS = "django.contrib.sessions.backends.cached_db", "sessions"
    yield redis
    redis.kill()


def pause_is_over(redis):
    outage_of(redis.url).until = 0


def sign_in(client, name="YT0042", password=PASSWORD):
    return client.post(LOGIN, {"login": name, "password": password})


def is_in(client):
    return client.get(reverse("notices")).status_code == 200


TROUBLE = {"killed": lambda redis: redis.kill(), "hanging": lambda redis: redis.pause()}
in_trouble = pytest.mark.parametrize("trouble", TROUBLE)


@pytest.mark.services
@in_trouble
def test_an_exam_goes_on_without_redis_and_with_an_empty_one(client, redis, trouble):
    now = timezone.now()
    paper = make_papers(opens_at=now - timedelta(minutes=5), closes_at=now + timedelta(hours=2))[0]
    attempt, right = make_attempt(paper, at=now), responses(paper)
    paper.candidate.user.set_password(PASSWORD)
    paper.candidate.user.save()
    sign_in(client, paper.candidate.number)

    def save(item, sequence):
        body = {"item": item.pk, "sequence": sequence, "response": right[item.pk]}
        return client.post(f"/exams/attempts/{attempt.pk}/save/", json.dumps(body), "application/json").json()["sequence"]

    first, second, third, *_rest = items_of(paper)
    assert save(first, 1) == 1
    TROUBLE[trouble](redis)
    assert save(second, 2) == 2
    assert is_in(client)
    redis.kill()
    redis.start()
    pause_is_over(redis)
    assert save(third, 3) == 3
    assert is_in(client)
    assert responses_given(attempt) == {item.pk: right[item.pk] for item in (first, second, third)}


@pytest.mark.services
@in_trouble
def test_people_sign_in_and_out_without_redis(client, redis, trouble):
    make_employee(number="YT0042")
    TROUBLE[trouble](redis)
    assert sign_in(client).status_code == 302
    assert is_in(client)
    client.post(reverse("account_logout"))
    assert not is_in(client)


@pytest.mark.services
@in_trouble
def test_the_sixth_wrong_guess_is_refused_without_redis(client, redis, trouble):
    make_employee(number="YT0042")
    TROUBLE[trouble](redis)
    for _guess in range(5):
        sign_in(client, password="wrong")
    sign_in(client)
    assert not is_in(client)


@pytest.mark.services
def test_a_page_does_not_wait_for_a_redis_that_hangs(client, redis):
    make_employee(number="YT0042")
    sign_in(client)
    redis.pause()
    began = time.monotonic()
    assert is_in(client)
    assert time.monotonic() - began < 3  # a second of waiting at most, and what the page takes on a busy machine
    assert outage_of(redis.url).is_on


@pytest.mark.services
def test_who_signs_out_while_redis_is_away_does_not_come_back_with_it(client, redis):
    make_employee(number="YT0042")
    sign_in(client)
    assert is_in(client)
    key = client.session.session_key
    redis.pause()
    client.post(reverse("account_logout"))
    redis.go_on()
    pause_is_over(redis)
    client.cookies["pitlane_session"] = key
    assert not is_in(client)


@pytest.mark.services
def test_what_is_counted_for_others_stays_when_sessions_are_forgotten(redis):
    cache.set("guesses", 4, 60)
    caches["sessions"].set("x", 1)
    outage_of(redis.url).is_behind = True
    assert caches["sessions"].get("x") is None
    assert cache.get("guesses") == 4


@pytest.mark.services
def test_an_outage_is_logged_once_a_minute_without_the_address(redis, caplog, client):
    make_employee(number="YT0042")
    redis.kill()
    with caplog.at_level(logging.WARNING):
        sign_in(client)
        pause_is_over(redis)
        is_in(client)
    (line,) = [record.getMessage() for record in caplog.records if record.name == "lms.common.outages"]
    assert line == "Redis does not answer (ConnectionError); sessions and counts come from the database meanwhile."


@pytest.mark.services
def test_redis_is_used_again_soon_after_it_is_back(redis):
    redis.kill()
    cache.set("a", 1, 60)
    redis.start()
    assert outage_of(redis.url).is_on
    pause_is_over(redis)
    cache.set("b", 2, 60)
    assert (cache.get("b"), TableCache(TABLE, {}).get("b")) == (2, None)


@pytest.mark.services
def test_a_session_is_remembered_for_minutes_only(redis):
    sessions = caches["sessions"]
    for timeout in (None, 14 * 24 * 3600):
        sessions.set("long", 1, timeout)
        assert 0 < sessions._cache.get_client().ttl(sessions.make_key("long")) <= SESSION_MEMORY_SECONDS
    sessions.set("short", 1, 20)
    assert sessions._cache.get_client().ttl(sessions.make_key("short")) <= 20


WITHOUT = [
    ("get", ("k",), None), ("get", ("k", "other"), "other"), ("get_many", (["k"],), {}), ("has_key", ("k",), False),
    ("add", ("k", 1), False), ("set", ("k", 1), None), ("touch", ("k",), False), ("delete", ("k",), False),
    ("set_many", ({"k": 1},), []), ("delete_many", (["k"],), None), ("clear", (), False),
]  # fmt: skip


@pytest.mark.services
@pytest.mark.parametrize(("name", "arguments", "answer"), WITHOUT)
def test_without_redis_sessions_are_simply_not_remembered(redis, name, arguments, answer):
    redis.kill()
    assert getattr(caches["sessions"], name)(*arguments) == answer


@pytest.mark.services
def test_without_redis_everything_a_cache_does_is_done_by_the_database(redis):
    redis.kill()
    assert cache.add("k", 1, 60)
    assert not cache.add("k", 2, 60)
    assert (cache.incr("k"), "k" in cache, cache.get_many(["k", "l"])) == (2, True, {"k": 2})
    cache.set_many({"l": 3})
    cache.delete_many(["l"])
    assert (cache.get("l", "none"), cache.touch("k", 60), cache.delete("k")) == ("none", True, True)
    cache.set("m", 1)
    cache.clear()
    assert cache.get("m") is None


@pytest.mark.parametrize("times", [1, 3])
def test_counting_goes_on_when_the_count_vanishes_between_two_words(times):
    for _time in range(times):
        seen = count("looks", 60)
    assert seen == times


def test_a_count_that_is_gone_begins_anew(settings, monkeypatch):
    monkeypatch.setattr(type(caches["default"]), "add", lambda *arguments, **more: True)  # it lapsed at once
    assert count("looks", 60) == 1
    assert count("looks", 60) == 2


def test_a_flood_of_guesses_pushes_no_count_out():
    table = TableCache(TABLE, {})
    table.set("real-person", 5, 60)
    for number in range(400):
        table.set(f"guess-{number}", 1, 60)
    assert table.get("real-person") == 5


def test_what_has_expired_is_forgotten_and_nothing_else():
    now, table = timezone.now(), TableCache(TABLE, {})
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(seconds=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + timedelta(seconds=60))
    table.set("new", 1, 600)
    table.set("old", 1, 600)
    with connection.cursor() as cursor:
        past = connection.ops.adapt_datetimefield_value(now - timedelta(seconds=1))
        cursor.execute(f"UPDATE {TABLE} SET expires = %s WHERE cache_key LIKE '%%old'", [past])
    assert forget_expired(at=now) == 2
    assert [session.session_key for session in Session.objects.all()] == ["new"]
    assert table.get("new") == 1
