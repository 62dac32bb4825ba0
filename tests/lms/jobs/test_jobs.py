import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection, connections
from django.urls import reverse
from django.utils import timezone

from lms.audit.models import Event
from lms.common.states import Refused
from lms.jobs import kinds, pulse
from lms.jobs.actions import AlreadyRunning, cancel_job, restart_lost_jobs, run_job, start_job
from lms.jobs.kinds import job_kind
from lms.jobs.models import Job
from tests.factories import make_employee

pytestmark = pytest.mark.django_db

Status = Job.Status
ON_SQLITE = connection.vendor == "sqlite"


@pytest.fixture
def kind():
    """`kind(function)` registers a kind of job for one test."""
    made = []

    def register(function, **options):
        name = f"test.{len(made)}"
        made.append(name)
        job_kind(name, title="Trying it", **options)(function)
        return name

    yield register
    for name in made:
        del kinds._kinds[name]


@pytest.fixture
def asker():
    return make_employee("hr_officer").user


def done(name, asker, **values):
    """A job of that kind, started and run."""
    job = start_job(kind=name, by=asker, **values)
    run_job(job_id=job.pk)
    job.refresh_from_db()
    return job


# -- running --------------------------------------------------------------------------------------


def test_a_job_says_how_far_it_is_what_failed_and_what_came_of_it(kind, asker):
    def work(progress):
        progress.total(3)
        for number in range(3):
            progress.advance()
            if number == 1:
                progress.fail("Row 1", "It is odd.")
        progress.result(made=2)
        progress.file("result.txt", b"two")

    job = done(kind(work), asker)
    assert (job.status, job.done, job.total, job.result, job.result_name) == ("done", 3, 3, {"made": 2}, "result.txt")
    with job.result_file.open() as file:
        assert file.read() == b"two"
    assert [(failure.label, failure.reason) for failure in job.failures.all()] == [("Row 1", "It is odd.")]
    assert Event.objects.get(verb="job.started").actor == asker


def test_starting_hands_the_job_to_a_worker_after_commit(kind, asker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = start_job(kind=kind(lambda progress: None), by=asker)
        assert Job.objects.get(pk=job.pk).status == "queued"
    assert Job.objects.get(pk=job.pk).status == "done"


def test_a_refusal_is_why_it_failed_in_words(kind, asker):
    def work(progress):
        raise Refused("The bank has too few questions.")

    job = done(kind(work), asker)
    assert (job.status, job.error) == ("failed", "The bank has too few questions.")


def test_what_was_not_foreseen_is_told_plainly_and_raised_for_the_log(kind, asker):
    def work(progress):
        raise ZeroDivisionError("secret detail")

    job = start_job(kind=kind(work), by=asker)
    with pytest.raises(ZeroDivisionError):
        run_job(job_id=job.pk)
    job.refresh_from_db()
    assert job.status == "failed"
    assert job.error
    assert "secret" not in job.error


def test_it_speaks_the_language_of_who_asked(kind, asker):
    from django.utils.translation import get_language

    asker.language = "en"
    asker.save()
    job = done(kind(lambda progress: progress.result(language=get_language())), asker)
    assert job.result == {"language": "en"}


# -- once -----------------------------------------------------------------------------------------


def test_of_one_kind_and_key_only_one_stands_open(kind, asker):
    name = kind(lambda progress: None)
    job = start_job(kind=name, by=asker, key="cycle-1")
    with pytest.raises(AlreadyRunning):
        start_job(kind=name, by=asker, key="cycle-1")
    start_job(kind=name, by=asker, key="cycle-2")
    run_job(job_id=job.pk)
    start_job(kind=name, by=asker, key="cycle-1")


def test_a_message_delivered_twice_runs_the_job_once(kind, asker):
    runs = []
    job = done(kind(lambda progress: runs.append(1)), asker)
    run_job(job_id=job.pk)
    assert runs == [1]


def test_a_job_at_work_is_left_alone_and_one_gone_silent_is_taken_over(kind, asker):
    runs = []
    job = start_job(kind=kind(lambda progress: runs.append(1)), by=asker)
    now = timezone.now()
    Job.objects.filter(pk=job.pk).update(status=Status.RUNNING, attempts=1, heartbeat_at=now - timedelta(minutes=2))
    run_job(job_id=job.pk)
    assert runs == []
    Job.objects.filter(pk=job.pk).update(heartbeat_at=now - timedelta(minutes=4))
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert (runs, job.status, job.attempts) == ([1], "done", 2)


def test_a_worker_that_was_taken_for_dead_stops_and_does_not_overwrite_the_other(kind, asker):
    def work(progress):
        if progress.job.attempts == 1:
            Job.objects.filter(pk=progress.job.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=5))
            pulse._at_work.clear()  # another worker, meanwhile, whose process knows nothing of this one
            run_job(job_id=progress.job.pk)
        progress.result(worker=progress.job.attempts)

    job = done(kind(work), asker)
    assert (job.status, job.result) == ("done", {"worker": 2})


def test_after_three_interruptions_it_is_given_up_and_says_so(kind, asker):
    job = start_job(kind=kind(lambda progress: None), by=asker)
    Job.objects.filter(pk=job.pk).update(status=Status.RUNNING, attempts=3, heartbeat_at=timezone.now() - timedelta(minutes=5))
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert job.status == "failed"
    assert "3" in job.error


def test_failures_of_an_interrupted_run_are_not_counted_twice(kind, asker):
    job = start_job(kind=kind(lambda progress: progress.fail("a", "b")), by=asker)
    job.failures.create(label="a", reason="b")
    run_job(job_id=job.pk)
    assert job.failures.count() == 1


def test_the_sweep_puts_lost_jobs_back_to_work(kind, asker, django_capture_on_commit_callbacks):
    name = kind(lambda progress: None)
    waiting, silent, _fresh = (start_job(kind=name, by=asker) for _number in range(3))
    now = timezone.now()
    Job.objects.filter(pk=waiting.pk).update(created_at=now - timedelta(minutes=2))
    Job.objects.filter(pk=silent.pk).update(status=Status.RUNNING, heartbeat_at=now - timedelta(minutes=4))
    with django_capture_on_commit_callbacks(execute=True):
        assert restart_lost_jobs(at=now) == 2
    assert set(Job.objects.filter(status="done")) == {waiting, silent}


# -- stopping -------------------------------------------------------------------------------------


def test_a_waiting_job_is_cancelled_at_once_and_never_runs(kind, asker):
    runs = []
    job = start_job(kind=kind(lambda progress: runs.append(1)), by=asker)
    cancel_job(job=job, by=asker, at=timezone.now())
    run_job(job_id=job.pk)
    assert (Job.objects.get().status, runs) == ("cancelled", [])


def test_a_running_job_stops_at_its_next_step(kind, asker):
    def work(progress):
        cancel_job(job=progress.job, by=asker, at=timezone.now())
        progress.beat()
        raise AssertionError("it went on")

    assert done(kind(work), asker).status == "cancelled"


def test_what_is_done_already_is_not_called_cancelled(kind, asker):
    job = done(kind(lambda progress: cancel_job(job=progress.job, by=asker, at=timezone.now())), asker)
    assert job.status == "done"
    with pytest.raises(Refused):
        cancel_job(job=job, by=asker, at=timezone.now())


# -- the screen -----------------------------------------------------------------------------------


def test_its_page_shows_progress_asks_again_by_itself_and_ends_with_the_result(client, kind, asker):
    name = kind(lambda progress: progress.file("a.txt", b"x"), then=lambda job: "/people/")
    job = start_job(kind=name, by=asker)
    client.force_login(asker)
    url = reverse("job", args=[job.pk])
    page = client.get(url).content.decode()
    assert f'hx-get="{url}"' in page
    assert reverse("job_cancel", args=[job.pk]) in page
    run_job(job_id=job.pk)
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "hx-get" not in part
    assert 'href="/people/"' in part


def test_the_page_of_a_lost_job_puts_it_back_to_work(client, kind, asker, django_capture_on_commit_callbacks):
    job = start_job(kind=kind(lambda progress: None), by=asker)
    Job.objects.filter(pk=job.pk).update(status=Status.RUNNING, heartbeat_at=timezone.now() - timedelta(minutes=4))
    client.force_login(asker)
    with django_capture_on_commit_callbacks(execute=True):
        client.get(reverse("job", args=[job.pk]))
    assert Job.objects.get().status == "done"


@pytest.mark.parametrize("name", ["job", "job_file"])
def test_nobody_sees_another_persons_job(client, kind, asker, name, sign_in):
    job = start_job(kind=kind(lambda progress: None), by=asker)
    Job.objects.filter(pk=job.pk).update(status="done")
    job.result_file.save("x", ContentFile(b"x"))
    url = reverse(name, args=[job.pk])
    assert client.get(url).status_code == 302
    sign_in(make_employee("group_hr"))
    assert client.get(url).status_code == 404
    assert client.post(reverse("job_cancel", args=[job.pk])).status_code == 404


# -- killed, and all at once ----------------------------------------------------------------------

WORKER = """
    import os, sys, time
    os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings"
    import django; django.setup()
    from datetime import timedelta
    from django.utils import timezone
    from lms.jobs.actions import run_job
    from lms.jobs.kinds import job_kind
    from lms.people.models import DealerGroup

    @job_kind("test.slow", title="Slow")
    def slow(progress):
        '''Makes ten groups; finds those that are there already.'''
        progress.total(10)
        for number in range(10):
            _group, made = DealerGroup.objects.get_or_create(code=f"g{number}", defaults={"name_zh": "x"})
            progress.advance()
            print(number, "made" if made else "there", flush=True)
            if number == 4 and sys.argv[2] == "die":
                time.sleep(60)

    late = timezone.now() + timedelta(minutes=4 if sys.argv[2] == "again" else 0)
    run_job(job_id=int(sys.argv[1]), at=late)
"""


@pytest.mark.skipif(not ON_SQLITE, reason="copies the SQLite file that the tests run on")
def test_after_kill_9_in_the_middle_the_job_goes_on_and_nothing_is_doubled(tmp_path):
    file = tmp_path / "copy.sqlite3"
    with sqlite3.connect(connection.settings_dict["NAME"]) as source, sqlite3.connect(file) as copy:
        source.backup(copy)
        copy.execute(
            "INSERT INTO jobs_job (id, kind, key, params, input_file, status, done, result, result_file, result_name, error, attempts,"
            " created_at) VALUES (1, 'test.slow', '', '{}', '', 'queued', 0, '{}', '', '', '', 0, datetime('now'))"
        )
    source.close()
    script = tmp_path / "worker.py"
    script.write_text(textwrap.dedent(WORKER))
    env = {
        **os.environ,
        "LMS_DATABASE_URL": f"sqlite:///{file}",
        "LMS_DATA_DIR": str(tmp_path),
        "PYTHONPATH": os.pathsep.join([os.getcwd(), os.environ["PYTHONPATH"]]),
    }

    def worker(how, **options):
        return subprocess.Popen([sys.executable, script, "1", how], env=env, stdout=subprocess.PIPE, text=True)

    first = worker("die")
    for line in first.stdout:
        if line.startswith("4 "):
            break
    first.send_signal(signal.SIGKILL)
    first.communicate()
    with worker("again") as second:
        said = second.stdout.read().split("\n")
    assert [line.split()[1] for line in said if line] == ["there"] * 5 + ["made"] * 5
    with sqlite3.connect(file) as copy:
        assert copy.execute("SELECT status, done, total, attempts FROM jobs_job").fetchall() == [("done", 10, 10, 2)]
        assert copy.execute("SELECT count(*) FROM people_dealergroup WHERE code LIKE 'g_'").fetchone() == (10,)
    copy.close()


def at_once(number, function):
    """Run the function in so many threads that start together; the exceptions they end with, or None."""
    barrier, ends = threading.Barrier(number), []

    def run():
        barrier.wait()
        try:
            function()
            ends.append(None)
        except Exception as error:
            ends.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _thread in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


@pytest.mark.services
@pytest.mark.skipif(ON_SQLITE, reason="threads need PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_of_workers_that_claim_at_once_one_runs_the_job(kind, asker):
    runs = []
    job = Job.objects.create(kind=kind(lambda progress: (runs.append(1), time.sleep(0.3))), created_by=asker)
    assert at_once(4, lambda: run_job(job_id=job.pk)) == [None] * 4
    job.refresh_from_db()
    assert (runs, job.status, job.attempts) == ([1], "done", 1)


@pytest.mark.services
@pytest.mark.skipif(ON_SQLITE, reason="threads need PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_of_people_who_start_the_same_at_once_one_does_and_the_others_get_a_sentence(kind, asker, monkeypatch):
    monkeypatch.setattr("lms.common.background._send", lambda task, arguments: None)  # nobody works: the job stays open
    name = kind(lambda progress: None)
    ends = at_once(4, lambda: start_job(kind=name, by=None, key="same"))
    assert Job.objects.count() == 1
    assert sorted(type(end).__name__ for end in ends) == ["AlreadyRunning"] * 3 + ["NoneType"]
