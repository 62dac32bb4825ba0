"""What a request costs: CPU-milliseconds of web, database and Redis processes, SQL statements, bytes, and the ratio to the floor.

    .venv/bin/python tests/load/cost.py [--only save,start] [--page "name=/path/"] [--redis] [--against ../old]

Makes a database of its own (`--database`, PostgreSQL) with 200 people and a paper of 40 questions, serves it with gunicorn as `manage.py
serve` does, and asks one request after the other, so that other load on the machine disturbs little. CPU time is the kernel's own account of
the web worker, of its PostgreSQL backends and, with `--redis`, of a Redis of its own, in nanoseconds; what stands is the median over rounds.
Between the rounds of each row the floor is measured, and with `--against` another checkout on the same database, so that the ratios
hold while the machine grows busier or quieter. `--page` adds a row for any page of a signed-in person.
"""

import argparse
import json
import os
import re
import signal
import statistics
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.load.serving import Site, backends, children_of, cpu_of, make_database, refuse_uncompiled  # noqa: E402
from tests.own_redis import Redis  # noqa: E402

PEOPLE, EACH_KIND, PORTS, OTHER = 200, 10, (8191, 8192), 8194
HR = PEOPLE  # the number of the one HR officer
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass(frozen=True)
class Step:
    """One request. `by` is the person's number among the two hundred, `HR`, or None for nobody."""

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
        self.cookies = [self._sign_in(person) for person in [*self.people, make_employee("hr_officer", number="L-HR")]]

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
        """By five people whose attempts no other row brings to an end."""
        i = PEOPLE - 10 + i % 5
        attempt, body = self.answer(i)
        return [Step("POST", f"/floor/?user={self.people[i].user_id}&attempt={attempt.pk}", body, JSON, by=i, port=PORTS[1])]

    def save(self, i):
        attempt, body = self.answer(i)
        return [Step("POST", f"/exams/attempts/{attempt.pk}/save/", body, JSON, by=i)]

    def start(self, i):
        from tests.factories.assessments import CODE

        return [Step("POST", f"/exams/papers/{self.fresh[i].pk}/", {"access_code": CODE}, by=i), Step("GET", "{location}", by=i)]

    def door(self, i):
        return [Step("GET", f"/exams/papers/{self.fresh[i].pk}/", by=i)]

    def submit(self, i):
        return [Step("POST", f"/exams/attempts/{self.attempts[i].pk}/submit/", {}, by=i)]

    def after_submit(self, i):
        return [Step("GET", f"/exams/attempts/{self.attempts[i].pk}/", by=i)]

    def sign_in(self, i):
        from django.urls import reverse

        body = {"login": f"L{i:04}", "password": "Steady-hands-42"}
        return [Step("POST", reverse("account_login"), body, by=None)]

    def page(self, path, by=None):
        return lambda i: [Step("GET", path, by=i if by is None else by)]


def rows_for(world, pages):
    from django.urls import reverse

    table = [
        Row("floor of a save", world.floor),
        Row("save an answer", world.save, cpu=7, sql=6, floors=1.4),
        Row("door of an exam", world.door, cpu=15, sql=10),
        Row("start + first page", world.start, cpu=40, sql=20, rounds=6),
        Row("home page", world.page("/"), cpu=15, sql=10),
        Row("home page of HR", world.page("/", by=HR), sql=20),
        Row("course page", world.page("/learn/measured/"), cpu=15, sql=10),
        Row("my exams", world.page(reverse("my_exams")), cpu=15, sql=10),
        Row("sign in", world.sign_in, cpu=60, rounds=4, each=10),
    ]
    table += [Row(name, world.page(path), cpu=15, sql=15) for name, path in pages.items()]
    # Last, since it ends the attempts; who looked at the page that follows are among those who handed in.
    return [
        *table,
        Row("submit + grade 40", world.submit, cpu=20, rounds=6),
        Row("page after submit", world.after_submit, cpu=15, sql=10, rounds=5),
    ]


# -- measuring


class Bench:
    """A checkout's site beside the floor's, and what a piece of work takes of the processes behind it."""

    def __init__(self, site, floor, redis):
        self.sites, self.redis = {PORTS[0]: site, PORTS[1]: floor}, redis

    def act(self, steps, cookies):
        size, location = 0, ""
        for step in steps:
            got, location = self.sites[step.port].ask(step, cookies, location)
            size += got
        return size

    def spent(self, port):
        """Nanoseconds until now of (web, database, Redis)."""
        redis = cpu_of([self.redis.process.pid]) if self.redis else 0
        return cpu_of(children_of(self.sites[port].process.pid)), cpu_of(backends()), redis

    def round(self, work, cookies):
        """(CPU-ms a piece of work of web, database and Redis; bytes of each)"""
        port = work[0][0].port
        before = self.spent(port)
        sizes = [self.act(steps, cookies) for steps in work]
        return [(late - early) / 1e6 / len(work) for early, late in zip(before, self.spent(port), strict=True)], sizes


def measure(row, benches, world):
    """Rounds of the floor and of each checkout in turn, each with people of its own."""
    people = iter([i % (PEOPLE - 10) for i in range(10 * PEOPLE)])
    figures, sizes, floors = [[] for _bench in benches], [], []
    for number, bench in enumerate(benches):  # warm: connections, templates, translations
        for i in range(2):
            bench.act(world.floor(i), world.cookies)
            bench.act(row.steps(PEOPLE - 1 - 2 * number - i), world.cookies)
    for _round in range(row.rounds if len(benches) == 1 else max(2, row.rounds // 2)):
        floors.append(sum(benches[0].round([world.floor(i) for i in range(10)], world.cookies)[0]))
        for bench, found in zip(benches, figures, strict=True):
            spent, sizes = bench.round([row.steps(next(people)) for _one in range(row.each)], world.cookies)
            found.append(spent)
    web, database, redis = (statistics.median(part) for part in zip(*figures[0], strict=True))
    row.found = {"web": web, "db": database, "redis": redis, "bytes": round(statistics.mean(sizes)), "floor": statistics.median(floors)}
    row.found["cpu"] = statistics.median(map(sum, figures[0]))
    row.found["old"] = statistics.median(map(sum, figures[1])) if figures[1:] else None


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
    print(f"\n{'row':<22}{'CPU-ms':>8}{'web':>8}{'db':>8}{'redis':>7}{'floor':>7}{'floors':>8}{'old':>8}{'SQL':>5}{'bytes':>8}   bar")
    for row in table:
        got = row.found
        floors, old, sql = got["cpu"] / got["floor"], f"{got['old']:.2f}" if got["old"] else "–", 3 if got["sql"] is None else got["sql"]
        bars = [(row.cpu, got["cpu"], "CPU-ms"), (row.sql, sql, "SQL"), (row.floors, floors, "floors")]
        words = ", ".join(f"{'kept' if have <= bar else 'MISSED'}: ≤ {bar} {unit}" for bar, have, unit in bars if bar)
        parts = f"{got['cpu']:>8.2f}{got['web']:>8.2f}{got['db']:>8.2f}{got['redis']:>7.2f}{got['floor']:>7.2f}"
        print(f"{row.name:<22}{parts}{floors:>8.2f}{old:>8}{sql:>5}{got['bytes']:>8}   {words}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default="postgresql://postgres@127.0.0.1/pitlane_cost")
    parser.add_argument("--migrated", default="template1", metavar="DATABASE", help="begin with a copy of this one; it spares minutes")
    parser.add_argument("--only", default="", help="comma-separated beginnings of row names")
    parser.add_argument("--redis", action="store_true", help="sessions and cache in a Redis started for it")
    parser.add_argument("--against", metavar="CHECKOUT", help="another checkout, with the same migrations, measured in turn")
    parser.add_argument("--page", action="append", default=[], metavar="NAME=PATH", help="another page of a signed-in person")
    options = parser.parse_args()
    for checkout in filter(None, [ROOT, options.against]):
        refuse_uncompiled(checkout)
    make_database(options.database, options.migrated)
    with tempfile.TemporaryDirectory() as folder:
        redis = Redis(folder) if options.redis else None
        if redis:
            redis.start()
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "lms.settings",
            "LMS_DATABASE_URL": options.database,
            "LMS_REDIS_URL": redis.url if redis else "",
            "LMS_SECOND_FACTOR": "off",
            "LMS_DATA_DIR": folder,
            "LMS_DEBUG": "false",
            "LMS_HTTPS": "false",
            "LMS_SECRET_KEY": "only-for-measuring-" + "x" * 40,
            "LMS_ALLOWED_HOSTS": "127.0.0.1,testserver",
            "LMS_TRUSTED_PROXIES": "1",
            "LMS_LOG_LEVEL": "ERROR",
        }
        try:
            run(options, redis)
        finally:
            if redis:
                redis.kill()


def run(options, redis):
    import django
    from django.core.management import call_command

    signal.signal(signal.SIGTERM, lambda *_: sys.exit("broken off"))
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    world = World()
    table = rows_for(world, dict(page.split("=", 1) for page in options.page))
    wanted = [name for name in options.only.split(",") if name]
    table = [row for row in table if not wanted or row.name.startswith("floor") or any(row.name.startswith(name) for name in wanted)]
    floor = Site("tests.load.floor", PORTS[1])
    sites = [Site("lms.wsgi", PORTS[0]), *([Site("lms.wsgi", OTHER, options.against)] if options.against else [])]
    try:
        for site in [floor, *sites]:
            site.wait()
        benches = [Bench(site, floor, redis) for site in sites]
        for row in table:
            measure(row, benches, world)
            row.found["sql"] = count_statements(row, world)
    finally:
        for site in [floor, *sites]:
            site.stop()
    report(table)


if __name__ == "__main__":
    main()
