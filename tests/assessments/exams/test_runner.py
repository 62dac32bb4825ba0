"""The exam runner in Chromium on a 360 px phone: nothing given is lost, and the clock hands in."""

import os
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect, sync_playwright

from assessments.answers.models import Response
from assessments.exams.models import Attempt, Sitting
from lms.common import triggers
from tests.factories.assessments import items_of, make_attempt, make_papers, responses, responses_given

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(autouse=True)
def _flushable(transactional_db):
    """SQLite empties tables row by row, which the append-only triggers refuse; `post_migrate` puts them back."""
    yield
    triggers.drop_all()


@pytest.fixture
def phone(live_server, monkeypatch):
    """`phone(user)` → a page on a device of its own, signed in, whose errors fail the test."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop is not ours
    errors = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)

        def phone(user, path):
            client = Client()
            client.force_login(user)
            context = browser.new_context(viewport={"width": 360, "height": 740}, locale="en-GB")
            context.add_cookies([{"name": "pitlane_session", "value": client.cookies["pitlane_session"].value, "url": live_server.url}])
            page = context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(live_server.url + path)
            return page

        yield phone
        browser.close()
    assert not errors


@pytest.fixture
def attempt():
    now = timezone.now()
    paper = make_papers(opens_at=now - timedelta(minutes=5), closes_at=now + timedelta(hours=2))[0]
    return make_attempt(paper, at=now)


def give(page, item, response):
    """Answer the question of the item: go there by the palette, choose or type."""
    page.locator(f'.runner-side .palette a[href="#q{item.number}"]').click()
    section = page.locator(f"#q{item.number}")
    if item.version.content["kind"] == "number":
        section.locator("input").fill(response[0])
        return
    for value in response:
        section.locator(f'input[value="{value}"]').check()


def test_answers_survive_a_lost_network_and_another_device_and_are_handed_in(phone, attempt):
    items, right = items_of(attempt.paper), responses(attempt.paper)
    path, user = f"/exams/attempts/{attempt.pk}/", attempt.paper.candidate.user
    page = phone(user, path)
    saved = page.locator("#saved")
    give(page, items[0], right[items[0].pk])
    expect(saved).to_have_text(re.compile(r"Saved \d\d:\d\d:\d\d"))

    page.context.set_offline(True)
    give(page, items[1], right[items[1].pk])
    expect(saved).to_have_text("Offline: 1 answer kept on this device, will be sent")
    page.context.set_offline(False)
    expect(saved).to_have_text(re.compile("Saved"), timeout=10_000)
    assert Response.objects.count() == 2

    other = phone(user, path)
    expect(other.locator("#q3")).to_be_visible()  # goes on at the first that is open
    assert other.locator(f"#q{items[0].number} :checked").count() or items[0].version.content["kind"] == "number"
    give(other, items[2], right[items[2].pk])
    other.locator("[data-review]").click()
    expect(other.locator("#review-open-list")).to_have_text("4")
    other.locator("#review-open-list a").click()
    give(other, items[3], right[items[3].pk])
    other.locator("#next").click()
    expect(other.locator("#review-open")).to_have_text("All questions are answered.")
    other.locator("#hand-in").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Your paper is handed in")
    attempt.refresh_from_db()
    assert (attempt.status, attempt.score, attempt.by_clock) == (Attempt.Status.MARKED, 100, False)


def test_what_is_no_number_is_said_at_the_question_until_it_is_mended(phone, attempt):
    item = next(item for item in items_of(attempt.paper) if item.version.content["kind"] == "number")
    page = phone(attempt.paper.candidate.user, f"/exams/attempts/{attempt.pk}/")
    note = page.locator(f"#q{item.number} [data-note]")
    give(page, item, ["abc"])
    expect(note).to_contain_text("“abc” is no number")
    assert responses_given(attempt) == {item.pk: ["abc"]}
    give(page, item, ["3.2 mm"])
    expect(note).to_be_hidden()
    assert responses_given(attempt) == {item.pk: ["3.2 mm"]}


def test_of_two_devices_the_older_says_so_and_what_it_had_is_not_lost(phone, attempt):
    Attempt.objects.update(started_at=timezone.now() - timedelta(minutes=1))
    items, right = items_of(attempt.paper), responses(attempt.paper)
    path, user = f"/exams/attempts/{attempt.pk}/", attempt.paper.candidate.user
    older = phone(user, path)
    older.context.set_offline(True)
    give(older, items[0], right[items[0].pk])
    expect(older.locator("#saved")).to_contain_text("Offline: 1 answer")
    newer = phone(user, path)
    older.context.set_offline(False)
    expect(older.locator("#over")).to_contain_text("This paper was opened in another place", timeout=10_000)
    assert responses_given(attempt) == {items[0].pk: right[items[0].pk]}
    expect(older.locator("#next")).to_be_disabled()
    give(newer, items[1], right[items[1].pk])
    expect(newer.locator("#saved")).to_have_text(re.compile("Saved"))
    expect(newer.locator("#over")).to_be_hidden()
    older.reload()
    give(older, items[2], right[items[2].pk])
    expect(older.locator("#saved")).to_have_text(re.compile("Saved"))
    assert responses_given(attempt) == {item.pk: right[item.pk] for item in items[:3]}


def test_of_two_tabs_the_newer_takes_over_what_the_older_still_held(phone, attempt):
    item = items_of(attempt.paper)[0]
    older = phone(attempt.paper.candidate.user, f"/exams/attempts/{attempt.pk}/")
    older.route("**/save/", lambda route: route.abort())
    give(older, item, responses(attempt.paper)[item.pk])
    expect(older.locator("#saved")).to_contain_text("Offline: 1 answer")
    newer = older.context.new_page()
    newer.goto(older.url)
    expect(older.locator("#over")).to_contain_text("This paper was opened in another place")
    expect(newer.locator("#saved")).to_have_text(re.compile("Saved"))
    assert responses_given(attempt) == {item.pk: responses(attempt.paper)[item.pk]}


def test_time_s_end_hands_in_by_itself_with_what_was_given_last(phone, attempt):
    Sitting.objects.update(grace_seconds=3)
    Attempt.objects.update(ends_at=timezone.now() + timedelta(seconds=6))
    item = items_of(attempt.paper)[0]
    page = phone(attempt.paper.candidate.user, f"/exams/attempts/{attempt.pk}/")
    give(page, item, responses(attempt.paper)[item.pk])
    expect(page.get_by_role("heading", level=1)).to_have_text("Your paper is handed in", timeout=60_000)
    attempt.refresh_from_db()
    assert (attempt.status, attempt.score, attempt.by_clock) == (Attempt.Status.MARKED, 25, True)


def test_extra_time_allowed_meanwhile_is_followed_and_not_cut_off(phone, attempt):
    Attempt.objects.update(ends_at=timezone.now() + timedelta(seconds=3))
    page = phone(attempt.paper.candidate.user, f"/exams/attempts/{attempt.pk}/")
    Attempt.objects.update(ends_at=timezone.now() + timedelta(minutes=15))
    expect(page.locator("#clock")).to_have_text(re.compile(r"^14:"), timeout=25_000)
    expect(page.locator("#next")).to_be_enabled()


def test_ten_five_and_one_minute_are_announced(phone, attempt):
    for minutes, words in [(10, "10 minutes left"), (5, "5 minutes left"), (1, "1 minute left")]:
        Attempt.objects.update(ends_at=timezone.now() + timedelta(minutes=minutes, seconds=3))
        page = phone(attempt.paper.candidate.user, f"/exams/attempts/{attempt.pk}/")
        expect(page.locator("#announce")).to_have_text(words, timeout=10_000)
