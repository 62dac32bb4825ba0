"""The main job as people live it: from a weekly session over courses and the quarter's grading to a pay change, in Chromium.

One story over three devices and both languages. Every page on the way is looked over (see visitor.py).
"""

import csv
import io
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.each import each

pytestmark = pytest.mark.browser
SHANGHAI = ZoneInfo("Asia/Shanghai")
SUPERVISOR, HR, MANAGER, SERVICE_MANAGER, COACH = "YT01003", "YT01006", "YT01001", "YT01002", "EX001"


def test_from_a_weekly_session_to_a_pay_change(server, visitor):
    a_programme_is_opened_and_its_quarter_planned(server, visitor)
    a_session_is_prepared_held_and_closed(server, visitor)
    cycle = server.arrange("cycle", "YT01", "service")
    candidate = visitor("phone", "zh-hans", cycle["candidate"])
    a_course_is_read_and_its_check_passed(server, candidate)
    a_course_is_read_and_its_check_passed(server, visitor("phone", "en", "YT01032"))
    hr = visitor("desktop", "en", HR)
    opens_at, code = hr_admits_and_arranges(hr, cycle)
    the_paper_is_sat(server, candidate, opens_at, code)
    practical_scored_and_results_signed(hr, cycle, visitor)
    hr_publishes(hr, cycle)
    certificate_is_seen_and_verified(candidate, visitor)
    pay_is_signed_twice_and_exported_once(hr, cycle, visitor)
    the_band_has_risen(candidate)
    server.run("manage.py", "check_integrity")


# -- training


def a_programme_is_opened_and_its_quarter_planned(server, visitor):
    server.arrange("close_programme", "YT02", "service")
    supervisor = visitor("desktop", "zh-hans", "YT02003")
    supervisor.visit("/training/board/")
    page = supervisor.follow("a[href='/training/programmes/new/']")
    page.check("input[name=kind][value=service]")
    page.fill("[name=room]", "二楼培训室")
    supervisor.press("form.form button.go")
    assert supervisor.path == "/training/plan/"
    with page.expect_navigation():
        page.select_option("#quarter", index=page.locator("#quarter option").count() - 1)
    supervisor.look_over()
    assert page.locator("main tbody .badge.accent").count() >= 8, "a quarter has at least eight new sessions"
    supervisor.press("form.actions button.go", confirm=True)
    assert supervisor.path == "/training/board/"
    assert page.locator("a.session").count() >= 8


def a_session_is_prepared_held_and_closed(server, visitor):
    session = server.arrange("next_session", "YT01", "service")
    home = f"/training/sessions/{session['pk']}/"
    presenter = visitor("phone", "zh-hans", session["presenter"])
    the_presenter_hands_in_material(presenter, home)

    supervisor = visitor("desktop", "zh-hans", SUPERVISOR)
    supervisor.visit(home)
    supervisor.press(f"form[action='{home}confirm/'] button")
    server.arrange("to_today", session["pk"])
    supervisor.reload()
    supervisor.press(f"form[action='{home}start/'] button")
    assert supervisor.path == f"{home}room/"
    expect(supervisor.page.locator(".room-code svg")).to_be_visible()

    numbers = [number for number in server.arrange("audience", session["pk"])["numbers"] if number != session["presenter"]]
    for number, language in zip(each(numbers[:2]), ("zh-hans", "en"), strict=True):
        staff = visitor("phone", language, number)
        staff.visit(server.arrange("code", session["pk"]))
        staff.press("main form button.go")
        assert staff.path == home
        assert staff.page.locator(".notice.good").is_visible()
    supervisor.page.locator(".room-count", has_text=re.compile(r"^\s*2\s*/")).wait_for()  # the board is live
    supervisor.look_over()

    page = supervisor.follow("a[href$='#roll']")
    for row in page.locator("fieldset.rubric").all():
        # The supervisor's own row has no buttons: the check-in or a colleague notes it.
        if row.locator("input[type=radio]").count() and not row.locator("input:checked").count():
            row.locator("label:has(input[value=present])").click()
    page.fill("#roll [name=early]", "提前讲完")
    supervisor.press(f"#roll button[formaction='{home}close/']", confirm=True)
    assert page.locator("#roll").count() == 0, "the roll of a closed session is changed by a correction only"
    staff = visitor("phone", "zh-hans", numbers[0])
    staff.visit("/training/")
    assert staff.page.locator(f"ul.lessons a[href='{home}']").is_visible()


def the_presenter_hands_in_material(presenter, home):
    presenter.visit("/training/")
    page = presenter.follow(f"a[href='{home}material/']")
    page.select_option("[name=topic]", index=1)
    page.fill("[name=title]", "三句话说清报价")
    page.fill("[name=outline]", "先说做什么，再说多少钱，最后说多久。")
    page.select_option("[name=course]", index=1)
    presenter.press("main form button.go")
    assert presenter.path == home
    assert page.locator("main a[href^='/learn/']").count() == 1


# -- a course


def a_course_is_read_and_its_check_passed(server, one):
    number = one.number
    course = server.arrange("course_for", number)["url"]
    one.visit("/learn/")
    page = one.visit(course)
    one.press("form[action^='/learn/join/'] button.go")
    assert one.path.startswith(course)
    page = one.follow("a[href^='/learn/check/']")
    answer(page, "v", server.arrange("keys", *names(page, "v")))
    one.press("main form button.go")
    assert page.locator(".notice.good").is_visible()
    one.visit(course)
    assert page.locator("ol.lessons li.done").count() == 1


def names(root, letter):
    """The numbers in the names of the fields: v17 → 17."""
    found = [field.get_attribute("name") for field in root.locator(f"input[name^={letter}]").all()]
    return sorted({int(name[1:]) for name in found if re.fullmatch(rf"{letter}\d+", name)})


def answer(root, letter, keys):
    """Answer as the key says, by tapping."""
    for number, (kind, key) in keys.items():
        give(root, f"{letter}{number}", kind, key)


def give(root, name, kind, key):
    if kind == "number":
        return root.locator(f"input[name={name}]").fill(str(key))
    for value in [str(key).lower()] if kind == "truefalse" else key:
        root.locator(f"label:has(input[name={name}][value='{value}'])").click()
    return None


# -- the quarter's grading


def hr_admits_and_arranges(hr, cycle):
    """Eligibility, a waiver, lock, a sitting and papers for each level, start. Returns when it opens, and the access code by level."""
    home = f"/grading/{cycle['pk']}/"
    hr.visit("/grading/")
    hr.follow(f"a[href='{home}']")
    hr.press(f"form[action='{home}eligibility/'] button")
    assert hr.path == f"{home}candidates/"
    if cycle["refused"]:
        page = hr.follow("a[href$='/waive/']")
        page.fill("[name=reason]", "On parental leave for half of the quarter")
        hr.press("main form button.go")
    page = hr.visit(home)
    hr.press(f"form[action='{home}step/'] button", confirm=True)

    opens_at = (datetime.now(SHANGHAI) + timedelta(minutes=3)).replace(second=0, microsecond=0, tzinfo=None)
    for link in hr.hrefs(f"a[href^='{home}sittings/']"):
        page = hr.visit(link)
        page.fill("[name=opens_at]", f"{opens_at:%Y-%m-%dT%H:%M}")
        page.fill("[name=closes_at]", f"{opens_at + timedelta(hours=3):%Y-%m-%dT%H:%M}")
        page.fill("[name=room]", "Computer room A")
        hr.press("main form button.go")
        the_work_is_done(hr)
    page = hr.visit(home)
    hr.press(f"form[action='{home}step/'] button", confirm=True)

    codes = {}
    for link in hr.hrefs("a[href^='/exams/sittings/']"):
        page = hr.visit(link)
        code = page.locator("b.clock").inner_text()
        codes |= {row.split()[-1]: code for row in page.locator("#candidates th[scope=row]").all_inner_texts()}
    return opens_at, codes[cycle["candidate"]]


def the_work_is_done(one):
    """A job's page, until its bar is full."""
    assert one.path.startswith("/jobs/")
    one.look_over()
    one.page.locator("progress.good").wait_for()
    one.look_over()


def the_paper_is_sat(server, candidate, opens_at, code):
    page = candidate.visit("/exams/")
    wait = (opens_at - datetime.now(SHANGHAI).replace(tzinfo=None)).total_seconds()
    page.wait_for_timeout(max(0, wait * 1000 + 500))
    candidate.reload()
    candidate.enter_exam(page.locator("a[href^='/exams/papers/']").get_attribute("href"), code)
    assert re.fullmatch(r"/exams/attempts/\d+/", candidate.path)

    items = [int(section.get_attribute("data-item")) for section in page.locator("section[data-item]").all()]
    keys = server.arrange("paper_keys", *items)
    first, second, third, *rest = items
    respond(page, first, keys)
    saved(page)
    candidate.look_over()
    page.click("#flag")
    page.click("#next")
    respond(page, second, keys)
    saved(page)

    candidate.reload()
    saved(page)
    expect(page.locator(f"section[data-item='{second}']"), "it goes on at the question where it was left").to_be_visible()
    assert given(page, first), "the first answer is there after a reload"
    assert given(page, second), "the second answer is there after a reload"

    page.click("#next")
    with candidate.offline():
        respond(page, third, keys)
        page.locator("#saved.offline").wait_for()
        page.click("#next")
        respond(page, rest[0], keys)
        page.locator("#saved.offline").wait_for()
    saved(page)
    candidate.back_online()
    for item in rest[1:]:
        page.click("#next")
        respond(page, item, keys)
    saved(page)
    page.click("#next")
    candidate.look_over()
    expect(page.locator("#review-open-list a")).to_have_count(0)
    with page.expect_navigation():
        page.click("#hand-in")
    candidate.look_over()
    assert page.locator(".notice.good").is_visible(), "a calm page after the end"
    candidate.visit("/exams/")
    assert page.locator("a[href^='/exams/papers/']").count() == 0


def respond(page, item, keys):
    give(page, f"a{item}", *keys[str(item)])


def given(page, item):
    section = page.locator(f"section[data-item='{item}']")
    return section.locator("input:checked").count() or section.locator("input[type=text]").evaluate_all("all => all.some(one => one.value)")


def saved(page):
    """The words of the save state say that nothing waits any more."""
    page.locator("#saved:not(.saving):not(.offline):not(.failed)").wait_for()


def practical_scored_and_results_signed(hr, cycle, visitor):
    home = f"/grading/{cycle['pk']}/"
    hr.visit(home)
    for link in hr.hrefs("a[href^='/exams/sittings/']"):
        hr.visit(link)
        hr.press("form[action$='/close/'] button", confirm=True)
    hr.visit(home)
    hr.press(f"form[action='{home}step/'] button", confirm=True)

    name = hr_name(hr, cycle)
    panel = [visitor("tablet", "en", COACH), visitor("desktop", "zh-hans", MANAGER), visitor("tablet", "zh-hans", SERVICE_MANAGER)]
    for examiner in panel:
        everything_is_scored(examiner, name)
    hr.visit(home)
    hr.press(f"form[action='{home}step/'] button", confirm=True)
    for one in panel:
        one.visit("/scoring/")
        one.follow(f"a[href='/scoring/{cycle['pk']}/sign/']")
        one.press(f"form[action='/scoring/{cycle['pk']}/sign/'] button")


def everything_is_scored(examiner, name):
    """Full points by one of the three: no result stands before all of them have judged."""
    page = examiner.visit("/scoring/")
    examiner.follow(f"main tr:has(th:text-is('{name}')) a[href^='/practicals/']")
    for row in page.locator("fieldset.rubric").all():
        row.locator(".scale label").last.click()
    page.locator("#total", has_text=re.compile(r"100\D+100")).wait_for()
    examiner.press("main form#sheet button.go")


def hr_name(hr, cycle):
    """The candidate's name, as HR's list has it."""
    page = hr.visit(f"/grading/{cycle['pk']}/candidates/?q={cycle['candidate']}")
    return page.locator("main tbody th, main tbody td").first.inner_text().strip()


def hr_publishes(hr, cycle):
    home = f"/grading/{cycle['pk']}/"
    hr.visit(home)
    hr.follow(f"a[href='{home}publish/']")
    hr.press("form[data-confirm] button.go", confirm=True)
    the_work_is_done(hr)
    page = hr.visit(f"{home}publish/")
    assert page.locator("main tbody a[href^='/certificates/']").count() == 1


def certificate_is_seen_and_verified(candidate, visitor):
    candidate.visit("/")
    candidate.visit("/notices/")
    page = candidate.visit("/exams/")
    pdf = candidate.fetch("a[href$='/pdf/']")
    assert pdf.startswith(b"%PDF-")
    candidate.follow("a[href$='/result/']")
    candidate.visit("/growth/")
    public = page.locator("a[href^='/verify/']").first.get_attribute("href")
    for language in ("zh-hans", "en"):
        stranger = visitor("phone", language)
        stranger.visit(public)
        assert stranger.page.locator(".notice.good").count() == 1


# -- pay


def pay_is_signed_twice_and_exported_once(hr, cycle, visitor):
    hr.visit("/pay/")
    hr.press("form[action='/pay/sign/'] button.go", confirm=True)
    manager = visitor("desktop", "zh-hans", MANAGER)
    manager.visit("/pay/")
    manager.press("form[action='/pay/sign/'] button.go", confirm=True)
    page = hr.visit("/pay/")
    hr.press("form[action='/pay/export/'] button[value=csv]", confirm=True)
    the_work_is_done(hr)
    hr.visit("/pay/")
    _name, content = hr.download("a[href^='/pay/exports/'][href$='/csv/']")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert sum(cycle["candidate"] in row for row in rows) == 1
    page = hr.visit("/pay/")
    assert page.locator("form[action='/pay/export/']").count() == 0, "what is exported is not offered again"


def the_band_has_risen(candidate):
    page = candidate.visit("/growth/")
    assert re.search(r"S\d → S\d", page.inner_text("main"))
    candidate.visit("/pay/mine/")
