"""Wagtail's own doors: what no database keeps, no number is, or no picture is, gets an answer that is not a fault of ours."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.images import get_image_model

from courses.catalogue.actions import open_catalogue
from tests.factories import make_employee

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.database,
    pytest.mark.filterwarnings("ignore:Exception ignored in. <function SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"),
]
POISONED = [
    "api/main/pages/?search=%00",
    "api/main/images/?search=%00",
    "api/main/pages/find/?html_path=%00",
    "api/main/pages/?offset=9999999999999999999",
    "api/main/pages/?limit=-1",
    "api/main/pages/?first_published_at=x",
    "api/main/pages/?child_of=" + "9" * 30,
    "tag-autocomplete/?term=%00",
    "snippets/choose/questions/question/chosen-multiple/?id=%00",
    "snippets/choose/questions/question/chosen-multiple/?id=x",
    "images/chooser/chosen-multiple/?id=x",
    "documents/chooser/chosen-multiple/?id=%00",
    "bulk/questions/question/delete/?id=x",
    "bulk/wagtailcore/page/publish/?id=%00",
    "bulk/wagtailimages/image/delete/?id=x",
    "bulk/wagtailcore/page/move/?id=1&id=" + "9" * 30,
]


@pytest.fixture
def author(client):
    open_catalogue()
    client.force_login(make_employee("course_author").user)
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("address", POISONED)
def test_a_poisoned_address_is_refused(author, address):
    assert author.get(f"/studio/{address}").status_code in (302, 400, 403, 404)


@pytest.mark.parametrize("body", ["null", "{", '"x"', '{"a": 1e999}', '{"id": "\\u0000"}'])
def test_a_poisoned_message_is_refused(author, body):
    assert author.patch("/studio/dismissibles/", body, content_type="application/json").status_code in (400, 403, 404)


def picture(kind="PNG"):
    file = io.BytesIO()
    Image.effect_noise((64, 64), 80).save(file, kind)
    return file.getvalue()


WHOLE = {"a.png": picture(), "a.gif": picture("GIF"), "a.jpg": picture("JPEG"), "a.webp": picture("WEBP")}
BROKEN = {
    "head.png": b"\x89PNG\r\n\x1a\n" + bytes(50),
    "head.gif": b"GIF89a\xff\xff\xff\xff",
    "empty.jpg": b"",
    "head.webp": b"RIFF\0\0\0\0WEBP",
} | {f"half {name}": content[: len(content) // 2] for name, content in WHOLE.items()}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize(("door", "field"), [("wagtailimages:add", "file"), ("wagtailimages:add_multiple", "files[]")])
def test_a_picture_whose_upload_broke_off_is_refused_in_words(author, name, door, field):
    file = SimpleUploadedFile(name, BROKEN[name])
    answer = author.post(reverse(door), {"title": "x", "collection": "1", field: file}, headers={"x-requested-with": "XMLHttpRequest"})
    assert answer.status_code == 200
    assert not get_image_model().objects.exists()


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_picture_is_taken(author, name):
    author.post(reverse("wagtailimages:add"), {"title": "x", "collection": "1", "file": SimpleUploadedFile(name, WHOLE[name])})
    assert get_image_model().objects.get().title == "x"
