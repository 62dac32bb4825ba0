"""Redis, and how to do without it: a session is read from the database, and what is counted (wrong passwords) counts there.

Nothing here raises when Redis is gone, and nothing waits for it longer than `OPTIONS` says.
"""

from functools import partialmethod

from django.core.cache import cache
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache
from django.db import connection
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, RedisError
from redis.retry import Retry

from lms.common.outages import Outage

TABLE = "pitlane_cache"
SESSION_MEMORY_SECONDS = 300
# A connection that a restarted Redis has closed is tried once anew; nobody waits.
OPTIONS = {"socket_connect_timeout": 0.3, "socket_timeout": 0.5, "retry": Retry(NoBackoff(), 1, (ConnectionError,))}
_outages: dict[str, Outage] = {}


def outage_of(location):
    """One for each Redis, whatever it holds."""
    return _outages.setdefault(str(location), Outage("Redis", "sessions and counts come from the database meanwhile"))


class TableCache(DatabaseCache):
    """In the database, with room for so many counts that a flood of guesses pushes none out."""

    def __init__(self, table, params):
        super().__init__(table, {**params, "OPTIONS": {"MAX_ENTRIES": 100_000}})


class _Careful(RedisCache):
    """Redis while it answers; else what `_without` makes of it."""

    def __init__(self, server, params):
        super().__init__(server, {**params, "OPTIONS": OPTIONS})
        self.outage = outage_of(server)

    def _careful(self, name, *args, **kwargs):
        if not self.outage.is_on:
            try:
                self._before()
                return getattr(super(), name)(*args, **kwargs)
            except (RedisError, OSError) as error:
                self.outage.note(error)
        return self._without(name, *args, **kwargs)

    def answers(self):
        """Whether Redis does, asked just now; while it is left alone, no."""
        try:
            return not self.outage.is_on and self._cache.get_client(write=True).ping()
        except (RedisError, OSError) as error:
            self.outage.note(error)
            return False

    def _before(self):
        """What must be done before Redis is asked again."""


for _name in ("add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many", "clear"):
    setattr(_Careful, _name, partialmethod(_Careful._careful, _name))


class CountingCache(_Careful):
    """For what must be counted whether Redis answers or not: the database takes its place."""

    def __init__(self, server, params):
        super().__init__(server, params)
        self.database = TableCache(TABLE, params)

    def _without(self, name, *args, **kwargs):
        return getattr(self.database, name)(*args, **kwargs)


class SessionCache(_Careful):
    """In front of the sessions in the database: without Redis nothing is found here, and they are read there.

    A session that ended while Redis was away must not come back with it: what could not be forgotten then is forgotten, with all
    the rest, before Redis is asked again; another process may remember it for five minutes at most.
    """

    EMPTY = {"get_many": dict, "set_many": list, "add": bool, "touch": bool, "delete": bool, "has_key": bool, "clear": bool}
    KEEPS = {"add", "set", "set_many", "delete", "delete_many", "touch", "clear"}

    def get_backend_timeout(self, timeout=DEFAULT_TIMEOUT):
        seconds = super().get_backend_timeout(timeout)
        return SESSION_MEMORY_SECONDS if seconds is None else min(seconds, SESSION_MEMORY_SECONDS)

    def _before(self):
        if self.outage.is_behind:
            client = self._cache.get_client(write=True)
            for key in client.scan_iter(match=self.make_key("*"), count=1000):
                client.unlink(key)
            self.outage.is_behind = False

    def _without(self, name, *args, **kwargs):
        self.outage.is_behind |= name in self.KEEPS
        if name == "get":
            return kwargs.get("default", args[1] if len(args) > 1 else None)
        if name == "incr":
            raise ValueError("There is nothing to count up.")
        return self.EMPTY.get(name, lambda: None)()


def count(key, seconds):
    """How often `key` was counted within `seconds` of its first time, this time included."""
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:  # it lapsed, or Redis went away, between the two
        cache.set(key, 1, seconds)
        return 1


def forget_expired(*, at):
    """Delete sessions and counts whose time is over. Returns how many."""
    from django.contrib.sessions.models import Session  # a cache is made before the apps are ready

    sessions, _models = Session.objects.filter(expire_date__lt=at).delete()
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE expires < %s", [connection.ops.adapt_datetimefield_value(at)])  # noqa: S608
        return sessions + cursor.rowcount
