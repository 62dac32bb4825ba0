"""Pictures and documents that authors upload: shown to whoever is signed in and may see them, to nobody else, and never as a page."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, CollectionViewRestriction

from tests.factories import make_course, make_employee

pytestmark = [
    pytest.mark.django_db,
    # Wagtail lets the working file go, unclosed, when it has made a size of a picture.
    pytest.mark.filterwarnings("ignore:Exception ignored in. <function SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"),
]

Image, Document = get_image_model(), get_document_model()


def make_picture(collection=None):
    values = {"collection": collection} if collection else {}
    return Image.objects.create(title="Lift", file=get_test_image_file("lift.png"), **values)


def make_document(name="manual.pdf", collection=None):
    values = {"collection": collection} if collection else {}
    return Document.objects.create(title="Manual", file=ContentFile(b"%PDF-1.4", name), **values)


def fetched(client, path):
    """The answer, read to its end."""
    answer = client.get(path)
    answer.content_read = answer.getvalue()
    return answer


def closed_to_all_but(position):
    """A collection that only people with the position's role may see."""
    collection = Collection.get_first_root_node().add_child(name="Closed")
    restriction = CollectionViewRestriction.objects.create(collection=collection, restriction_type="groups")
    restriction.groups.set(make_employee(position).user.groups.all())
    return collection


@pytest.fixture
def picture():
    return make_picture().get_rendition("width-100")


def test_a_visitor_is_led_to_the_sign_in(client, picture):
    assert client.get(picture.url).url.startswith(reverse("account_login"))
    assert client.get(make_document().url).url.startswith(reverse("account_login"))
    assert client.get("/documents/987654/nothing.pdf").url.startswith(reverse("account_login"))


def test_whoever_is_signed_in_sees_it_and_their_browser_alone_keeps_it(sign_in, picture):
    answer = fetched(sign_in(make_employee()), picture.url)
    assert answer.status_code == 200
    assert answer.content_read.startswith(b"\x89PNG")
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Cache-Control"] == "private, max-age=86400"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_picture_that_the_browser_has_is_not_sent_again(sign_in, picture):
    client = sign_in(make_employee())
    known = fetched(client, picture.url).headers["ETag"]
    assert client.get(picture.url, headers={"if-none-match": known}).status_code == 304


def test_the_lesson_shows_a_picture_that_can_be_fetched(sign_in):
    course = make_course("lifts", lessons=1)
    lesson = course.get_children().specific().get()
    lesson.body = [("image", make_picture())]
    lesson.save_revision().publish()
    client = sign_in(make_employee())
    page = client.get(reverse("lesson", args=["lifts", lesson.slug])).content.decode()
    address = page.split("<figure><img", 1)[1].split('src="', 1)[1].split('"', 1)[0]
    assert fetched(client, address).status_code == 200


def test_the_original_is_for_people_who_write_pages(client, sign_in):
    original = make_picture().file.url
    assert client.get(original).url.startswith(reverse("account_login"))
    assert sign_in(make_employee()).get(original).status_code == 404
    assert sign_in(make_employee("group_hr")).get(original).status_code == 404
    assert fetched(sign_in(make_employee("course_author")), original).status_code == 200


@pytest.mark.parametrize("inside", [False, True])
def test_a_closed_collection_is_closed_for_its_pictures_and_documents_and_those_of_collections_in_it(sign_in, inside):
    collection = closed_to_all_but("course_author")
    collection = collection.add_child(name="Inside") if inside else collection
    picture, document = make_picture(collection).get_rendition("width-100").url, make_document("m.pdf", collection).url
    stranger = sign_in(make_employee())
    assert stranger.get(picture).status_code == 404
    assert stranger.get(document).status_code != 200
    author = sign_in(make_employee("course_author"))
    assert fetched(author, picture).status_code == 200
    assert fetched(author, document).status_code == 200


def test_a_file_that_is_no_picture_is_never_shown_as_one(sign_in, picture):
    picture.file.storage.save("images/trick.svg", ContentFile(b"<svg onload='alert(1)'/>"))
    picture.__class__.objects.filter(pk=picture.pk).update(file="images/trick.svg")
    answer = fetched(sign_in(make_employee()), "/media/images/trick.svg")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_lost_file_and_an_unknown_name_are_not_found(sign_in, picture):
    client = sign_in(make_employee())
    picture.file.storage.delete(picture.file.name)
    assert client.get(picture.url).status_code == 404
    assert client.get("/media/images/nothing.png").status_code == 404


@pytest.mark.parametrize("name", ["training/2026/11/plan.pdf", "oem/2026/11/e.pdf", "jobs/out/2026/11/pay.csv", "images/../oem/e.pdf"])
def test_no_other_file_of_the_folder_has_an_address(sign_in, name, settings):
    path = settings.MEDIA_ROOT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"secret")
    assert sign_in(make_employee("group_hr")).get(f"/media/{name}").status_code == 404


def test_a_document_is_sent_so_that_nothing_in_it_runs(sign_in):
    answer = fetched(sign_in(make_employee()), make_document("page.txt").url)
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
