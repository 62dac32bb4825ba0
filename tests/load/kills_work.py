"""The work that goes on while `kills.py` kills, and what must be true of it afterwards."""

import itertools
import json
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPException

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from assessments.exams.models import Attempt
from assessments.grading.models import Cycle, LevelDecision
from lms.jobs.actions import AlreadyRunning, start_job
from lms.jobs.models import Job
from lms.notifications.models import Notice
from lms.people.models import Employee, EmploymentEvent
from talent_pool.pay.actions.signing import approve_pay_changes, countersign_pay_changes
from talent_pool.pay.models import PayChange
from tests.factories import make_bands, make_cycle, make_dealer, make_employee, sign_all
from tests.factories.assessments import answers_to, make_attempt, make_papers, make_sitting, responses

CANDIDATES, DEALERS, IMPORTS, ROWS = 16, 10, 10, 250
TOKEN = "k" * 32
NUMBERS = [f"NEW{batch:02}{row:04}" for batch in range(IMPORTS) for row in range(ROWS)]


class Candidate:
    """A device that saves answers one after the other, and says each again until it is acknowledged, as the runner does."""

    def __init__(self, port, attempt, given, session):
        self.base, self.attempt, self.given = f"http://127.0.0.1:{port}", attempt, given
        cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
        self.headers = {"Cookie": cookies, "X-CSRFToken": TOKEN, "Content-Type": "application/json"}
        self.stop, self.acknowledged, self.saves, self.failures = threading.Event(), {}, 0, Counter()
        self.signed_out, self.handed_in, self.last = False, False, ""

    def work(self):
        items = itertools.cycle(self.given)
        for sequence, item in enumerate(items, start=1):
            if self.stop.is_set():
                break
            self.save(item, sequence)
            time.sleep(0.15)
        self.until_answered(f"/exams/attempts/{self.attempt}/submit/", {})
        self.handed_in = True

    def save(self, item, sequence):
        right, wrong = self.given[item]
        response = right if sequence % 2 else wrong
        said = self.until_answered(f"/exams/attempts/{self.attempt}/save/", {"item": item, "sequence": sequence, "response": response})
        if said is not None and json.loads(said)["sequence"] >= sequence:
            self.acknowledged[item] = (sequence, response)
            self.saves += 1

    def until_answered(self, path, body):
        """What the server says; None where it ended the session, which it must not."""
        request = urllib.request.Request(self.base + path, json.dumps(body).encode(), self.headers)
        end = time.monotonic() + 120
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(request, timeout=20) as answer:
                    self.signed_out |= "/login/" in answer.url
                    return None if "/login/" in answer.url else answer.read()
            except urllib.error.HTTPError as error:
                self.signed_out |= error.code in {401, 403}
                self.failures[f"{error.code}"] += 1
                self.last = f"{path} {error.code} {error.read()[-300:]!r}"
            except (OSError, HTTPException) as error:  # an answer that breaks off is none
                self.failures[type(getattr(error, "reason", error)).__name__] += 1
            time.sleep(0.2)
        return None

    def faults(self):
        there = answers_to(Attempt.objects.select_related("paper").get(pk=self.attempt))
        for item, (sequence, response) in self.acknowledged.items():
            found = there.get(item)
            if found is None or found.sequence < sequence or (found.sequence == sequence and found.response != response):
                yield f"attempt {self.attempt}, item {item}: acknowledged {sequence} {response!r}, found {found and found.sequence}"
        if self.signed_out:
            yield f"attempt {self.attempt}: its session ended"
        if not self.handed_in or Attempt.objects.get(pk=self.attempt).status != Attempt.Status.MARKED:
            yield f"attempt {self.attempt}: not handed in and marked; the last error was {self.last}"


@dataclass
class Task:
    """A job that somebody wants done; one that was given up is asked for again, as its page says."""

    kind: str
    key: str
    by: object
    params: dict
    content: bytes = b""
    job: Job | None = None
    times: int = 0

    def ask(self):
        if self.job is not None:
            self.job.refresh_from_db()
        if self.job is None or self.job.status == Job.Status.FAILED:
            file = ContentFile(self.content, name="people.csv") if self.content else None
            try:
                self.job = start_job(kind=self.kind, by=self.by, key=self.key, params=self.params, input_file=file)
                self.times += 1
            except AlreadyRunning:
                self.job = Job.objects.filter(kind=self.kind, key=self.key).latest("pk")

    @property
    def is_done(self):
        return self.job is not None and self.job.status == Job.Status.DONE


class World:
    """Candidates at work, cycles to be published and followed by pay, files to be imported."""

    def __init__(self):
        self.cycles = [self._cycle(make_dealer(f"K{number:03}")) for number in range(DEALERS)]  # first: they make the means that exams need
        now = timezone.now()
        people = [make_employee("technician") for _number in range(CANDIDATES)]
        sitting = make_sitting(opens_at=now - timedelta(minutes=5), closes_at=now + timedelta(hours=3), minutes=170)
        self.sat_down = [self._begin(paper, now) for paper in make_papers(people, sitting=sitting)]
        self.hr = make_employee("group_hr")
        self.waiting = list(self._imports())
        self.tasks = []

    @staticmethod
    def _begin(paper, at):
        from tests.factories.assessments import WRONG

        attempt, client = make_attempt(paper, at=at), Client()
        client.force_login(paper.candidate.user)
        wrong = responses(paper, WRONG)
        given = {item: (right, wrong[item]) for item, right in responses(paper).items()}
        return attempt.pk, given, client.cookies[settings.SESSION_COOKIE_NAME].value

    def _cycle(self, dealer):
        make_bands(dealer)
        make_employee("general_manager", dealer=dealer)
        cycle = make_cycle("ratified", dealer=dealer, people=4)
        sign_all(cycle)
        return cycle

    def _imports(self):
        for cycle in self.cycles:
            yield Task("grading.publish_cycle", f"cycle:{cycle.pk}", cycle.opened_by, {"cycle_id": cycle.pk})
        for batch in range(IMPORTS):
            lines = [
                f"{number},员工{number},K{batch % DEALERS:03},维修技师,,2024-03-01" for number in NUMBERS if number[3:5] == f"{batch:02}"
            ]
            content = "\n".join(["工号,姓名,门店,岗位,直属上级,入职日期", *lines]).encode("utf-8-sig")
            yield Task("people.import_employees", f"kills:{batch}", self.hr.user, {"name": "people.csv", "apply": True}, content)

    def ask(self):
        """Ask for one thing more, look after what was asked for, and sign what waits for signatures."""
        if self.waiting:
            self.tasks.append(self.waiting.pop(len(self.waiting) // 2))
        for task in self.tasks:
            if not task.is_done:
                task.ask()
        for cycle in self.cycles:
            self._sign(cycle)

    def _sign(self, cycle):
        key = f"dealer:{cycle.dealer_id}"
        changes = PayChange.objects.filter(decision__cycle=cycle, status=PayChange.Status.PROPOSED)
        if not changes or any(task.key == key for task in self.tasks):
            return
        found, manager = list(changes), Employee.objects.get(dealer=cycle.dealer, position__code="general_manager")
        approve_pay_changes(changes=PayChange.objects.filter(pk__in=found_ids(found)), by=cycle.opened_by, at=timezone.now())
        countersign_pay_changes(changes=PayChange.objects.filter(pk__in=found_ids(found)), by=manager.user, at=timezone.now())
        self.tasks.append(Task("pay.export_payroll", key, cycle.opened_by, {"dealer": cycle.dealer_id, "kind": "csv"}))

    def unfinished(self):
        exports = sum(task.kind == "pay.export_payroll" for task in self.tasks)
        unmarked = Attempt.objects.exclude(status=Attempt.Status.MARKED).filter(pk__in=[pk for pk, *_rest in self.sat_down]).exists()
        return self.waiting or exports < DEALERS or unmarked or [task for task in self.tasks if not task.is_done]

    def figures(self):
        again = sum(max(0, task.times - 1) for task in self.tasks)
        attempts = sum(task.job.attempts for task in self.tasks)
        return (
            f"{len(self.tasks)} jobs ({DEALERS} publications, {IMPORTS} imports of {ROWS} people, exports), begun {attempts} times, "
            f"{again} asked for again; {LevelDecision.objects.count()} awards, {PayChange.objects.count()} pay changes"
        )

    def faults(self):
        yield from (f"job {task.kind} {task.key}: {task.job and task.job.status}" for task in self.tasks if not task.is_done)
        yield from (f"never asked for: {task.kind} {task.key}" for task in self.waiting)
        yield from self._people()
        yield from self._publications()
        doubled = Notice.objects.values("recipient", "posted_to", "kind", "key").order_by().annotate(count=Count("pk")).filter(count__gt=1)
        yield from (f"told twice: {row}" for row in doubled)

    @staticmethod
    def _people():
        hired = dict(
            EmploymentEvent.objects.filter(kind="hired", employee__number__startswith="NEW")
            .order_by()
            .values_list("employee__number")
            .annotate(Count("pk"))
        )
        there = list(Employee.objects.filter(number__startswith="NEW").values_list("number", flat=True))
        if sorted(there) != NUMBERS:
            yield f"imported people: {len(there)} of {len(NUMBERS)}, {len(set(there))} different"
        yield from (f"hired {hired.get(number, 0)} times: {number}" for number in NUMBERS if hired.get(number) != 1)

    def _publications(self):
        for cycle in Cycle.objects.filter(pk__in=[cycle.pk for cycle in self.cycles]):
            passed = cycle.candidacies.filter(outcome="passed").count()
            changes = PayChange.objects.filter(decision__cycle=cycle)
            counts = (cycle.decisions.count(), changes.count(), changes.filter(status="exported").count())
            if cycle.status != Cycle.Status.PUBLISHED or counts != (passed,) * 3 or not passed:
                yield f"cycle {cycle.pk} {cycle.status}: {passed} passed; awards, pay changes, exported: {counts}"


def found_ids(records):
    return [record.pk for record in records]
