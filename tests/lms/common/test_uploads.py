"""A file that is too large is refused by its size: nothing of it is kept, and the form says so with what was typed still there."""

import io
import tempfile
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.certification.models import OEMCertificate
from courses.catalogue.models import Topic
from lms.accounts.models import User
from lms.common import limits
from lms.jobs.models import Job
from lms.people.views.importing import people_import
from tests.factories import make_employee, make_programme, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    """The folder that uploads go to while they come in."""
    folder = tmp_path / "incoming"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def small(monkeypatch, settings):
    """Bounds a thousandth as high, so that tests need no large files."""
    for name in ("DOCUMENT_FILE", "OTHER_FILE"):
        monkeypatch.setattr(limits, name, 20_000)
    monkeypatch.setattr(people_import, "most_uploaded", 20_000)
    monkeypatch.setattr(limits, "READ_OVER", 2_000_000)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000


def file_of(size, name="people.csv", kind="text/csv"):
    return SimpleUploadedFile(name, b"x" * size, kind)


def test_a_table_too_large_is_refused_at_its_field_and_nothing_of_it_is_kept(sign_in, scratch):
    client = sign_in(make_employee("hr_officer"))
    response = client.post(reverse("people_import"), {"file": file_of(limits.TABLE_FILE + 6 * limits.MEGABYTE)})
    assert response.status_code == 200
    assert "20 MB" in str(response.context["form"].errors["file"])
    assert not Job.objects.exists()
    assert not list(scratch.iterdir())


@pytest.mark.parametrize("over", [1, 6_000_000])
def test_evidence_a_little_or_far_too_large_is_refused_with_what_was_typed_still_there(over, sign_in, scratch):
    hr = make_employee("hr_officer")
    values = {"employee": hr.pk, "name": "Bosch ESItronic", "level": 2, "number": "N-7", "issued_on": "2024-03-01"}
    evidence = file_of(limits.EVIDENCE_FILE + over, "e.pdf", "application/pdf")
    response = sign_in(hr).post(reverse("oem_certificate_new"), {"evidence": evidence, **values})
    page = response.content.decode()
    assert response.status_code == 200
    assert "10 MB" in str(response.context["form"].errors["evidence"])
    assert 'value="Bosch ESItronic"' in page
    assert 'value="N-7"' in page
    assert not OEMCertificate.objects.exists()
    assert not list(scratch.iterdir())


def test_material_too_large_is_refused_with_a_sentence_and_the_title_still_there(sign_in, scratch):
    supervisor = make_employee("service_supervisor")
    manager = make_employee("service_manager", dealer=supervisor.dealer)
    presenter = make_employee("advisor", dealer=supervisor.dealer)
    programme = make_programme(SimpleNamespace(dealer=supervisor.dealer, supervisor=supervisor, manager=manager))
    session = make_session(programme, presenter=presenter)
    topic = Topic.objects.filter(track=programme.kind).first() or Topic.objects.create(
        name_zh="题", track=programme.kind, kinds=[programme.kind], code="t"
    )
    values = {"topic": topic.pk, "title": "Greeting a customer", "file": file_of(limits.MATERIAL_FILE + 1, "m.pdf", "application/pdf")}
    response = sign_in(presenter).post(reverse("session_material", args=[session.pk]), values)
    assert response.status_code == 200
    assert 'value="Greeting a customer"' in response.content.decode()
    session.refresh_from_db()
    assert not session.material
    assert not list(scratch.iterdir())


def test_a_table_within_its_bound_is_taken(sign_in, small):
    response = sign_in(make_employee("hr_officer")).post(reverse("people_import"), {"file": file_of(15_000)})
    assert response.status_code == 302
    assert Job.objects.get().input_file.size == 15_000


def test_a_page_that_takes_no_files_keeps_none(sign_in, small, scratch):
    client = sign_in(make_employee("hr_officer"))
    client.post(reverse("notices_read"), {"file": file_of(1_500_000)})
    assert not list(scratch.iterdir())


def test_before_sign_in_nothing_is_kept(client, small, scratch):
    response = client.post(reverse("people_import"), {"file": file_of(15_000)})
    assert response.status_code == 302
    assert "/sign-in/" in response.url
    assert not list(scratch.iterdir())


def test_a_request_longer_than_is_read_over_is_answered_413_unread(sign_in, small, scratch):
    read = []

    class Body(io.BytesIO):
        def read(self, *size):
            read.append(size)
            return super().read(*size)

    client = sign_in(make_employee("hr_officer"))
    environ = {
        "CONTENT_LENGTH": "3000000",
        "CONTENT_TYPE": "multipart/form-data; boundary=b",
        "wsgi.input": Body(b"--b\r\n" + b"x" * 3_000_000),
    }
    response = client.generic("POST", reverse("people_import"), **environ)
    assert response.status_code == 413
    assert "413" in response.content.decode()
    assert not read


def test_several_files_count_together(sign_in, small, scratch):
    files = [file_of(12_000, f"{number}.csv") for number in range(3)]
    response = sign_in(make_employee("hr_officer")).post(reverse("people_import"), {"file": files})
    assert response.status_code == 413
    assert not Job.objects.exists()
    assert not list(scratch.iterdir())


def test_more_fields_or_text_than_any_form_has_are_answered_413_or_400(sign_in):
    client = sign_in(make_employee("hr_officer"))
    url = reverse("people_import")
    assert client.post(url, "a=" + "x" * 6_000_000, content_type="application/x-www-form-urlencoded").status_code == 413
    assert client.post(url, "&".join("a=1" for _n in range(6000)), content_type="application/x-www-form-urlencoded").status_code == 400


@pytest.mark.parametrize(("name", "kind"), [("wagtaildocs:add", "application/pdf"), ("wagtailimages:add", "image/png")])
def test_the_studio_keeps_nothing_too_large_either(name, kind, client, small, settings, scratch):
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20_000
    client.force_login(User.objects.create_superuser("root"))
    response = client.post(reverse(name), {"title": "x", "file": file_of(1_000_000, "x.pdf", kind)})
    assert response.status_code in (200, 413)
    assert not list(scratch.iterdir())
