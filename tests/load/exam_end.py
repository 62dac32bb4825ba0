"""The end of an exam: everyone's time is over in the same second, and everyone's last answer comes then. When is it in, when is all marked?

    .venv/bin/python tests/load/exam_end.py [--candidates 300] [--pages now] [--database URL --redis URL]

Makes a database of its own (SQLite, or PostgreSQL with Redis as cache and broker), runs `manage.py serve` on it, and lets so many pages come
to the end as the runner does (`queue.js`): the last answer at once, what else there is at moments spread out, then the page that follows.
`--pages before` does what pages did until 2026-11: events within three seconds, handing in within seven. The last lines say after how many
seconds all answers were acknowledged, handed in and marked; it fails where one is missing or a paper is unmarked after a minute.
"""

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.load.serving import TOKEN, children_of, cpu_of, free_port, make_database  # noqa: E402

PORT, QUESTIONS_A_KIND, GRACE, AHEAD = free_port(), 10, 20, 20
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
CHANCE = random.Random(6)


def make_world(count):
    """(attempts whose time ends at one moment, by their cookies; that moment). Forty questions each, all answered but the last."""
    from django.utils import timezone

    from assessments.exams.actions.saving import save_answers
    from assessments.exams.models import Attempt
    from tests.factories.assessments import make_attempt, responses

    now, pages = timezone.now(), []
    for paper in make_forty(count):
        attempt = make_attempt(paper, at=now)
        *most, last = responses(paper).items()
        answers = [(item, 1, response) for item, response in most]
        save_answers(attempt_id=attempt.pk, answers=answers, by=paper.candidate.user, at=now)
        pages.append(Page(attempt.pk, signed_in(paper.candidate.user), last))
    ends = timezone.now() + timedelta(seconds=AHEAD)
    Attempt.objects.update(ends_at=ends)
    return pages, ends.timestamp()


def make_forty(count):
    """The papers of so many people, forty questions each, at a sitting that has just opened."""
    from django.utils import timezone

    from tests.factories import make_employee
    from tests.factories.assessments import RIGHT, make_bank, make_blueprint, make_papers, make_sitting, make_topic

    now = timezone.now()
    people = [make_employee("technician", number=f"E{number:04}") for number in range(count)]
    make_bank(QUESTIONS_A_KIND + 5)
    blueprint = make_blueprint([(make_topic(), 1, kind, QUESTIONS_A_KIND) for kind in RIGHT])
    window = {"opens_at": now - timedelta(minutes=5), "closes_at": now + timedelta(hours=2), "minutes": 110, "grace_seconds": GRACE}
    return make_papers(people, bank=False, sitting=make_sitting(blueprint=blueprint, **window))


def signed_in(user):
    """The cookies of a device on which this user is."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user)
    return f"pitlane_session={client.cookies[settings.SESSION_COOKIE_NAME].value}; pitlane_csrf={TOKEN}; pitlane_language=zh-hans"


class Page:
    """One candidate's page at the end. Times are seconds after the end."""

    def __init__(self, attempt, cookies, last):
        self.path, self.cookies, self.last = f"/exams/attempts/{attempt}/", cookies, last
        self.acknowledged = self.left = None
        self.location, self.failures = "", Counter()

    async def ask(self, method, path, body=None):
        """The status that the server answers; where it sends on to is then the `location`. A `body` that is text is a form's."""
        data, kind = (body.encode(), FORM) if isinstance(body, str) else (b"" if body is None else json.dumps(body).encode(), JSON)
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nConnection: close\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(data)}\r\nX-CSRFToken: {TOKEN}\r\nCookie: {self.cookies}\r\n\r\n"
        )
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        writer.write(head.encode() + data)
        answer = await reader.read()
        writer.close()
        self.location = next(
            (line[10:].decode() for line in answer.split(b"\r\n\r\n")[0].splitlines() if line.startswith(b"Location: ")), ""
        )
        return int(answer.split(b" ", 2)[1])

    async def insist(self, method, path, body=None):
        """Again and again, as the queue does, until the server answers; says what."""
        pause = 1
        while True:
            try:
                status = await asyncio.wait_for(self.ask(method, path, body), 15)
                if status < 500:
                    return status
                self.failures[status] += 1
            except (OSError, TimeoutError, IndexError) as error:
                self.failures[type(error).__name__] += 1
            await asyncio.sleep(pause * (0.5 + CHANCE.random()))
            pause = min(2 * pause, 4)

    async def end(self, ends, act):
        await asyncio.sleep(ends - time.time() + CHANCE.random() / 20)
        item, response = self.last
        status = await self.insist("POST", f"{self.path}save/", [{"item": item, "sequence": 2, "response": response}])
        self.acknowledged = time.time() - ends if status == 200 else None
        await act(self, ends)
        await self.insist("GET", self.path)
        self.left = time.time() - ends


async def as_now(page, ends):
    await asyncio.sleep(ends + 3 + (GRACE - 8) * CHANCE.random() - time.time())
    await page.insist("POST", f"{page.path}events/", {"kinds": ["focus_lost"]})
    await asyncio.sleep(ends + GRACE + 12 + 15 * CHANCE.random() - time.time())
    await page.insist("POST", f"{page.path}events/", {"kinds": []})


async def as_before(page, ends):
    await asyncio.sleep(3 * CHANCE.random())
    await page.insist("POST", f"{page.path}events/", {"kinds": ["focus_lost"]})
    await asyncio.sleep(4 * CHANCE.random())
    await page.insist("POST", f"{page.path}submit/", {})


async def end_all(pages, ends, act):
    await asyncio.gather(*(page.end(ends, act) for page in pages))


def family(pid):
    return [pid, *(one for child in children_of(pid) for one in family(child))]


def serve():
    process = subprocess.Popen([sys.executable, "manage.py", "serve", "--bind", f"127.0.0.1:{PORT}"], cwd=ROOT, start_new_session=True)
    for _try in range(600):
        try:
            if asyncio.run(Page(0, "", None).ask("GET", "/healthz")) == 200:
                return process
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def marked_after(ends, count):
    """Waits until all are marked; after how many seconds the last was handed in, and the last mark was seen in the database."""
    from django.db.models import Max

    from assessments.exams.models import Attempt

    while Attempt.objects.filter(status=Attempt.Status.MARKED).count() < count:
        if time.time() > ends + 120:
            raise SystemExit(f"unmarked two minutes after the end: {Attempt.objects.exclude(status=Attempt.Status.MARKED).count()}")
        time.sleep(0.5)
    seen = time.time() - ends
    return Attempt.objects.aggregate(last=Max("submitted_at"))["last"].timestamp() - ends, seen


def report(pages, seconds, handed_in, marked):
    from assessments.answers.models import Response

    acknowledged = sorted(page.acknowledged for page in pages if page.acknowledged is not None)
    middle, most = statistics.median(acknowledged), acknowledged[int(0.95 * len(acknowledged))]
    print(f"{len(pages)} candidates; {seconds:.1f} CPU seconds from the end on")
    print(f"last answers acknowledged after: median {middle:.1f} s, 95 % {most:.1f} s, all {acknowledged[-1]:.1f} s")
    print(
        f"all handed in after {handed_in:.1f} s, marked after {marked:.1f} s; the page that follows after {max(p.left for p in pages):.1f} s"
    )
    lost = len(pages) - Response.objects.filter(sequence=2).count()
    if lost or len(acknowledged) < len(pages) or marked > 60:
        raise SystemExit(f"{lost} last answers lost, {len(pages) - len(acknowledged)} not acknowledged, or not marked within a minute")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidates", type=int, default=300)
    parser.add_argument("--pages", choices=["now", "before"], default="now")
    parser.add_argument("--database", default="", help="PostgreSQL, its name with “cost” in it; without: SQLite")
    parser.add_argument(
        "--migrated", default="", help="begin with a copy of this: a file, or with --database a database; it spares minutes"
    )
    parser.add_argument("--redis", default="", help="cache and broker, with --database")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.database:
            make_database(options.database, options.migrated or "template1")
        elif options.migrated:
            shutil.copy(options.migrated, f"{folder}/end.sqlite3")
        prepare(options.database or f"sqlite:///{folder}/end.sqlite3", options.redis, options.redis, folder)
        with served() as process:
            run(options, process)


def prepare(database, redis, broker, folder):
    """Sets the product up on this database, for this process and those that it starts."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "lms.settings",
        "LMS_DATABASE_URL": database,
        "LMS_REDIS_URL": redis,
        "LMS_BROKER_URL": broker,
        "LMS_DATA_DIR": folder,
        "LMS_DEBUG": "false",
        "LMS_HTTPS": "false",
        "LMS_SECRET_KEY": "only-for-measuring-" + "x" * 40,
        "LMS_ALLOWED_HOSTS": "127.0.0.1,testserver",
        "LMS_LOG_LEVEL": "ERROR",
    }
    import django
    from django.core.management import call_command

    signal.signal(signal.SIGTERM, lambda *_: sys.exit("broken off"))
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)


@contextmanager
def served():
    process = serve()
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


@contextmanager
def watched(ends, count):
    """Meanwhile the database is watched for the end; gives a list that then holds what `marked_after` says."""
    from django.db import connections

    found = []

    def watch():
        found.append(marked_after(ends, count))
        connections.close_all()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    yield found
    watcher.join()


def run(options, process):
    pages, ends = make_world(options.candidates)
    with watched(ends, len(pages)) as seen:
        time.sleep(max(0, ends - time.time() - 1))
        before = cpu_of(family(process.pid))
        asyncio.run(end_all(pages, ends, {"now": as_now, "before": as_before}[options.pages]))
    report(pages, (cpu_of(family(process.pid)) - before) / 1e9, *seen[0])


if __name__ == "__main__":
    main()
