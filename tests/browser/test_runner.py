"""What the exam runner keeps on the device, where the server alone could not help."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import wait_until

pytestmark = pytest.mark.browser


@pytest.fixture
def runner(visitor, exam):
    """The last candidate's runner: begun the first time, resumed after that."""
    number, door = list(exam["doors"].items())[-1]
    one = visitor("phone", "en", number)
    one.enter_exam(door, exam["code"])
    return one


def acknowledged(page):
    return page.expect_response(lambda response: response.url.endswith("/save/") and response.ok)


def choose(page, number):
    """Tap another answer of the question on the screen than the one chosen; says which."""
    option = page.locator("section[data-item]:visible label.option:not(:has(:checked))").nth(number)
    value = option.locator("input").get_attribute("value")
    option.click()
    return value


def to_a_choice(page):
    """The first question with options to choose from."""
    number = page.locator("section[data-item]").evaluate_all(
        "all => all.findIndex((one) => one.querySelector('label.option input[type=radio]'))"
    )
    assert number >= 0
    page.locator(".palette a:not([data-review])").nth(number).click()


def shows(page, answer):
    """The question on the screen comes to show this answer, and no other one."""
    checked = page.locator("section[data-item]:visible input:checked")
    expect(checked).to_have_count(1)
    expect(checked).to_have_value(answer)


def test_a_page_loaded_while_an_answer_was_on_its_way_shows_that_answer(runner):
    page, address = runner.page, runner.page.url
    to_a_choice(page)
    before = runner.context.request.get(address).text()
    with acknowledged(page):
        answer = choose(page, 0)
    wait_until(page, "() => !Object.keys(JSON.parse(Object.values(localStorage).find((one) => one.includes('queue'))).queue).length")
    page.route(address, lambda route: route.fulfill(body=before, content_type="text/html"))
    page.goto(address)
    shows(page, answer)


def test_an_answer_given_offline_survives_a_reload_and_is_sent(runner):
    page = runner.page
    to_a_choice(page)
    page.route("**/save/", lambda route: route.abort())
    answer = choose(page, 0)
    page.locator("#saved.offline").wait_for()
    page.unroute("**/save/")
    with acknowledged(page):
        page.reload()
    shows(page, answer)
    page.evaluate("localStorage.clear()")
    page.reload()
    to_a_choice(page)
    shows(page, answer)  # the server has it


def test_what_the_device_still_held_at_the_end_is_named_and_kept_and_deleted_by_nobody(visitor, exam, server):
    """Offline at the end: the page used to say that all was safe, and threw the answer away."""
    number, door = list(exam["doors"].items())[-2]
    one = visitor("phone", "en", number)
    one.enter_exam(door, exam["code"])
    page = one.page
    to_a_choice(page)
    question = page.locator("#place").inner_text().split("/")[0].strip()
    page.route("**/save/", lambda route: route.abort())
    choose(page, 0)
    page.locator("#saved.offline").wait_for()
    server.arrange("end_the_time", int(door.strip("/").split("/")[-1]))
    page.unroute("**/save/")
    with page.expect_response(lambda response: response.url.endswith("/late/") and response.ok):
        # Later, since the page goes on to another one meanwhile, and what evaluates it would be cut off.
        page.evaluate("void setTimeout(() => window.dispatchEvent(new Event('online')), 50)")
    said = f"Your answers to questions {question} reached us after the end."
    page.locator("#late", has_text=said).wait_for()
    assert "are safe" not in page.locator("main").inner_text()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('pitlane-late-')).length") == 1
    page.evaluate("localStorage.clear()")
    page.reload()
    page.locator("#late", has_text=said).wait_for()  # the server has it too
