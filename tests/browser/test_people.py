"""Leave and a departure from the person's page: what they leave open is on the screen before anything is recorded."""

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("device", "language", "theme"), [("phone", "zh-hans", "dark"), ("desktop", "en", "light")])
def test_the_days_of_a_leave_show_the_turn_that_falls_on_them(server, visitor, device, language, theme):
    session = server.arrange("next_session", "YT01", "technical")
    hr = visitor(device, language, "YT01006", theme)
    person = to_the_page_of(hr, session["presenter"])
    page = hr.follow("main a[href$='/leave/']")
    assert page.locator("main .notice.warn").count() == 0, "no days, nothing left open"
    page.fill("[name=starts_on]", session["on"])
    page.fill("[name=ends_on]", session["on"])
    page.locator("[name=reason]").click()
    page.locator(f"main .notice.warn a[href='/training/sessions/{session['pk']}/']").wait_for()
    hr.look_over()
    page.select_option("[name=kind]", "annual")
    page.fill("[name=reason]", "家中有事")
    hr.press("main form.form .actions button")
    assert hr.path == person, "what was read once is recorded at once"
    hr.press("form[action$='/withdraw/'] button", confirm=True)
    assert hr.path == person
    assert page.locator("form[action$='/withdraw/']").count() == 0


def test_a_departure_shows_the_candidacy_it_ends(visitor):
    hr = visitor("phone", "zh-hans", "YT02006")
    person = to_the_page_of(hr, "YT02012")
    page = hr.follow("main a[href$='/departure/']")
    assert page.locator("main .notice.warn li").count() >= 1, "a candidate of the cycle under way"
    page.select_option("[name=leaving]", "resigned")
    page.fill("[name=reason]", "回老家发展")
    hr.press("main form.form .actions button.danger")
    assert hr.path == person
    assert page.locator("main a[href$='/return/']").is_visible()
    assert page.locator("main a[href$='/leave/']").count() == 0


def to_the_page_of(hr, number):
    hr.visit(f"/people/?q={number}")
    hr.follow("main table tbody a")
    return hr.path
