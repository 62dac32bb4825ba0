"""What a job leaves in words is read by others than who asked, in their own language."""

import inspect

import pytest
from django.urls import reverse
from django.utils.translation import override

from lms.common import bilingual
from lms.common.bilingual import gettext
from lms.common.states import Refused
from lms.jobs.actions import run_job, start_job
from lms.jobs.kinds import NOTHING_STAYS, _kinds, job_kind
from lms.jobs.models import Job
from tests.each import each
from tests.factories import make_employee

pytestmark = pytest.mark.django_db
ROOMS = ("lms.", "courses.", "assessments.", "talent_pool.")


@pytest.fixture
def asker():
    user = make_employee("hr_officer").user
    user.language = "en"
    user.save()
    return user


def refuse(progress):
    progress.fail("T1", gettext("This cell is empty; it must be filled in."))
    raise Refused(gettext("People were changed meanwhile, so nothing was imported. Please try again."))


@pytest.fixture
def kinds():
    before = dict(_kinds)
    yield
    _kinds.clear()
    _kinds.update(before)


def page(client, job, language):
    client.cookies["pitlane_language"] = language
    job.created_by.language = language
    job.created_by.save()
    client.force_login(job.created_by)
    return client.get(reverse("job", args=[job.pk])).text


def test_a_refusal_and_what_failed_are_shown_in_the_language_of_the_reader(kinds, asker, client):
    job_kind("test.refusing", title="x")(refuse)
    job = start_job(kind="test.refusing", by=asker)
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert job.error.startswith("People were changed")
    chinese, english = page(client, job, "zh-hans"), page(client, job, "en")
    assert "导入期间人员资料有变动" in chinese
    assert "此单元格为空" in chinese
    assert "People were changed" not in chinese
    assert "People were changed meanwhile" in english
    assert "This cell is empty" in english


def test_a_job_that_was_stopped_says_so_in_the_language_of_the_reader(kinds, asker, client):
    job_kind("test.stopped", title="x", stopped=NOTHING_STAYS)(lambda progress: None)
    job = start_job(kind="test.stopped", by=asker)
    Job.objects.filter(pk=job.pk).update(cancel_requested_at=job.created_at)
    run_job(job_id=job.pk)
    job.refresh_from_db()
    for language in ("zh-hans", "en"):
        with override(language):
            assert job.why == str(NOTHING_STAYS)


def test_what_an_earlier_release_left_is_read_as_it_is(asker):
    job = Job(kind="x", error="Nobody could say why.")
    assert job.why == "Nobody could say why."


def refusing_modules():
    """Where the work of the jobs stands: the modules whose functions a job's module calls."""
    for kind in _kinds.values():
        for value in vars(inspect.getmodule(kind.function)).values():
            module = inspect.getmodule(value)
            if inspect.isroutine(value) and module and module.__name__.startswith(ROOMS) and "raise " in inspect.getsource(module):
                yield module


def test_what_a_job_may_refuse_can_be_said_in_either_language():
    modules = [module for module in each(set(refusing_modules())) if hasattr(module, "_")]
    assert len(modules) > 3
    assert [module.__name__ for module in modules if module._ is not bilingual.gettext] == []
