"""The page for what broke is there when the database, and with it session, cache and everything else, is not.

These tests have no database: whatever asks for it is refused.
"""

import pytest
from django.core.signals import got_request_exception
from django.test import Client

ZH, EN = "系统出了点问题", "Something broke on our side"


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/studio/", "/verify/ABCDEFGH/"])
def test_the_page_needs_no_database(visitor, path):
    errors = []
    got_request_exception.connect(lambda **told: errors.append(told), weak=False, dispatch_uid="here")
    visitor.cookies["pitlane_session"] = "a" * 32
    response = visitor.get(path)
    got_request_exception.disconnect(dispatch_uid="here")
    assert (response.status_code, response["Content-Type"]) == (500, "text/html; charset=utf-8")
    assert len(errors) == 1
    assert "<h1>" in response.content.decode()


@pytest.mark.parametrize(
    ("cookie", "browser", "title"), [("", "en", EN), ("", "zh-CN", ZH), ("en", "zh-CN", EN), ("zh-hans", "en", ZH), ("xx", "xx", ZH)]
)
def test_the_page_speaks_the_language_of_the_cookie_or_the_browser(visitor, cookie, browser, title):
    visitor.cookies["pitlane_session"], visitor.cookies["pitlane_language"] = "a" * 32, cookie
    response = visitor.get("/", HTTP_ACCEPT_LANGUAGE=browser)
    assert title in response.content.decode()
    assert response["Content-Language"] == {EN: "en", ZH: "zh-hans"}[title]
