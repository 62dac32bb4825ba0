"""Whose a job is: watched, stopped and fetched by its asker alone."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from lms.accounts.models import User
from lms.common.states import WrongHands
from lms.jobs.actions import cancel_job
from lms.jobs.kinds import _kinds, job_kind
from lms.jobs.models import Job
from lms.jobs.permissions import may_fetch, may_watch
from lms.jobs.queries import jobs_visible_to
from tests.factories import make_employee

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
