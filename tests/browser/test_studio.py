"""The course studio in a browser, under its policy: nothing of its own is stopped, and what is said to work does."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import wait_until

pytestmark = pytest.mark.browser

SCREENS = [
    "/studio/",
    "/studio/images/",
    "/studio/images/add/",
    "/studio/documents/",
    "/studio/snippets/questions/question/",
    "/studio/snippets/questions/singlechoice/add/",
    "/studio/snippets/exams/blueprint/add/",
    "/studio/snippets/practicals/rubric/add/",
    "/studio/snippets/catalogue/topic/",
    "/studio/reports/site-history/",
    "/studio/account/",
]


def stopped(author):
    """What the browser refused, and forgets it."""
    found, author.problems = [problem for problem in author.problems if "Content Security Policy" in problem], []
    return found


@pytest.fixture
def author(visitor):
    return visitor("desktop", "en", "GR003")


def go(author, path):
    author.page.goto(path)
    author.page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("path", SCREENS)
def test_nothing_of_a_screen_is_stopped(author, path):
    go(author, path)
    assert not stopped(author)


def test_a_lesson_is_edited_with_its_blocks_choosers_dates_and_rich_text(author):
    go(author, "/studio/pages/")
    go(author, author.hrefs("a[href^='/studio/pages/'][href$='/']:not([href*='edit'])")[-1])
    lesson = author.page.evaluate(
        "fetch('/studio/api/main/pages/?order=-id&limit=20').then(r => r.json())"
        ".then(j => j.items.find(one => one.meta.type === 'catalogue.LessonPage').id)"
    )
    go(author, f"/studio/pages/{lesson}/edit/")
    page = author.page
    page.locator("button.c-sf-add-button").first.click()
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("Escape")
    page.locator(".public-DraftEditor-content").first.click()
    page.keyboard.type("x")
    assert not stopped(author)


def test_a_line_is_added_to_a_blueprint(author):
    go(author, "/studio/snippets/exams/blueprint/add/")
    before = author.page.locator("#id_lines-FORMS > *").count()
    author.page.click("#id_lines-ADD")
    expect(author.page.locator("#id_lines-FORMS > *")).to_have_count(before + 1)
    assert not stopped(author)


def test_the_topic_of_a_question_is_chosen_from_the_list(author):
    go(author, "/studio/snippets/questions/singlechoice/add/")
    author.page.locator("#id_topic-chooser button:visible").first.click()
    author.page.locator("a[data-chooser-modal-choice]").first.click()
    wait_until(author.page, "document.getElementById('id_topic').value !== ''")
    assert not stopped(author)
