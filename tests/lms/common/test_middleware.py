"""What no browser sends is refused before anybody reads it."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db
SIGN_IN = reverse("account_login")
BODY = b'--X\r\nContent-Disposition: form-data; name="login"\r\n\r\n\\ud800\r\n--X--\r\n'


@pytest.mark.parametrize("charset", ["hex", "zlib", "rot13", "base64", "undefined", "idna", "unicode_escape", "raw_unicode_escape", "gbk"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=X", "application/x-www-form-urlencoded", "application/json"])
def test_a_body_in_another_writing_than_utf_8_is_not_read(client, kind, charset):
    answer = client.generic("POST", SIGN_IN, BODY, content_type=f"{kind}; charset={charset}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (415, "text/plain")


@pytest.mark.parametrize("charset", ["; charset=utf-8", '; charset="UTF-8"', ""])
def test_utf_8_is_read_however_it_is_named(client, charset):
    answer = client.generic("POST", SIGN_IN, b"login=x&password=y", content_type=f"application/x-www-form-urlencoded{charset}")
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_a_cookie_with_a_sign_that_no_database_keeps_was_never_sent(client):
    assert client.get(SIGN_IN, headers={"cookie": 'pitlane_language="\\000en"'}).status_code == 200
