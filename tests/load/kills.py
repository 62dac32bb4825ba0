"""Random kills under work: web, worker, beat, database connections and Redis die at random; nothing acknowledged is lost, nothing doubled.

    .venv/bin/python tests/load/kills.py [--kills 200] [--seed 1] [--database postgresql://postgres@127.0.0.1/pitlane_kills]

Serves a database of its own with `manage.py serve` as production does, signed in as the application's role with its grants, with a Redis of
its own that is cache, session memory and broker at once. Meanwhile candidates save answers, cycles are published, people imported, payroll
exported. Loopback only; ends by itself: kills are counted, and what is under way then has `--settle` seconds. Exit code 1 on any loss.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
PORT, ROLE = 8291, "pitlane_kills_app"
# Of a hundred kills so many are of each kind. A supervisor starts web, worker and beat again after a growing pause, so they are rarer.
SHARES = {"database connection": 36, "web worker": 26, "worker process": 22, "Redis": 9, "beat": 3, "worker": 2, "web": 2}


def make_database(url):
    import psycopg

    server, _slash, name = url.rpartition("/")
    if "kills" not in name or urlsplit(url).hostname not in {"127.0.0.1", "localhost"}:
        raise SystemExit("The database is dropped and made anew: it must be on this machine, and its name must hold the word “kills”.")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
        connection.execute(f"DO $$ BEGIN CREATE ROLE {ROLE} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")


def environment(url, redis, folder):
    return {
        "DJANGO_SETTINGS_MODULE": "lms.settings",
        "LMS_DATABASE_URL": url,
        "LMS_REDIS_URL": redis.url,
        "LMS_BROKER_URL": f"{redis.url.removesuffix('/0')}/1",
        "LMS_DATA_DIR": str(folder),
        "LMS_DEBUG": "false",
        "LMS_HTTPS": "false",
        "LMS_SECRET_KEY": "only-for-kills-" + "x" * 40,
        "LMS_ALLOWED_HOSTS": "127.0.0.1,testserver",
        "LMS_LOG_LEVEL": "ERROR",
        "LMS_WEB_WORKERS": "2",
        "LMS_WORKER_PROCESSES": "2",
    }


def prepare():
    """Tables, grants, static files."""
    from django.core.management import call_command
    from django.db import connection

    from lms.common.management.commands.database_grants import statements

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute("\n".join(statements(ROLE)))


class Servers:
    """`manage.py serve` and what it started; every process is found by descent from it."""

    def __init__(self, url, log):
        parts = urlsplit(url)
        served = f"postgresql://{ROLE}@{parts.hostname}:{parts.port or 5432}{parts.path}"
        command = [sys.executable, "manage.py", "serve", "--bind", f"127.0.0.1:{PORT}"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"LMS_DATABASE_URL": served}, stdout=log, stderr=log)

    def victims(self):
        """{kind: processes}, those alive now."""
        found = {"web": [], "worker": [], "beat": [], "web worker": [], "worker process": []}
        for pid in children_of(self.process.pid):
            words = command_of(pid)
            kind = "web" if "gunicorn" in words else "beat" if " beat " in words else "worker" if " worker " in words else None
            if kind:
                found[kind].append(pid)
        found["web worker"] = [child for pid in found["web"] for child in children_of(pid)]
        found["worker process"] = [child for pid in found["worker"] for child in children_of(pid)]
        return found

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            for pid in descendants_of(self.process.pid):
                os.kill(pid, 9)


def children_of(pid):
    try:
        return [int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()]
    except OSError:
        return []


def descendants_of(pid):
    return [pid, *(below for child in children_of(pid) for below in descendants_of(child))]


def command_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


class Killer:
    def __init__(self, servers, redis, seed):
        self.servers, self.redis, self.random, self.done = servers, redis, random.Random(seed), Counter()

    def kill_one(self):
        kind = self.random.choices(list(SHARES), SHARES.values())[0]
        if kind == "Redis":
            self.redis.kill()
            time.sleep(self.random.uniform(0, 3))
            self.redis.start()
            done = True
        elif kind == "database connection":
            done = self.end_connection()
        else:
            done = self.kill_process(kind)
        self.done[kind] += done

    def kill_process(self, kind):
        victims = self.servers.victims()[kind]
        if not victims:
            return False
        try:
            os.kill(self.random.choice(victims), 9)
        except ProcessLookupError:
            return False
        return True

    def end_connection(self):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT pid FROM pg_stat_activity WHERE usename = %s ORDER BY (state = 'active') DESC, random()", [ROLE])
            pids = [pid for (pid,) in cursor.fetchall()]
            if pids:
                # Every other time one that is at work.
                cursor.execute("SELECT pg_terminate_backend(%s)", [pids[0] if self.random.random() < 0.5 else self.random.choice(pids)])
        return bool(pids)


def wait_for_servers(seconds=120):
    import urllib.request

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=5).close()
        except OSError:
            time.sleep(0.3)
    raise SystemExit("The servers did not start.")


def run(options, url, redis, folder):
    import django

    assert "pytest" not in sys.modules, "pytest's settings would do the work in this process"
    django.setup()
    from tests.load import kills_work as work

    prepare()
    world = work.World()
    with (folder / "log").open("wb") as log:
        servers = Servers(url, log)
        try:
            wait_for_servers()
            candidates = [work.Candidate(PORT, *one) for one in world.sat_down]
            threads = [threading.Thread(target=one.work, daemon=True) for one in candidates]
            for thread in threads:
                thread.start()
            kills = kill(options, Killer(servers, redis, options.seed), world)
            for one in candidates:
                one.stop.set()
            settle(options, world, threads)
        finally:
            servers.stop()
            if options.log:
                Path(options.log).write_bytes((folder / "log").read_bytes())
    return report(kills, candidates, world)


def kill(options, killer, world):
    end = time.monotonic() + options.minutes * 60
    while sum(killer.done.values()) < options.kills and time.monotonic() < end:
        world.ask()
        killer.kill_one()
        time.sleep(killer.random.uniform(0.3, 1.5))
    return killer.done


def settle(options, world, threads):
    """The dust settles: what was under way is finished by those who are alive again, and by the sweep."""
    end = time.monotonic() + options.settle
    while time.monotonic() < end and (world.unfinished() or any(thread.is_alive() for thread in threads)):
        world.ask()
        time.sleep(1)


def report(kills, candidates, world):
    from django.core.management import CommandError, call_command

    print(f"\n{sum(kills.values())} kills: " + ", ".join(f"{count} {kind}" for kind, count in kills.most_common()))
    saved, failures = sum(len(one.acknowledged) for one in candidates), sum((one.failures for one in candidates), Counter())
    print(f"{sum(one.saves for one in candidates)} saves acknowledged; {saved} answers must be found as they were acknowledged last")
    print(f"{failures.total()} times a candidate had to say it again: {dict(failures.most_common())}")
    print(world.figures())
    faults = [fault for one in candidates for fault in one.faults()] + list(world.faults())
    try:
        call_command("check_integrity")
    except CommandError as error:
        faults.append(str(error))
    for fault in faults[:40]:
        print(f"LOST OR DOUBLED  {fault}")
    print(f"{len(faults)} faults")
    return 1 if faults or sum(kills.values()) < 1 else 0


def main():
    from tests.own_redis import Redis

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default="postgresql://postgres@127.0.0.1/pitlane_kills")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=15, help="kills end after this long at the latest")
    parser.add_argument("--settle", type=float, default=600, help="seconds for what is under way when the kills end")
    parser.add_argument("--log", help="where the servers' log is to be kept")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    make_database(options.database)
    with tempfile.TemporaryDirectory() as folder:
        redis = Redis(folder)
        redis.start()
        os.environ |= environment(options.database, redis, folder)
        try:
            sys.exit(run(options, options.database, redis, Path(folder)))
        finally:
            redis.kill()


if __name__ == "__main__":
    main()
