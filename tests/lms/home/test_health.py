"""What a load balancer is told, and that nobody is served past rules that are off."""

import socket
import time
from contextlib import contextmanager

import pytest
from celery import current_app
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from lms.common import trigger_store, triggers
from lms.common.cache import outage_of
from lms.home import health
from lms.home.management.commands.serve import refuse_where_rules_are_off
from tests.own_redis import Redis

pytestmark = pytest.mark.django_db
KEY = ("grading_leveldecision", "pitlane_grading_leveldecision_no_update")
Recorded = MigrationRecorder.Migration
OK = {"status": "ok", "stops": [], "degraded": []}


@pytest.fixture(autouse=True)
def fresh_look():
    health.glance.forget()
    yield
    health.glance.forget()


def drop(table, name):
    with connection.cursor() as cursor:
        trigger_store.of(connection).drop(cursor, table, name)


def create(trigger):
    with connection.cursor() as cursor:
        trigger_store.of(connection).create(cursor, trigger)


def answer(client, **headers):
    health.glance.forget()
    response = client.get("/healthz", **headers)
    return response.status_code, response.json()


def test_all_is_well(client):
    assert answer(client) == (200, OK)


def test_it_answers_over_plain_http_and_by_any_address(client, settings):
    settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = True, ["learn.example.com"]
    assert answer(client, HTTP_HOST="10.1.2.3:8000") == (200, OK)
    assert client.get("/account/", HTTP_HOST="10.1.2.3:8000").status_code == 400


def test_it_needs_no_session_and_is_not_kept_by_anybody(client):
    response = client.get("/healthz")
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


def test_a_migration_that_was_not_applied_stops_us(client):
    Recorded.objects.filter(app="people", name="0001_first_models").delete()
    assert answer(client) == (503, {"status": "down", "stops": ["migrations"], "degraded": []})


def test_a_squashed_migration_counts_where_those_that_it_replaces_were_applied(client):
    key = next(key for key, replaced in health.known().items() if replaced)
    Recorded.objects.filter(app=key[0], name=key[1]).delete()
    there = set(Recorded.objects.values_list("app", "name"))
    Recorded.objects.bulk_create(Recorded(app=app, name=name) for app, name in health.known()[key] - there)
    assert answer(client) == (200, OK)


@pytest.mark.parametrize("event", [None, "DELETE"])
def test_a_trigger_that_is_missing_or_changed_stops_us(client, event):
    drop(*KEY)
    if event:
        create(triggers.Trigger("grading_leveldecision_no_update", "grading_leveldecision", event, "1 = 0", "x"))
    assert answer(client) == (503, {"status": "down", "stops": ["triggers"], "degraded": []})


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL switches triggers off")
def test_a_trigger_switched_off_stops_us(client):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE grading_leveldecision DISABLE TRIGGER pitlane_grading_leveldecision_no_update")
    assert answer(client)[0] == 503


def test_a_trigger_left_over_is_told_and_stops_nobody(client):
    create(triggers.Trigger("award_of_old", "grading_leveldecision", "INSERT", "1 = 0", "x"))
    assert answer(client) == (200, {"status": "degraded", "stops": [], "degraded": ["triggers"]})


def test_an_older_server_goes_on_where_a_newer_release_has_migrated(client):
    drop(*KEY)
    Recorded.objects.create(app="grading", name="0999_of_the_next_release")
    assert answer(client) == (200, {"status": "degraded", "stops": [], "degraded": ["triggers"]})


def test_migrations_of_an_app_that_is_no_longer_ours_do_not_make_it_newer(client):
    drop(*KEY)
    Recorded.objects.create(app="long_gone", name="0001_initial")
    assert answer(client)[0] == 503


def test_it_is_looked_at_again_after_some_seconds_only(client, django_assert_num_queries):
    client.get("/healthz")
    with django_assert_num_queries(1):
        client.get("/healthz")
    health.glance.until = 0
    drop(*KEY)
    assert client.get("/healthz").status_code == 503


@contextmanager
def deaf_port():
    """Takes connections and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def on(settings, url):
    settings.REDIS_URL = url
    settings.CACHES = {"default": {"BACKEND": "lms.common.cache.CountingCache", "LOCATION": url}}


@pytest.fixture
def redis(tmp_path):
    redis = Redis(tmp_path)
    redis.start()
    yield redis
    redis.kill()


@pytest.mark.services
def test_a_redis_that_is_gone_is_told_and_stops_nobody(client, settings, redis):
    on(settings, redis.url)
    assert answer(client) == (200, OK)
    redis.kill()
    assert answer(client) == (200, {"status": "degraded", "stops": [], "degraded": ["cache"]})
    redis.start()
    outage_of(redis.url).until = 0
    assert answer(client) == (200, OK)


def test_a_redis_that_hangs_is_not_waited_for(client, settings):
    with deaf_port() as port:
        on(settings, f"redis://127.0.0.1:{port}/0")
        began = time.monotonic()
        assert answer(client)[1]["degraded"] == ["cache"]
        assert time.monotonic() - began < 5
        assert not caches["default"].answers()


@pytest.fixture
def broker(settings):
    """`broker(url)`: Celery's as with LMS_BROKER_URL."""
    before = current_app.conf.broker_url

    def use(url):
        settings.BROKER_URL = current_app.conf.broker_url = url

    yield use
    current_app.conf.broker_url = before


@pytest.mark.parametrize("scheme", ["amqp", "redis"])
def test_a_broker_that_is_gone_or_hangs_is_told_and_stops_nobody(client, broker, scheme):
    with deaf_port() as port:
        for place in (port, closed_port()):
            broker(f"{scheme}://127.0.0.1:{place}/0")
            began = time.monotonic()
            assert answer(client) == (200, {"status": "degraded", "stops": [], "degraded": ["broker"]})
            assert time.monotonic() - began < 5


@pytest.mark.services
def test_a_broker_that_answers_is_well(client, broker, redis):
    for url in (redis.url, "amqp://guest:guest@127.0.0.1:5672//"):
        broker(url)
        assert answer(client) == (200, OK)


def test_serve_refuses_a_database_without_its_migrations():
    Recorded.objects.filter(app="people", name="0001_first_models").delete()
    with pytest.raises(CommandError, match=r"lacks migrations of this release: run manage\.py migrate"):
        call_command("serve")


@pytest.mark.parametrize("part", ["web", "worker", "beat"])
def test_no_part_is_served_while_triggers_are_missing(part):
    drop(*KEY)
    with pytest.raises(CommandError, match=r"run manage\.py migrate, which puts them back"):
        call_command("serve", only=part)


def test_migrate_puts_the_triggers_back_and_serve_has_nothing_to_say():
    drop(*KEY)
    triggers.create_all()
    assert refuse_where_rules_are_off() is None
