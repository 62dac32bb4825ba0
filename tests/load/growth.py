"""Does a page get slower as the dealer group grows? CPU time of each list page and of Today in a small world and in a large one.

    createdb pitlane_small; createdb pitlane_large
    for each: LMS_DATABASE_URL=postgresql://…/<name> .venv/bin/python manage.py migrate
    LMS_DATABASE_URL=…/pitlane_small .venv/bin/python -m tests.load.scale 2
    LMS_DATABASE_URL=…/pitlane_large .venv/bin/python -m tests.load.scale 1000
    .venv/bin/python tests/load/growth.py postgresql://…/pitlane_small postgresql://…/pitlane_large

Figures are CPU-milliseconds a request: the median of the web process and the mean of the database's (only where it runs on this
machine); the better of two passes counts, taken in turn. The bar is a ratio of 1.2. Ends with 1 where a page is above it.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BAR = 1.2
# CPU-ms below which a difference says nothing: the clock's own noise.
NOISE = 1.0
# (position of the person, the pages they open). Those at the dealer SC0001 are equals in both worlds. What follows a question mark
# stands in the address: searches that find few, many and nobody, the last page, the orders that a click asks for.
VISITS = [
    ("advisor", ["today", "growth", "catalogue", "training", "my_exams", "notices"]),
    ("technician", ["today", "growth", "training", "my_exams"]),
    ("service_supervisor", ["today", "training_board", "people", "people?q=伟", "cycles", "certificates"]),
    (
        "hr_officer",
        [
            "today", "people", "people?q=伟", "people?page=last", "cycles", "certificates", "oem_certificates", "pay_changes", "bands",
            "person_new", "proposals", "audit",
        ],
    ),
    ("general_manager", ["today", "people", "pay_changes"]),
    ("oem_service_coach", ["today", "marking_queue"]),
    (
        "group_hr",
        [
            "today", "people", "people?q=SC0001003", "people?q=伟", "people?q=没有此人", "people?page=last", "people?sort=name",
            "people?sort=-hired_on", "training_board", "cycles", "cycles?page=last", "certificates", "certificates?page=last",
            "oem_certificates", "pay_changes", "pay_changes?page=last", "bands", "person_new", "cycle_new", "band_table_new", "proposals",
            "audit", "audit?page=last",
        ],
    ),
]  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("databases", nargs="*", metavar="URL", help="the small world's database, then the large one's")
    parser.add_argument("--rounds", type=int, default=30, help="requests a page and pass")
    parser.add_argument("--position", default="", help="only the pages of this one, such as group_hr")
    parser.add_argument("--measure", action="store_true", help="measure the world of LMS_DATABASE_URL and print JSON")
    asked = parser.parse_args()
    if asked.measure:
        print(json.dumps(measure(asked.rounds, asked.position)))
        return 0
    if len(asked.databases) != 2:
        parser.error("give two databases: the small world's and the large one's")
    run(asked.databases[0], "manage.py", "collectstatic", "--no-input", "-v", "0")
    small, large = ([], [])
    for _pass in range(2):
        for url, found in zip(asked.databases, (small, large), strict=True):
            found.append(measured_at(url, asked.rounds, asked.position))
    return report(best(small), best(large))


def measured_at(url, rounds, position):
    """The figures of one world, from a process of its own."""
    return json.loads(run(url, __file__, "--measure", "--rounds", str(rounds), "--position", position).strip().splitlines()[-1])


def run(url, *command):
    """Run a Python command as in production, on the database at `url`; what it printed."""
    environment = {**os.environ, "LMS_DATABASE_URL": url, "LMS_DEBUG": "false", "LMS_SECRET_KEY": "load", "LMS_ALLOWED_HOSTS": "testserver"}
    environment |= {"LMS_HTTPS": "false", "LMS_LOG_LEVEL": "ERROR", "LMS_SECOND_FACTOR": "off"}
    return subprocess.run([sys.executable, *command], env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def best(passes):
    """Of each page the pass with the lower CPU time; the people there are stand under "people"."""
    first, second = passes
    return {page: min(first[page], second[page], key=lambda row: row["cpu"] if isinstance(row, dict) else row) for page in first}


def report(small, large):
    print(f"{small.pop('people')} people in the small world, {large.pop('people')} in the large one\n")
    print(f"{'page':<40}{'CPU-ms':>8}{'CPU-ms':>8}{'ratio':>7}{'SQL':>5}{'SQL':>5}{'KB':>7}{'KB':>7}")
    slower = 0
    for page, before in small.items():
        after = large.get(page)
        if after is None:
            continue
        ratio = after["cpu"] / before["cpu"]
        is_slower = ratio > BAR and after["cpu"] - before["cpu"] > NOISE
        slower += is_slower
        print(
            f"{page:<40}{before['cpu']:>8.1f}{after['cpu']:>8.1f}{ratio:>7.2f}{before['sql']:>5}{after['sql']:>5}"
            f"{before['bytes'] / 1024:>7.1f}{after['bytes'] / 1024:>7.1f}{'  above the bar' if is_slower else ''}"
        )
    print(f"\n{slower} of {len(small)} pages above {BAR}")
    return 1 if slower else 0


def measure(rounds, only=""):
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    import django

    django.setup()
    from django.urls import NoReverseMatch, reverse

    from lms.people.models import Employee

    figures = {"people": Employee.objects.count()}
    for position, pages in VISITS:
        if only not in ("", position):
            continue
        person = persona(position)
        if person is None:
            print(f"nobody is {position} here", file=sys.stderr)
            continue
        for page in pages:
            name, mark, query = page.partition("?")
            try:
                figures[f"{page} as {position}"] = visit(person, reverse(name) + mark + query, rounds)
            except NoReverseMatch:
                print(f"there is no page {name}", file=sys.stderr)
    return figures


def persona(position):
    """Someone in this position: at the first of the dealers made in bulk, else anywhere."""
    from lms.people.models import Employee

    people = Employee.objects.filter(position__code=position, user__is_active=True).select_related("user").order_by("number")
    return people.filter(number__startswith="S").first() or people.first()


def visit(person, url, rounds):
    """Median CPU-ms of a request, its statements, and the bytes of the answer."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.force_login(person.user)
    for _warm in range(3):
        response = client.get(url)
    if response.status_code != 200:
        raise SystemExit(f"{url} answers {response.status_code} to {person.number}")
    with CaptureQueriesContext(connection) as statements:
        client.get(url)
    asked = len(statements)  # counted now: the next request begins a new log
    database, times = database_process(connection), []
    database_began = cpu_ms(database)
    for _round in range(rounds):
        began = time.process_time()
        client.get(url)
        times.append(1000 * (time.process_time() - began))
    in_database = (cpu_ms(database) - database_began) / rounds
    return {"cpu": statistics.median(times) + in_database, "sql": asked, "bytes": len(response.content)}


def database_process(connection):
    """The process that serves this connection, where it is one of this machine."""
    if connection.vendor != "postgresql" or connection.settings_dict["HOST"] not in {"", "127.0.0.1", "localhost"}:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    return pid if Path(f"/proc/{pid}/stat").exists() else None


def cpu_ms(pid):
    """CPU-milliseconds of the process so far, in the kernel's ticks."""
    if pid is None:
        return 0
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return 1000 * (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
