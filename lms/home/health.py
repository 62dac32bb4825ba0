"""Whether this installation may serve people: what stops it, and what it can do without for a while."""

import time
from functools import cache

from celery import current_app
from django.conf import settings
from django.core.cache import caches
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from lms.common import triggers

# A load balancer asks every few seconds; what hardly changes is looked at again after this long.
SECONDS_BETWEEN_LOOKS = 10
# For a broker that is Redis; others know `connect_timeout` alone.
IMPATIENT = {"socket_connect_timeout": 1, "socket_timeout": 1}
# A weaker or missing trigger lets through what it should refuse; one left over only refuses too much.
FATAL = {"missing", "changed", "disabled"}


def state():
    """(what stops us, what is degraded), each a list of: database, migrations, triggers, cache, broker."""
    try:
        stops, degraded = database_state()
    except Error:
        return ["database"], []
    return stops, [*degraded, *services_state()]


def database_state():
    """Unapplied migrations and triggers that are off; `Error` where the database does not answer."""
    applied = set(MigrationRecorder(connection).applied_migrations())
    stops = ["migrations"] if waiting(applied) else []
    states = set(triggers.differences().values())
    if states & FATAL and not is_newer(applied):
        return [*stops, "triggers"], []
    return stops, ["triggers"] if states else []


def database_answers():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


@cache
def known():
    """The migrations that this release brings, {(app, name): those that it replaces}."""
    loader = MigrationLoader(None)
    return {key: set(map(tuple, loader.disk_migrations[key].replaces)) for key in loader.graph.nodes}


def waiting(applied):
    """Migrations of this release that the database has not had."""
    return {key for key, replaced in known().items() if key not in applied and not (replaced and replaced <= applied)}


def is_newer(applied):
    """Whether a newer release has migrated already: while servers restart one by one, its triggers are not ours to judge."""
    names = set(known()).union(*known().values())
    ours = {app for app, _name in known()}
    return any(app in ours for app, _name in applied - names)


def services_state():
    return [name for name, answers in (("cache", cache_answers), ("broker", broker_answers)) if not answers()]


def cache_answers():
    if not settings.REDIS_URL:
        return True
    return caches["default"].answers()


def broker_answers():
    if not settings.BROKER_URL:
        return True
    try:
        with current_app.connection_for_write(connect_timeout=1, transport_options=IMPATIENT) as link:
            link.transport.close_connection(link.transport.establish_connection())  # one try, where `connect` makes several
    except Exception:  # whatever the transport raises
        return False
    return True


class Glance:
    """`state`, remembered for some seconds: asking is cheap however often it is done. Only the database is asked each time."""

    def __init__(self):
        self.seen, self.until = None, 0.0

    def __call__(self):
        if self.seen is None or time.monotonic() >= self.until:
            self.seen, self.until = state(), time.monotonic() + SECONDS_BETWEEN_LOOKS
        elif not database_answers():
            return ["database"], []
        return self.seen

    def forget(self):
        self.seen = None


glance = Glance()
