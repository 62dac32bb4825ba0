"""Two people and an ended session, as they are seen in Chromium: the second is told, and what was typed is there again."""

import os
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect, sync_playwright

from courses.training.actions.attendance import call_roll
from courses.training.actions.sessions import close_session, move_session, start_session
from courses.training.models import Attendance, Reflection, Session
from lms.common import triggers
from tests.factories import make_employee, make_floor, make_practical, make_programme, make_running_session, make_session, points_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
PASSWORD = "a-Long-and-good-1"


@pytest.fixture(autouse=True)
def _flushable(transactional_db):
    """SQLite empties tables row by row, which the append-only triggers refuse; `post_migrate` puts them back."""
    yield
    triggers.drop_all()


@pytest.fixture
def device(live_server, monkeypatch):
    """`device(person, path)` → a page on a phone of its own, signed in, whose errors fail the test."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop is not ours
    errors = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)

        def device(person, path):
            person.user.set_password(PASSWORD)
            person.user.save()
            client = Client()
            client.force_login(person.user)
            context = browser.new_context(viewport={"width": 390, "height": 800}, locale="en-GB")
            context.add_cookies([{"name": "pitlane_session", "value": client.cookies["pitlane_session"].value, "url": live_server.url}])
            page = context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(live_server.url + path)
            return page

        yield device
        browser.close()
    assert not errors


def sign_in_again(page, person):
    page.fill("[name=login]", person.user.username)
    page.fill("[name=password]", PASSWORD)
    page.click("form[action^='/sign-in/'] button.go")


def test_the_second_at_a_roll_call_is_told_and_finds_what_they_marked(device):
    floor = make_floor()
    held, one = make_running_session(make_programme(floor)), floor.advisors[0]
    page = device(floor.supervisor, f"/training/sessions/{held.pk}/")
    mark = page.locator(f"input[name=state-{one.pk}][value=absent]")
    mark.check(force=True)
    call_roll(session=held, states={one.pk: "late"}, by=floor.manager.user, at=timezone.now())
    page.click("#roll-form button:not(.go)")
    expect(page.locator("#messages")).to_contain_text("This was changed meanwhile, so nothing was saved.")
    expect(mark).to_be_checked()
    assert Attendance.objects.get(session=held, employee=one).state == "late"


def test_the_second_who_moves_a_session_is_told_in_the_open_form(device):
    floor = make_floor()
    day = timezone.localdate() + timedelta(days=21)
    day += timedelta(days=(2 - day.weekday()) % 7)
    one = make_session(make_programme(floor), on=day, presenter=floor.advisors[0])
    page = device(floor.supervisor, f"/training/sessions/{one.pk}/")
    page.click("summary:has-text('Move to another day')")
    page.fill("[name=starts_at]", "15:00")
    move_session(session=one, on=day + timedelta(days=7), by=floor.manager.user, at=timezone.now())
    page.click("form[action$='/move/'] button")
    expect(page.locator("form[action$='/move/'] [role=alert]")).to_contain_text(floor.manager.name)
    expect(page.locator("[name=starts_at]")).to_have_value("15:00")
    assert Session.objects.get(pk=one.pk).on == day + timedelta(days=7)


def test_a_reflection_sent_after_the_session_ended_is_there_again(device):
    floor = make_floor()
    guest = make_session(make_programme(floor), is_guest=True, guest_name="Dr Wang", status="confirmed")
    guest = start_session(session=guest, by=floor.supervisor.user, at=guest.starts_at)
    call_roll(session=guest, states={floor.advisors[0].pk: "present"}, by=floor.supervisor.user, at=guest.ends_at)
    close_session(session=guest, by=floor.supervisor.user, at=guest.ends_at)
    one = Reflection.objects.get(session=guest, employee=floor.advisors[0])
    page = device(floor.advisors[0], f"/training/reflections/{one.pk}/")
    page.context.clear_cookies()
    page.fill("[name=text]", "What I take from it, written on the bus.")
    page.click("button[name=submit]")
    sign_in_again(page, floor.advisors[0])
    expect(page.locator("[name=text]")).to_have_value("What I take from it, written on the bus.")
    expect(page.locator("#messages")).to_contain_text("Nothing has been sent yet")
    one.refresh_from_db()
    assert (one.text, one.submitted_at) == ("", None)


def test_a_half_filled_sheet_is_there_again_after_the_session_and_after_the_page(device):
    coach = make_employee("oem_technical_coach")
    practical = make_practical(markers=[coach])
    first, *_others = points_of(practical.rubric)
    page = device(coach, f"/practicals/{practical.pk}/")
    with page.expect_response("**/total/"):
        page.locator(f"input[name=c{first}][value='3']").check(force=True)
    page.reload()
    expect(page.locator(f"input[name=c{first}][value='3']")).to_be_checked()
    page.fill("[name=comment]", "Half of it so far")
    page.context.clear_cookies()
    page.click("#sheet button.go")
    sign_in_again(page, coach)
    expect(page.locator("[name=comment]")).to_have_value("Half of it so far")
    expect(page.locator(f"input[name=c{first}][value='3']")).to_be_checked()


def test_what_happened_lies_over_no_heading(device):
    floor = make_floor()
    held = make_running_session(make_programme(floor))
    page = device(floor.supervisor, f"/training/sessions/{held.pk}/")
    page.locator(f"input[name=state-{floor.advisors[0].pk}][value=late]").check(force=True)
    page.click("#roll-form button:not(.go)")
    toast, heading = page.locator(".toast").bounding_box(), page.locator("h1").bounding_box()
    assert toast["y"] + toast["height"] <= heading["y"]
