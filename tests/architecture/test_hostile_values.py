"""No number, however odd, stops the server: every address and every form with values that nobody sends in good faith.

What is answered is a page, a refusal or “not found”, within two seconds of work; never an error.
"""

import re
import signal
import time
from contextlib import contextmanager
from html.parser import HTMLParser
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.urls import Resolver404, URLPattern, get_resolver, resolve, reverse
from django.utils.regex_helper import normalize

from lms.accounts.models import User
from tests.architecture.test_access import ARGUMENTS, TABLE, houses  # noqa: F401

VALUES = {
    "zero": "0",
    "below zero": "-1",
    "beyond 31 bits": "2147483648",
    "beyond 63 bits": "9223372036854775808",
    "thirty digits": "1" + "0" * 30,
    "five thousand digits": "9" * 5000,
    "full-width digits": "１２",
    "Arabic digit": "٣",
    "a digit that is no number": "²",
    "NUL": "1\x00",
    "year zero": "0000-1",
    "the first day": "0001-01-01",
    "the last day": "9999-12-31",
    "a year too far": "99999-4",
    "not a number": "NaN",
    "endless": "1e999",
    "a token below zero": "1h.-1.x",
    "half a character": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "a bell": "李\x07雷",
    "nothing to see": "\u200b\u202e",
    "an error of a spreadsheet": "#N/A",
    "two lines": "a\r\nb",
    "a list": "1,2,3" + ",4" * 3000,
}
SECONDS = 2  # of work for one answer
PARAMETERS = [
    "page", "after", "before", "queue", "sort", "q", "dealer", "quarter", "week", "view", "position", "level", "status", "state", "track",
    "year", "to_level", "sits", "outcome", "swap", "programme", "topic", "kind", "next", "p", "per_page", "ordering", "locale", "date_from", "collection_id",
]  # fmt: skip


@contextmanager
def alarmed():
    """A request that never ends ends here."""

    def ring(*_signal):
        raise TimeoutError("no end in sight")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(20)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def fault(send):
    """What is wrong with the answer to a request, or an empty text. Whatever the request changed is undone."""
    began = time.process_time()
    try:
        with transaction.atomic(), alarmed():
            response = send()
            for close in getattr(response, "_resource_closers", []):
                close()
            transaction.set_rollback(True)
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:200]
    took = time.process_time() - began
    return f"status {response.status_code}" if response.status_code >= 500 else f"{took:.1f} s" if took > SECONDS else ""


def walk(patterns, value, before="/"):
    """(name, path) of every pattern that takes a value, with the same value in each place."""
    for pattern in patterns:
        path = before + filled(pattern.pattern, value)
        if not isinstance(pattern, URLPattern):
            yield from walk(pattern.url_patterns, value, path)
        elif value in path:
            yield pattern.name or "", path


def filled(pattern, value):
    route = str(getattr(pattern, "_route", "") or "")
    if route or not getattr(pattern, "_regex", ""):
        return re.sub(r"<(?:\w+:)?\w+>", lambda _found: value, route)
    (text, names), *_others = normalize(pattern._regex)
    return text % dict.fromkeys(names, value)


def leads_somewhere(path):
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


WRITERS = {"owner", "supervisor", "group_hr", "author"}  # between them they may send whatever can be sent
IN_QUERIES = [
    "below zero", "beyond 63 bits", "five thousand digits", "Arabic digit", "a digit that is no number", "NUL", "year zero", "the first day",
    "the last day", "not a number", "a list",
]  # fmt: skip
IN_ADDRESSES = [
    "zero", "below zero", "beyond 31 bits", "beyond 63 bits", "thirty digits", "five thousand digits", "Arabic digit", "NUL", "a token below zero",
]  # fmt: skip


def addresses(studio):
    """Those that any of the values leads to; the others are “not found” before anything reads the value."""
    for words in IN_ADDRESSES:
        value = VALUES[words]
        for name, path in walk(get_resolver().url_patterns, value):
            if path.startswith(("/studio/", "/documents/")) == studio and leads_somewhere(path):
                yield f"{name} with {words}", quote(path)


WITH_WORDS = (
    "/training/check-in/",
    "/learn/",
    "/verify/",
    "/people/import/template",
    "/schools/import/",
    "/labour/rules/",
    "/pay/exports/",
    "/media/",
)  # slugs and tokens, not numbers


def test_numbers_beyond_a_column_lead_to_no_page_of_ours():
    ours = {path for _name, path in addresses(studio=False)}
    assert len(ours) > 60
    assert not [path for path in ours if re.search(r"\d{19}", path) and not path.startswith(WITH_WORDS)]


def routes(patterns, before=""):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        yield from [route] if isinstance(pattern, URLPattern) else routes(pattern.url_patterns, route)


def test_every_address_of_ours_bounds_its_numbers():
    """`<int:…>` takes any number of digits; `<number:…>` is ours."""
    ours = [route for route in routes(get_resolver().url_patterns) if not route.startswith(("studio/", "documents/"))]
    assert sum("<number:" in route for route in ours) > 40
    assert not [route for route in ours if "<int:" in route]


@pytest.mark.django_db
@pytest.mark.parametrize("persona", ["owner", "supervisor", "gm", "group_hr", "watcher", "examiner", "author"])
def test_no_value_in_an_address_of_ours_brings_an_error(persona, houses, client):  # noqa: F811
    client.force_login(getattr(houses[0], persona).user)
    faults = []
    for name, path in addresses(studio=False):
        for method in ("get", "post") if persona in WRITERS else ("get",):
            if wrong := fault(lambda method=method, path=path: getattr(client, method)(path)):
                faults.append(f"{method} {name}: {wrong}")
    assert not faults, "\n".join(faults)


@pytest.mark.django_db
def test_no_value_in_an_address_of_the_studio_brings_an_error(client):
    """For an administrator, who is let in everywhere."""
    client.force_login(User.objects.create_superuser("root"))
    faults = []
    for name, path in addresses(studio=True):
        if wrong := fault(lambda path=path: client.get(path)):
            faults.append(f"{name}: {wrong}")
    assert not faults, "\n".join(faults)


def url_of(name, house):
    record = TABLE[name][0]
    arguments = ARGUMENTS[record](house) if record in ARGUMENTS else (getattr(house, record).pk,) if record else ()
    return reverse(name, args=arguments)


@pytest.mark.django_db
@pytest.mark.parametrize("words", IN_QUERIES)
def test_no_value_in_a_query_brings_an_error(words, houses, client):  # noqa: F811
    query = urlencode(dict.fromkeys(PARAMETERS, VALUES[words]))
    faults = []
    for name, (_record, ours, _theirs) in TABLE.items():
        for persona in sorted(ours)[-1:]:
            client.force_login(getattr(houses[0], persona).user)
            url = url_of(name, houses[0])
            if wrong := fault(lambda url=url: client.get(f"{url}?{query}")):
                faults.append(f"{name} as {persona}: {wrong}")
    assert not faults, "\n".join(faults)


class Fields(HTMLParser):
    """The names of what a page's forms send."""

    def __init__(self):
        super().__init__()
        self.names = set()

    def handle_starttag(self, tag, attributes):
        name = dict(attributes).get("name")
        if tag in ("input", "select", "textarea", "button") and name and name != "csrfmiddlewaretoken":
            self.names.add(name)


def fields_of(client, url):
    parser = Fields()
    with transaction.atomic():
        response = client.get(url)
        if response.status_code == 200 and "html" in response.headers["Content-Type"]:
            parser.feed(response.content.decode())
        for close in getattr(response, "_resource_closers", []):
            close()
        transaction.set_rollback(True)
    return parser.names


HAND_READ = [
    "change",
    "versions",
    "try",
    "programme",
    "preview",
    "quarter",
    "seen",
    "do",
    "with_answers",
    "language",
    "next",
    "step",
    "reason",
    "text",
]


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(name for name, (_record, ours, _theirs) in TABLE.items() if ours))
def test_no_value_in_a_form_brings_an_error(name, houses, client):  # noqa: F811
    house = houses[0]
    url, faults = url_of(name, house), []
    for persona in sorted(TABLE[name][1])[-1:]:
        client.force_login(getattr(house, persona).user)
        fields = fields_of(client, url) | set(HAND_READ)
        for words, value in VALUES.items():
            odd_names = {f"state-{value}": "present", f"v{value}": value, f"c{value}": value}
            if wrong := fault(lambda value=value, fields=fields, odd=odd_names: client.post(url, dict.fromkeys(fields, value) | odd)):
                faults.append(f"{words} as {persona}: {wrong}")
    assert not faults, "\n".join(faults)


MESSAGES = {
    "a number without end": '{"item": 1e999, "sequence": 1, "response": "a"}',
    "an answer without end": '{"item": %d, "sequence": 1, "response": 1e999}',
    "not a number": '{"item": %d, "sequence": 1, "response": NaN}',
    "thirty digits": '{"item": %d, "sequence": 1000000000000000000000000000000, "response": "a"}',
    "five thousand digits": '{"item": %d, "sequence": 1, "response": ' + "9" * 5000 + "}",
    "very deep": '{"item": %d, "sequence": 1, "response": ' + "[" * 900 + "]" * 900 + "}",
    "deeper than Python reads": "[" * 100_000,
    "half a character": '{"item": %d, "sequence": 1, "response": "\\ud800"}',
    "NUL": '{"item": %d, "sequence": 1, "response": "\\u0000"}',
    "kinds that are none": '{"kinds": {"a": 1}}',
    "a list of nothing": "[null]",
    "no JSON": "\x00",
    "too long": '{"kinds": ["' + "x" * 600_000 + '"]}',
}


@pytest.mark.django_db
@pytest.mark.parametrize("words", MESSAGES)
@pytest.mark.parametrize("name", ["exam_save", "exam_event", "exam_late"])
def test_no_message_of_the_runner_brings_an_error(name, words, houses, client):  # noqa: F811
    house = houses[0]
    client.force_login(house.owner.user)
    item = house.paper.items.first().pk
    url, body = reverse(name, args=[house.attempt.pk]), MESSAGES[words].replace("%d", str(item))
    statuses = []

    def send():
        response = client.post(url, body, content_type="application/json")
        statuses.append(response.status_code)
        return response

    assert not fault(send)
    assert statuses == [400]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["pitlane_session", "pitlane_csrf", "pitlane_language", "messages"])
@pytest.mark.parametrize("value", [r'"\000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"', "9" * 4000, r'"\377\376"', "zh-hans-xx-yy-zz"])
def test_no_cookie_brings_an_error(name, value, client):
    client.cookies.clear()
    assert not fault(lambda: client.get("/sign-in/", headers={"Cookie": f"{name}={value}"}))
    assert not fault(lambda: client.get("/", headers={"Cookie": f"{name}={value}"}))
