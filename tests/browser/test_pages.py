"""Every main screen, for each persona: on a phone in Chinese, on a desk in English and in the dark."""

import pytest

from tests.browser.server import PASSWORD

pytestmark = pytest.mark.browser

STAFF = ["/", "/learn/", "/training/", "/exams/", "/growth/", "/certificates/mine/", "/pay/mine/", "/notices/", "/account/", "/audit/mine/"]
LEADING = ["/", "/training/board/", "/training/board/?view=week", "/people/", "/certificates/", "/grading/"]
FIRST = {
    # where the way begins: the first link of it that is followed, and from there the next …
    "/learn/": ["main .grid a.card", "ol.lessons a"],
    "/training/": ["main .due a.button"],
    "/training/board/": ["a.session"],
    "/people/": ["main table tbody a"],
    "/labour/rules/": ["main table tbody a"],
    "/labour/wages/": ["main table tbody a"],
    "/certificates/": ["main table tbody a"],
    "/grading/": ["main table tbody a", "main .tabs a:nth-child(2)"],
}
SCREENS = {
    "YT01011": STAFF,  # service advisor
    "YT01031": STAFF,  # technician
    "YT01003": ["/", "/training/board/", "/training/board/?view=week", "/training/plan/", "/training/programmes/new/", "/people/", "/notices/"],
    "YT01005": ["/", "/training/board/", "/training/plan/", "/people/"],
    "YT01002": LEADING,
    "YT01006": [*LEADING, "/people/new/", "/people/import/", "/certificates/oem/", "/certificates/oem/new/", "/grading/new/", "/pay/", "/pay/bands/", "/pay/bands/new/", "/labour/", "/labour/wages/", "/audit/"],
    "YT01001": [*LEADING, "/pay/"],
    "YT01007": ["/", "/training/board/", "/notices/"],
    "EX001": ["/", "/scoring/"],
    "GR001": ["/", "/scoring/"],
    "GR002": ["/", "/training/board/", "/people/", "/certificates/", "/grading/", "/pay/", "/pay/bands/", "/labour/", "/labour/rules/", "/labour/rules/age_16/new/", "/labour/wages/", "/audit/"],
    "GR003": ["/", "/learn/"],
}  # fmt: skip
LOOKS = [("phone", "zh-hans", "light"), ("desktop", "en", "dark")]


@pytest.mark.parametrize(("device", "language", "theme"), LOOKS)
@pytest.mark.parametrize("number", SCREENS)
def test_main_screens_stand_up(visitor, number, device, language, theme):
    one = visitor(device, language, number, theme)
    faults = []
    for path in SCREENS[number]:
        faults += look(one, path)
        for selector in FIRST.get(path, []):
            links = one.hrefs(selector)
            if not links:
                break
            faults += look(one, links[0])
    assert not faults, "\n\n".join(faults)


def look(one, path):
    """What is wrong with a page, so that one run names the faults of all pages."""
    try:
        one.visit(path)
    except AssertionError as fault:
        return [str(fault)]
    return []


@pytest.mark.parametrize(("device", "language", "theme"), LOOKS)
def test_pages_open_to_strangers_stand_up(visitor, device, language, theme):
    one = visitor(device, language, theme=theme)
    for path in ["/sign-in/", "/password/reset/", "/password/reset/done/", "/styleguide/", "/verify/NO-SUCH-CODE/"]:
        one.page.goto(path)
        one.problems = [problem for problem in one.problems if "404" not in problem]
        one.look_over()


def test_looking_over_finds_faults(visitor):
    """The checks themselves: a page with faults does not pass."""
    one = visitor("phone", "en")
    one.visit("/sign-in/")
    one.page.evaluate(
        """document.querySelector("main").insertAdjacentHTML("beforeend", '<img src="/no-such-picture.png"><p class="wide">x</p>');
        document.querySelector(".wide").style.width = "900px"; console.error("oh")"""
    )
    one.page.wait_for_load_state("networkidle")
    with pytest.raises(AssertionError) as fault:
        one.look_over()
    for word in ["404: GET", "console error: oh", "px wider than the screen", "critical image-alt"]:
        assert word in str(fault.value)


def test_keyboard_alone_signs_in_and_does_the_first_thing_due(server, visitor):
    one = visitor("desktop", "zh-hans")
    one.visit("/sign-in/")
    page = one.page
    assert page.evaluate("document.activeElement.name") == "login"
    page.keyboard.type(server.arrange("somebody_with_something_due"))
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    one.look_over()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    tab_to(page, "ul.due a.button")
    where = page.evaluate("new URL(document.activeElement.href).pathname")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    one.look_over()
    assert one.path == where


def tab_to(page, selector):
    """Tab until there; wherever the focus rests on the way it can be seen."""
    for _step in range(60):
        page.keyboard.press("Tab")
        shown = page.evaluate(
            """() => { const one = document.activeElement, look = getComputedStyle(one), box = one.getBoundingClientRect();
            return {name: one.outerHTML.slice(0, 120), seen: box.width > 0 && (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0 || look.boxShadow !== "none")} }"""
        )
        assert shown["seen"], f"the focus is not to be seen on {shown['name']}"
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")
