"""One sign-in for the whole house, the course studio's too, and nothing private in anybody's cache."""

import pytest
from django.urls import reverse

from tests.factories import make_course, make_employee

pytestmark = pytest.mark.django_db

SIGN_IN = reverse("account_login")


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/studio/login/", SIGN_IN),
        ("/studio/login/?next=/studio/pages/", f"{SIGN_IN}?next=/studio/pages/"),
        ("/studio/password_reset/", reverse("account_reset_password")),
        ("/studio/password_reset/confirm/MQ/set-password/", reverse("account_reset_password")),
        ("/studio/password_reset/done/", reverse("account_reset_password")),
    ],
)
def test_the_studios_own_pages_for_signing_in_lead_to_ours(client, path, leads_to):
    assert client.get(path).url == leads_to


def test_the_studios_sign_in_takes_no_password(client):
    person = make_employee("course_author")
    client.post("/studio/login/", {"username": person.number, "password": "Steady-hands-42"})
    assert "_auth_user_id" not in client.session


def test_the_studios_sign_out_signs_out_of_everything(sign_in):
    client = sign_in(make_employee("course_author"))
    client.post("/studio/logout/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["/studio/", "/studio/pages/", "/studio/account/", "/studio/nothing/at/all/"])
def test_whoever_lacks_the_studios_right_reads_why_and_is_not_sent_round_in_circles(sign_in, path):
    answer = sign_in(make_employee("advisor")).get(path)
    assert answer.status_code == 403
    assert "403.html" in [template.name for template in answer.templates]


def test_an_author_enters_the_studio(sign_in):
    assert sign_in(make_employee("course_author")).get("/studio/").status_code == 200


def test_a_visitor_is_sent_from_the_studio_to_the_sign_in_and_back(client):
    assert client.get("/studio/").url == f"{SIGN_IN}?next=/studio/"


@pytest.mark.parametrize("name", ["today", "my_pay", "growth", "account", "notices"])
def test_a_private_page_is_kept_by_no_cache(sign_in, name):
    header = sign_in(make_employee("advisor")).get(reverse(name)).headers["Cache-Control"]
    assert "no-store" in header
    assert "private" in header


def test_an_export_is_kept_by_no_cache(sign_in):
    answer = sign_in(make_employee("hr_officer")).get(reverse("people"), {"export": "csv"})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_studio_and_a_refusal_are_kept_by_no_cache(sign_in):
    make_course("one", lessons=1)
    client = sign_in(make_employee("course_author"))
    for path in ("/studio/", "/studio/pages/", "/people/", "/nothing/here/"):
        assert "no-store" in client.get(path).headers["Cache-Control"], path
