"""Whose a job is: watched, stopped and fetched by its asker alone."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from lms.accounts.models import User
from lms.common.states import WrongHands
from lms.jobs.actions import cancel_job, forget_files
from lms.jobs.kinds import _kinds, job_kind
from lms.jobs.models import Job, JobFailure
from lms.jobs.permissions import may_fetch, may_watch
from lms.jobs.queries import jobs_visible_to
from lms.people.models import Employee
from tests.factories import make_dealer, make_employee

pytestmark = pytest.mark.django_db


@pytest.fixture
def kinds():
    """Two kinds: one gives a file, the other leads on to a page that decides who reads it."""
    job_kind("tests.gives_a_file", title="x")(lambda progress: None)
    job_kind("tests.leads_on", title="x", then=lambda job: "/people/")(lambda progress: None)
    yield
    for name in ("tests.gives_a_file", "tests.leads_on"):
        del _kinds[name]


@pytest.fixture
def asker():
    return make_employee("hr_officer").user


def made(asker, kind="tests.gives_a_file", status="done"):
    job = Job.objects.create(kind=kind, created_by=asker, status=status, result_name="list.csv")
    job.result_file.save("x", ContentFile(b"pay"))
    return job


@pytest.mark.parametrize("who", ["colleague", "group_hr", "root", "system"])
def test_a_job_is_stopped_by_whoever_asked_for_it(asker, who):
    job = made(asker, status="queued")
    by = {
        "colleague": lambda: make_employee("hr_officer").user,
        "group_hr": lambda: make_employee("group_hr").user,
        "root": lambda: User.objects.create_superuser("root"),
        "system": lambda: None,
    }[who]()
    with pytest.raises(WrongHands):
        cancel_job(job=job, by=by, at=timezone.now())
    job.refresh_from_db()
    assert job.status == "queued"
    cancel_job(job=job, by=asker, at=timezone.now())
    job.refresh_from_db()
    assert job.status == "cancelled"


def test_a_finished_file_is_fetched_by_its_asker_alone(client, kinds, asker):
    url = reverse("job_file", args=[made(asker).pk])
    client.force_login(asker)
    assert b"".join(client.get(url).streaming_content) == b"pay"
    for other in (make_employee("group_hr").user, User.objects.create_superuser("root")):
        client.force_login(other)
        assert client.get(url).status_code == 404


def test_a_list_made_in_one_standing_is_not_fetched_in_another(client, kinds, asker):
    """Of HR's list of people nothing is left for the same person as an advisor, nor at another dealer."""
    from lms.jobs.permissions import standing_of

    job = made(asker)
    Job.objects.filter(pk=job.pk).update(result={"standing": standing_of(asker)})
    elsewhere = make_dealer("elsewhere")
    url, page = reverse("job_file", args=[job.pk]), reverse("job", args=[job.pk])
    client.force_login(asker)
    assert b"".join(client.get(url).streaming_content) == b"pay"
    for change in ({"position": make_employee("advisor").position}, {"dealer": elsewhere}):
        before = {name: getattr(asker.employee, name) for name in change}
        Employee.objects.filter(pk=asker.employee.pk).update(**change)
        assert client.get(url).status_code == 404
        assert "Have it made again from the list." in client.get(page, headers={"accept-language": "en"}).text
        Employee.objects.filter(pk=asker.employee.pk).update(**before)
    assert b"".join(client.get(url).streaming_content) == b"pay"


def test_what_jobs_were_given_and_made_is_deleted_a_month_after_they_ended(asker):
    """Only the files and what failed by name: the job itself stays, and so does what a younger one made."""
    now = timezone.now()
    old, young = made(asker, "lists.export"), made(asker, "lists.export")
    old.input_file.save("in", ContentFile(b"names"))
    JobFailure.objects.create(job=old, label="张三", reason="x")
    Job.objects.filter(pk=old.pk).update(finished_at=now - timedelta(days=31), result={"created": 3})
    Job.objects.filter(pk=young.pk).update(finished_at=now - timedelta(days=29))
    files = [old.input_file.path, old.result_file.path]
    assert (forget_files(at=now), forget_files(at=now)) == (1, 0)
    assert [Path(name).exists() for name in files] == [False, False]
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.result, bool(old.result_file), old.failures.count()) == ({"created": 3}, False, 0)
    assert Path(young.result_file.path).read_bytes() == b"pay"


def test_the_page_of_a_deleted_file_says_so(client, asker):
    job = made(asker, "lists.export")
    Job.objects.filter(pk=job.pk).update(finished_at=timezone.now() - timedelta(days=31))
    forget_files(at=timezone.now())
    client.force_login(asker)
    assert "kept for 30 days" in client.get(reverse("job", args=[job.pk]), headers={"accept-language": "en"}).text


@pytest.mark.parametrize("status", ["queued", "running", "failed", "cancelled"])
def test_an_unfinished_jobs_file_is_nobodys(client, kinds, asker, status):
    client.force_login(asker)
    assert client.get(reverse("job_file", args=[made(asker, status=status).pk])).status_code == 404


def test_what_leads_on_to_a_page_of_its_own_is_not_fetched_past_that_page(client, kinds, asker):
    job = made(asker, kind="tests.leads_on")
    client.force_login(asker)
    page = client.get(reverse("job", args=[job.pk]))
    assert 'href="/people/"' in page.text
    assert client.get(reverse("job_file", args=[job.pk])).status_code == 404


def test_a_closed_account_has_no_jobs(kinds, asker):
    job = made(asker)
    User.objects.filter(pk=asker.pk).update(is_active=False)
    gone = User.objects.get(pk=asker.pk)
    assert not may_watch(gone, job)
    assert not jobs_visible_to(gone).exists()


def test_a_job_without_a_file_has_none_to_fetch(kinds, asker):
    from lms.jobs.kinds import kind_of

    job = Job.objects.create(kind="tests.gives_a_file", created_by=asker, status="done")
    assert may_watch(asker, job)
    assert not may_fetch(asker, job, kind_of(job.kind))
