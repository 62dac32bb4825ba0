"""What a request costs: CPU-milliseconds of web and database processes, SQL statements, bytes, and the ratio to the floor.

    .venv/bin/python tests/load/cost.py [--database postgresql://postgres@127.0.0.1/pitlane_cost] [--only save,start] [--page "name=/path/"]

Makes a database of its own with 200 people and a paper of 40 questions, serves it with gunicorn as `manage.py serve` does, and asks one
request after the other, so that other load on the machine disturbs little. CPU time is the kernel's own account of the web worker and of its
PostgreSQL backends, in nanoseconds; what stands is the median over rounds. `--page` adds a row for any page of a signed-in person.
"""

import argparse
import http.client
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parents[2]
PEOPLE, EACH_KIND, PORTS = 200, 10, (8191, 8192)
TOKEN = "c" * 32
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass(frozen=True)
class Step:
    """One request. `by` is the person's number among the two hundred, or None for nobody."""

    method: str
    path: str
    body: object = None
    kind: str = FORM
    by: int | None = 0
    port: int = PORTS[0]

    @property
    def data(self):
        return "" if self.body is None else json.dumps(self.body) if self.kind == JSON else urlencode(self.body)


@dataclass
class Row:
    """A row of the table: the steps that make one measured act of person `i`, the bar in CPU-ms, in statements, and in floors."""

    name: str
    steps: object
    cpu: float | None = None
    sql: int | None = None
    floors: float | None = None
    rounds: int = 8
    each: int = 20
    found: dict = field(default_factory=dict)


class World:
    """The seeded database: people signed in, papers, attempts."""

    def __init__(self):
        from django.utils import timezone

        from lms.accounts.models import User
        from tests.factories import make_course, make_employee
        from tests.factories.assessments import RIGHT, make_bank, make_blueprint, make_papers, make_sitting, make_topic

        now = timezone.now()
        self.sequence = 1
        self.people = [make_employee("technician", number=f"L{number:04}") for number in range(PEOPLE)]
        hasher = User(username="x")
        hasher.set_password("Steady-hands-42")
        User.objects.filter(username__startswith="L").update(password=hasher.password)  # argon2, as served
        self.people = [type(person).objects.select_related("user").get(pk=person.pk) for person in self.people]
        make_bank(EACH_KIND + 5)
        make_course("measured", lessons=3, translated=True)
        blueprint = make_blueprint([(make_topic(), 1, kind, EACH_KIND) for kind in RIGHT])
        window = {"opens_at": now - timedelta(minutes=5), "closes_at": now + timedelta(hours=8), "minutes": 300, "blueprint": blueprint}
        self.running = make_papers(self.people, bank=False, sitting=make_sitting(**window))
        self.fresh = make_papers(self.people, bank=False, sitting=make_sitting(**window))
        self.attempts = [self._begin(paper, now) for paper in self.running]
        self.cookies = [self._sign_in(person) for person in self.people]

    @staticmethod
    def _begin(paper, now):
        from assessments.exams.actions.saving import save_answers
        from tests.factories.assessments import make_attempt, responses

        attempt = make_attempt(paper, at=now)
        answers = [(item, 1, response) for item, response in responses(paper).items()]
        save_answers(attempt_id=attempt.pk, answers=answers, by=paper.candidate.user, at=now)
        attempt.items = [item for item, _sequence, _response in answers]
        return attempt

    @staticmethod
    def _sign_in(person):
        from django.conf import settings
        from django.test import Client

        client = Client()
        client.force_login(person.user)
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def answer(self, i):
        self.sequence += 1
        attempt = self.attempts[i]
        return attempt, {"item": attempt.items[self.sequence % 40], "sequence": self.sequence, "response": ["2"]}

    def floor(self, i):
        attempt, body = self.answer(i)
        return [Step("POST", f"/floor/?user={self.people[i].user_id}&attempt={attempt.pk}", body, JSON, by=i, port=PORTS[1])]

    def save(self, i):
        attempt, body = self.answer(i)
        return [Step("POST", f"/exams/attempts/{attempt.pk}/save/", body, JSON, by=i)]

    def start(self, i):
        from tests.factories.assessments import CODE

        return [Step("POST", f"/exams/papers/{self.fresh[i].pk}/", {"access_code": CODE}, by=i), Step("GET", "{location}", by=i)]

    def submit(self, i):
        return [Step("POST", f"/exams/attempts/{self.attempts[i].pk}/submit/", {}, by=i)]

    def sign_in(self, i):
        from django.urls import reverse

        body = {"login": f"L{i:04}", "password": "Steady-hands-42"}
        return [Step("POST", reverse("account_login"), body, by=None)]

    def page(self, path):
        return lambda i: [Step("GET", path, by=i)]


def rows_for(world, pages):
    table = [
        Row("floor of a save", world.floor),
        Row("save an answer", world.save, cpu=7, sql=6, floors=1.4),
        Row("start + first page", world.start, cpu=40, sql=20, rounds=6),
        Row("home page", world.page("/"), cpu=15, sql=10),
        Row("course page", world.page("/learn/measured/"), cpu=15, sql=10),
        Row("sign in", world.sign_in, cpu=60, rounds=4, each=10),
    ]
    table += [Row(name, world.page(path), cpu=15, sql=15) for name, path in pages.items()]
    return [*table, Row("submit + grade 40", world.submit, cpu=20, rounds=6)]  # last: it ends the attempts


# -- measuring


def cpu_of(pids):
    """Nanoseconds on a CPU of these processes, all threads, by the scheduler's account."""
    total = 0
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            total += int(task.read_text().split()[0])
    return total


def children_of(pid):
    return [int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()]


class Site:
    """gunicorn with one worker and its database backends."""

    def __init__(self, module, port, environment):
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            module,
            "--bind",
            f"127.0.0.1:{port}",
            "--workers",
            "1",
            "--threads",
            "1",
            "--keep-alive",
            "60",
        ]
        self.process = subprocess.Popen([*command, "--log-level", "warning"], cwd=ROOT, env=environment)
        self.port, self.client = port, None

    def wait(self):
        for _try in range(300):
            try:
                http.client.HTTPConnection("127.0.0.1", self.port, timeout=5).request("GET", "/healthz")
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("gunicorn did not start")

    def ask(self, step, cookies, location=""):
        self.client = self.client or http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {
            "X-CSRFToken": TOKEN,
            "Content-Type": step.kind,
            "X-Forwarded-For": f"10.0.{time.time_ns() % 250}.{time.time_ns() // 1000 % 250}",
        }
        session = f"pitlane_session={cookies[step.by]}; " if step.by is not None else ""
        headers["Cookie"] = f"{session}pitlane_csrf={TOKEN}; pitlane_language=zh-hans"
        self.client.request(step.method, location if step.path == "{location}" else step.path, step.data or None, headers)
        answer = self.client.getresponse()
        body = answer.read()
        if answer.status >= 400:
            raise SystemExit(f"{step.method} {step.path} answered {answer.status}: {body[:300]!r}")
        return len(body), answer.headers.get("Location", "")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


def act(site_of, steps, cookies):
    size, location = 0, ""
    for step in steps:
        got, location = site_of[step.port].ask(step, cookies, location)
        size += got
    return size


def backends():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return [pid for (pid,) in cursor.fetchall()]


def measure(row, sites, world):
    site = sites[row.steps(0)[0].port]
    for i in range(3):  # warm: connections, templates, translations
        act(sites, row.steps(PEOPLE - 1 - i), world.cookies)
    figures, person = [], 0
    for _round in range(row.rounds):
        work = [row.steps((person + n) % (PEOPLE - 10)) for n in range(row.each)]
        person += row.each
        web, database = children_of(site.process.pid), backends()
        before = cpu_of(web), cpu_of(database)
        sizes = [act(sites, steps, world.cookies) for steps in work]
        after = cpu_of(web), cpu_of(database)
        figures.append([(late - early) / 1e6 / row.each for early, late in zip(before, after, strict=True)])
    row.found = {
        "web": statistics.median(web for web, _database in figures),
        "db": statistics.median(database for _web, database in figures),
        "cpu": statistics.median(web + database for web, database in figures),
        "bytes": round(statistics.mean(sizes)),
    }


def count_statements(row, world):
    """The statements of one act, counted in this process on the same database."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, location = Client(), ""
    steps = row.steps(PEOPLE - 5)
    if steps[0].port == PORTS[1]:
        return None
    with CaptureQueriesContext(connection) as queries:
        for step in steps:
            if step.by is not None:
                client.cookies["pitlane_session"] = world.cookies[step.by]
            path = location if step.path == "{location}" else step.path
            answer = client.get(path) if step.method == "GET" else client.post(path, step.data, content_type=step.kind)
            location = answer.headers.get("Location", "")
    return sum(not re.match(r"(BEGIN|COMMIT|SAVEPOINT|RELEASE)", query["sql"]) for query in queries)


def report(table):
    floor = next((row.found["cpu"] for row in table if row.name.startswith("floor")), None)
    print(f"\n{'row':<22}{'CPU-ms':>8}{'web':>8}{'db':>8}{'floors':>8}{'SQL':>6}{'bytes':>9}   bar")
    for row in table:
        got = row.found
        ratio = f"{got['cpu'] / floor:.2f}" if floor else "–"
        bars = [
            (row.cpu, got["cpu"], "CPU-ms"),
            (row.sql, got["sql"], "SQL"),
            (row.floors, got["cpu"] / floor if floor else None, "floors"),
        ]
        words = ", ".join(f"{'kept' if have is not None and have <= bar else 'MISSED'}: ≤ {bar} {unit}" for bar, have, unit in bars if bar)
        sql = got["sql"] if got["sql"] is not None else "3"
        print(f"{row.name:<22}{got['cpu']:>8.2f}{got['web']:>8.2f}{got['db']:>8.2f}{ratio:>8}{sql:>6}{got['bytes']:>9}   {words}")


def make_database(url, template="template1"):
    import psycopg

    parts = urlsplit(url)
    name = parts.path[1:]
    if "cost" not in name:
        raise SystemExit("The database is dropped and made anew, so its name must hold the word “cost”.")
    with psycopg.connect(url.removesuffix(f"/{name}") + "/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default="postgresql://postgres@127.0.0.1/pitlane_cost")
    parser.add_argument("--migrated", default="template1", metavar="DATABASE", help="begin with a copy of this one; it spares minutes")
    parser.add_argument("--only", default="", help="comma-separated beginnings of row names")
    parser.add_argument("--page", action="append", default=[], metavar="NAME=PATH", help="another page of a signed-in person")
    options = parser.parse_args()
    make_database(options.database, options.migrated)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "lms.settings",
            "LMS_DATABASE_URL": options.database,
            "LMS_DATA_DIR": folder,
            "LMS_DEBUG": "false",
            "LMS_HTTPS": "false",
            "LMS_SECRET_KEY": "only-for-measuring-" + "x" * 40,
            "LMS_ALLOWED_HOSTS": "127.0.0.1,testserver",
            "LMS_TRUSTED_PROXIES": "1",
            "LMS_LOG_LEVEL": "ERROR",
        }
        sys.path.insert(0, str(ROOT))
        run(options)


def run(options):
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    world = World()
    table = rows_for(world, dict(page.split("=", 1) for page in options.page))
    wanted = [name for name in options.only.split(",") if name]
    table = [row for row in table if not wanted or row.name.startswith("floor") or any(row.name.startswith(name) for name in wanted)]
    sites = {PORTS[0]: Site("lms.wsgi", PORTS[0], dict(os.environ)), PORTS[1]: Site("tests.load.floor", PORTS[1], dict(os.environ))}
    try:
        for site in sites.values():
            site.wait()
        for row in table:
            measure(row, sites, world)
            row.found["sql"] = count_statements(row, world)
    finally:
        for site in sites.values():
            site.stop()
    report(table)


if __name__ == "__main__":
    main()
