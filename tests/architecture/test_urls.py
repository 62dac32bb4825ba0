"""A new page can't forget its lock: every address the resolver knows is asked for by a visitor and by someone without a role."""

import re

import pytest
from django.urls import URLPattern, get_resolver
from django.utils.regex_helper import normalize

from tests.factories import make_employee

# Open to anyone: signing in, a lost password, a certificate's QR code, the language, the load balancer's question.
PUBLIC = {
    "account_login",
    "account_logout",
    "mfa_authenticate",  # the second step of a sign-in that has begun; without one it leads back
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "set_language",
    "health",
    "verify",
    "styleguide",
    # Wagtail's own: its sign-in leads to ours, texts and icons of its editor hold no data
    "wagtailadmin_login",
    "wagtailadmin_logout",
    "wagtailadmin_sprite",
    "wagtailadmin_javascript_catalog",
    "wagtaildocs_authenticate_with_password",
}
# Open to anyone who has signed in: one's own day, account, notices and jobs.
EVERYONE = {
    "today",
    "audit_mine",
    "coming",
    "account",
    "account_change_password",
    "account_set_password",
    "account_reauthenticate",
    "my_sessions",
    "sessions_end_others",
    "second_factor",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_list_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "notices",
    "notices_read",
    "notice",
}
VALUES = {
    "int": "987654",
    "number": "987654",
    "slug": "nothing",
    "str": "nothing",
    "path": "nothing",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


def addresses():
    """(name, path) of every pattern, with values that lead to no record."""
    return sorted({(name, "/" + path) for name, path in walk(get_resolver().url_patterns, "")})


def walk(patterns, before):
    for pattern in patterns:
        path = before + filled(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield pattern.name or "", path
        else:
            yield from walk(pattern.url_patterns, path)


def filled(pattern):
    route = str(getattr(pattern, "_route", "") or "")
    if route or not getattr(pattern, "_regex", ""):
        return re.sub(r"<(?:(\w+):)?\w+>", lambda found: VALUES.get(found.group(1) or "str", "nothing"), route)
    (text, names), *_others = normalize(pattern._regex)
    return text % dict.fromkeys(names, "987654")


ALL = addresses()


def test_the_walk_finds_the_pages():
    names = {name for name, _path in ALL}
    assert {"today", "pay_changes", "account_login", "wagtailadmin_home"} <= names
    assert len(ALL) > 80


def is_sign_in(response):
    """Led to the sign-in, by Wagtail's own address too, or (from Wagtail's pages for a lost password) to our page for that."""
    places = ("/sign-in/", "/studio/login/")
    return response.status_code == 302 and (any(place in response.url for place in places) or response.url == "/password/reset/")


def refused(response):
    return is_sign_in(response) or response.status_code in {401, 403, 404, 405, 410}


@pytest.mark.django_db
def test_a_signed_out_visitor_gets_nothing_but_the_sign_in(client):
    open_ones = []
    for name, path in ALL:
        if name in PUBLIC:
            continue
        response = client.get(path)
        if response.status_code == 405:
            response = client.post(path)
        if not refused(response):
            open_ones.append(f"{name} {path}: {response.status_code}")
    assert not open_ones


@pytest.mark.django_db
def test_our_own_pages_lead_a_visitor_to_the_sign_in(client):
    """Not 404: what a visitor is told may not depend on whether the record exists."""
    wrong = []
    for name, path in ALL:
        if name in PUBLIC or path.startswith("/studio/"):
            continue
        response = client.get(path)
        if response.status_code == 405:
            response = client.post(path)
        if not is_sign_in(response):
            wrong.append(f"{name} {path}: {response.status_code}")
    assert not wrong


@pytest.mark.django_db
def test_someone_without_a_role_gets_nothing_but_their_own_day(client):
    employee = make_employee()
    employee.user.groups.clear()
    client.force_login(employee.user)
    open_ones = []
    for name, path in ALL:
        if name in PUBLIC | EVERYONE:
            continue
        response = client.get(path)
        if response.status_code == 405:
            response = client.post(path)
        if not refused(response):
            open_ones.append(f"{name} {path}: {response.status_code}")
    assert not open_ones
