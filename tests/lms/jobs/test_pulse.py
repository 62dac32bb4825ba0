"""A job lives as long as its worker does: in a long transaction, in a long computation; and it hears of being called off in both."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from lms.common.states import Refused
from lms.jobs import actions, kinds, pulse
from lms.jobs.actions import AlreadyRunning, cancel_job, run_job, start_job
from lms.jobs.kinds import NOTHING_STAYS, job_kind
from lms.jobs.models import Job
from lms.jobs.views import context_of
from lms.people.models import DealerGroup
from tests.factories import make_employee

ON_SQLITE = connection.vendor == "sqlite"
real_commits = pytest.mark.django_db(transaction=True)
on_postgresql = pytest.mark.skipif(ON_SQLITE, reason="SQLite lets nobody write beside a transaction")


@pytest.fixture
def kind():
    def register(function, **options):
        job_kind("test.pulse", title="Trying it", **options)(function)
        return "test.pulse"

    yield register
    kinds._kinds.pop("test.pulse", None)


@pytest.fixture
def quick(monkeypatch):
    """Everything a hundred times faster than in earnest."""
    monkeypatch.setattr(pulse, "BEAT_SECONDS", 0.05)
    monkeypatch.setattr(actions, "STALE", timedelta(seconds=1))


def beside(function):
    """The function in a thread of its own, on a connection of its own."""

    def run():
        try:
            function()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def made_job(name, **values):
    return Job.objects.create(kind=name, **values)


def until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.02)


@pytest.mark.services
@on_postgresql
@real_commits
def test_what_is_done_within_one_transaction_shows_while_it_is_under_way(kind, quick):
    seen, go_on = [], threading.Event()

    def work(progress):
        with transaction.atomic():
            progress.total(7)
            progress.advance(3)
            go_on.wait(10)

    job = made_job(kind(work))
    worker = beside(lambda: run_job(job_id=job.pk))
    until(lambda: Job.objects.filter(pk=job.pk, done=3, total=7).exists())
    seen.append(Job.objects.get(pk=job.pk).heartbeat_at)
    until(lambda: Job.objects.get(pk=job.pk).heartbeat_at > seen[0])
    go_on.set()
    worker.join()
    job.refresh_from_db()
    assert (job.status, job.attempts) == ("done", 1)


@pytest.mark.services
@on_postgresql
@real_commits
def test_a_long_computation_in_a_transaction_is_not_begun_a_second_time(kind, quick):
    runs = []

    def work(progress):
        with transaction.atomic():
            runs.append(1)
            time.sleep(3)  # no step at all for three times as long as a dead worker is waited for

    job = made_job(kind(work))
    worker = beside(lambda: run_job(job_id=job.pk))
    until(lambda: runs)
    pulse._at_work.clear()  # the others are other processes
    while worker.is_alive():
        run_job(job_id=job.pk)
        time.sleep(0.1)
    worker.join()
    job.refresh_from_db()
    assert (runs, job.status, job.attempts) == ([1], "done", 1)


@real_commits
def test_a_job_that_takes_no_step_for_too_long_is_taken_for_dead_and_its_worker_lets_go(kind, quick, monkeypatch):
    monkeypatch.setattr(pulse, "LONGEST_STEP", 0.2)
    hangs, runs = threading.Event(), []

    def work(progress):
        runs.append(progress.job.attempts)
        if progress.job.attempts == 1:
            hangs.wait(20)
            progress.beat()
            runs.append("went on")

    job = made_job(kind(work))
    worker = beside(lambda: run_job(job_id=job.pk))

    def taken_over():
        run_job(job_id=job.pk)
        return len(runs) == 2

    until(lambda: runs)
    first = pulse._at_work[job.pk]
    until(taken_over)
    until(lambda: first.is_lost)
    hangs.set()
    worker.join()
    job.refresh_from_db()
    assert (runs, job.status, job.attempts) == ([1, 2], "done", 2)


@real_commits
def test_called_off_within_a_transaction_it_rolls_back_and_says_so(kind, quick):
    began = threading.Event()

    def work(progress):
        with transaction.atomic():
            DealerGroup.objects.create(code="half", name_zh="半")
            began.set()
            for _step in range(1000):
                progress.advance()
                time.sleep(0.02)

    job = made_job(kind(work, stopped=NOTHING_STAYS), created_by=make_employee().user)
    worker = beside(lambda: run_job(job_id=job.pk))
    assert began.wait(10)
    cancel_job(job=job, by=job.created_by, at=timezone.now())
    worker.join()
    job.refresh_from_db()
    assert (job.status, job.error) == ("cancelled", str(NOTHING_STAYS))
    assert job.cancel_requested_at
    assert not DealerGroup.objects.filter(code="half").exists()


@pytest.mark.services
@on_postgresql
@real_commits
def test_called_off_from_another_machine_it_hears_of_it_in_its_transaction(kind, quick):
    def work(progress):
        with transaction.atomic():
            for _step in range(1000):
                progress.advance()
                time.sleep(0.02)

    job = made_job(kind(work))
    worker = beside(lambda: run_job(job_id=job.pk))
    until(lambda: pulse._at_work)
    Job.objects.filter(pk=job.pk).update(cancel_requested_at=timezone.now())
    worker.join()
    job.refresh_from_db()
    assert job.status == "cancelled"


@real_commits
def test_the_commit_of_a_long_transaction_finds_the_job_alive(kind, quick):
    """On SQLite no beat can be written meanwhile, and whoever waited to take the job over must not find it silent then."""
    alive = []

    def work(progress):
        with transaction.atomic():
            DealerGroup.objects.create(code="long", name_zh="长")
            time.sleep(1.5)
            progress.beat()
        alive.append(Job.objects.filter(pk=progress.job.pk, heartbeat_at__gt=timezone.now() - timedelta(seconds=1)).exists())

    job = made_job(kind(work))
    run_job(job_id=job.pk)
    assert alive == [True]


@real_commits
def test_the_page_of_a_job_of_this_process_shows_its_counts_whatever_the_database_lets_through(kind, quick):
    shown = []

    def work(progress):
        with transaction.atomic():
            progress.total(9)
            progress.advance(4)
            job = Job.objects.get(pk=progress.job.pk)
            context_of(job.created_by, job)
            shown.append((job.done, job.total))

    run_job(job_id=made_job(kind(work)).pk)
    assert shown == [(4, 9)]


@pytest.mark.django_db
def test_what_is_settled_is_not_called_cancelled(kind):
    def work(progress):
        progress.settle()
        cancel_job(job=progress.job, by=progress.job.created_by, at=timezone.now())
        progress.advance()
        progress.result(went_on=True)

    job = made_job(kind(work), created_by=make_employee().user)
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert (job.status, job.result) == ("done", {"went_on": True})


# -- what a dead one holds ---------------------------------------------------------------------------------------------


@pytest.fixture
def asker():
    return make_employee("hr_officer").user


def dead(name, **values):
    return made_job(name, key="group-1", status="running", heartbeat_at=timezone.now() - timedelta(minutes=4), **values)


@pytest.mark.django_db
def test_a_dead_job_stops_at_once_when_it_is_called_off_and_frees_its_key(kind, asker):
    name = kind(lambda progress: None)
    job = dead(name, attempts=1, created_by=asker)
    cancel_job(job=job, by=asker, at=timezone.now())
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert start_job(kind=name, by=asker, key="group-1").pk != job.pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "ended"), [({"attempts": 1, "cancel_requested_at": timezone.now()}, "cancelled"), ({"attempts": 3}, "failed")]
)
def test_a_dead_job_that_nobody_takes_up_again_frees_its_key_when_the_next_is_asked_for(kind, asker, values, ended):
    name = kind(lambda progress: None)
    job = dead(name, **values)
    start_job(kind=name, by=asker, key="group-1")
    job.refresh_from_db()
    assert job.status == ended
    assert job.finished_at


@pytest.mark.django_db
def test_a_silent_job_that_will_be_taken_up_again_keeps_its_key(kind, asker):
    name = kind(lambda progress: None)
    dead(name, attempts=1)
    with pytest.raises(AlreadyRunning):
        start_job(kind=name, by=asker, key="group-1")


@pytest.mark.django_db
def test_a_job_called_off_while_its_worker_was_dying_is_not_begun_again(kind):
    runs = []
    job = dead(kind(lambda progress: runs.append(1)), attempts=1, cancel_requested_at=timezone.now())
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert (runs, job.status) == ([], "cancelled")


@pytest.mark.django_db
def test_what_was_stopped_once_cannot_be_stopped_again(kind, asker):
    job = dead(kind(lambda progress: None), attempts=1, created_by=asker)
    cancel_job(job=job, by=asker, at=timezone.now())
    with pytest.raises(Refused):
        cancel_job(job=job, by=asker, at=timezone.now())
