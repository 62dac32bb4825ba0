"""How posts are filled: agreement, class, internship, ranking, probation; at a desk and on a phone, in both languages, in Chromium."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.each import each

pytestmark = pytest.mark.browser
HR, WORKSHOP, MENTOR, INTERN, COORDINATOR = "YT01006", "YT01004", "YT01032", "QJ1011", "QJ001"
SHANGHAI = ZoneInfo("Asia/Shanghai")
COURSE = "环车检查"


def days(number):
    """The day so many days from the server's today, as a form takes it."""
    return (datetime.now(SHANGHAI).date() + timedelta(days=number)).isoformat()


def filled(page, **values):
    for name, value in values.items():
        page.fill(f"main [name={name}]", str(value))


# -- from the agreement to the brand's courses


def test_from_an_agreement_to_a_class_and_its_brand_course(server, visitor):
    hr = visitor("desktop", "zh-hans", HR)
    agreement_is_recorded(hr)
    a_class_follows_a_course(hr)
    student = a_student_joins(hr, server)
    learner = visitor("phone", "zh-hans", "QJ1023")
    page = learner.visit("/")
    assert COURSE in page.inner_text("main"), "whoever joins a class follows its courses"
    coordinator = visitor("phone", "en", COORDINATOR)
    page = coordinator.visit("/schools/mine/")
    coordinator.follow(f"main a[href='{student}']")
    assert page.locator("main [id^='course-']").count() == 1


def agreement_is_recorded(hr):
    hr.visit("/schools/")
    hr.follow("main a[href='/schools/1/'], main tbody a")
    page = hr.follow("main a[href$='/agreements/new/']")
    filled(page, number="QJ-DX-09", signed_on=days(-3), starts_on=days(-1), ends_on=days(1000), quota=5, majors="车身修复")
    hr.press("main form.form .actions button")
    assert re.fullmatch(r"/schools/agreements/\d+/", hr.path)


def a_class_follows_a_course(hr):
    page = hr.follow("main a[href$='/classes/new/']")
    filled(page, code="QJ-C", name="匠阶三班", entered_on=days(-400), graduates_on=days(600))
    hr.press("main form.form .actions button")
    page = hr.follow("main a[href$='/courses/']")
    page.locator("main label", has_text=COURSE).first.click()
    hr.press("main form.form .actions button")


def a_student_joins(hr, server):
    """From one class to another. Gives the address of the student's page."""
    home = server.arrange("student", "QJ1023")["url"]
    hr.visit(home)
    page = hr.follow("main a[href$='/move/']")
    page.select_option("[name=targeted_class]", label=page.locator("[name=targeted_class] option", has_text="匠阶三班").inner_text())
    hr.press("main form.form .actions button")
    assert hr.path == home
    return home


# -- from a batch to a signature on the phone


def test_a_batch_is_placed_a_rotation_changed_and_a_week_logged_and_signed_on_a_phone(server, visitor):
    hr = visitor("desktop", "en", HR)
    batch = a_batch_is_made(hr)
    terms_and_papers_are_there(hr, batch)
    hr.press(f"form[action='{batch}start/'] button", confirm=True)
    assert hr.page.locator(f"form[action='{batch}start/']").count() == 0
    workshop = visitor("desktop", "zh-hans", WORKSHOP)
    a_rotation_is_changed(workshop, batch)
    a_task_is_signed(visitor)


def a_batch_is_made(hr):
    hr.visit("/interns/")
    page = hr.follow("main a[href='/interns/new/']")
    for field, words in (("school", "Qianjiang"), ("agreement", "QJ-DX-02"), ("targeted_class", "匠阶一班")):
        option = page.locator(f"[name={field}] option", has_text=words).first
        page.select_option(f"[name={field}]", value=option.get_attribute("value"))
    filled(page, name="钱江冬季批", starts_on=days(0), ends_on=days(120))
    hr.press("main form.form .actions button")
    batch = hr.path.removesuffix("students/")
    page.locator("label", has_text="QJ1022").click()
    hr.press("main form.form .actions button")
    assert hr.path == batch
    return batch


def terms_and_papers_are_there(hr, batch):
    page = hr.follow(f"main a[href='{batch}terms/']")
    filled(page, monthly_pay=3800, labour_grade=2)
    hr.press("main form.form .actions button")
    for kind in ("agreement", "student_consent", "guardian_consent", "insurance", "safety"):
        page = hr.visit(f"{batch}papers/")
        page.select_option("[name=kind]", kind)
        filled(page, starts_on=days(-1), **({"ends_on": days(120)} if kind == "insurance" else {}))
        hr.press("main form.form .actions button")
        assert hr.path == batch


def a_rotation_is_changed(workshop, batch):
    workshop.visit(f"{batch}rotations/plan/")
    page = workshop.press("main form.card button.go", confirm=True)
    assert workshop.path == f"{batch}rotations/"
    workshop.follow("main a[href^='/interns/rotations/']")
    last = date.fromisoformat(page.input_value("main [name=ends_on]"))
    filled(page, ends_on=last - timedelta(days=1), reason="当天到校考试")
    workshop.press("main form.form .actions button")
    assert workshop.path == f"{batch}rotations/"


def a_task_is_signed(visitor):
    mentor = visitor("phone", "zh-hans", MENTOR)
    mentor.visit("/onboarding/mine/")
    page = mentor.follow("main a.card[href^='/onboarding/books/']")
    book = mentor.path
    mentor.press("main form[action*='/tasks/'] button[value='3']")
    assert mentor.path == book
    intern = visitor("phone", "en", INTERN)
    page = intern.visit(book)
    assert page.locator(f"main a[href^='{book}signs/']").count()
    a_week_is_logged_and_answered(intern, mentor)


def a_week_is_logged_and_answered(intern, mentor):
    intern.visit("/interns/logs/mine/")
    page = intern.follow("main a[href*='/weeks/']")
    week = intern.path
    page.fill("#text", "This week I changed oil and filter on four cars by myself, and my mentor found nothing to correct.")
    intern.press("main button[name=submit]")
    page = mentor.visit(week)
    page.fill("main [name=answer]", "独立完成得很好，下周开始学制动片检查。")
    mentor.press(f"main form[action='{week}answer/'] button.go")
    page = intern.visit(week)
    assert "独立完成得很好" in page.inner_text("main")


# -- a finding


def test_a_finding_stops_a_placement_is_cured_and_it_starts(server, visitor):
    placement = server.arrange("internship", "QJ1016")
    home = placement["url"]
    hr = visitor("phone", "zh-hans", HR)
    hr.visit("/labour/?severity=block")
    page = hr.visit(home)
    start = page.locator(f"form[action='{home}start/']")
    assert start.count() == 0, "what a finding stops cannot be started"
    hr.follow(f"main a[href='{home}papers/?kind=guardian_consent']")
    filled(page, starts_on=date.fromisoformat(placement["starts_on"]) - timedelta(days=1))
    hr.press("main form.form .actions button")
    assert hr.path == home
    hr.press(f"form[action='{home}start/'] button", confirm=True)
    assert start.count() == 0
    intern = visitor("phone", "en", "QJ1016")
    page = intern.visit("/interns/mine/")
    assert page.locator("main .badge").count()


# -- from the ranking to staff


def test_from_the_ranking_over_an_offer_and_probation_to_an_employee(server, visitor):
    placement = server.arrange("internship", "QJ1004")
    hr = visitor("desktop", "en", HR)
    page = hr.visit(f"/selection/batches/{placement['batch']}/")
    tie = page.locator("main form[action*='/ties/']")
    first, second = tie.locator("select").all()
    first.select_option("2")
    second.select_option("1")
    tie.locator("[name$=reason]").fill("Better attendance")
    hr.press("main form[action*='/ties/'] button.go")
    assert tie.count() == 0
    hr.follow(f"main a[href='/selection/offers/new/{placement['pk']}/']")
    page.select_option("[name=position]", label="Technician")
    filled(page, contract_from=days(0), contract_until=days(1100), probation_until=days(90), probation_pay=4200, agreed_pay=4700)
    hr.press("main form.form .actions button.go")
    offer = hr.path

    intern = visitor("phone", "zh-hans", "QJ1004")
    intern.visit("/selection/offers/mine/")
    intern.press("main button[name=accept]", confirm=True)

    hr.visit(offer)
    act(hr, offer, "begin", number="YT01071")
    act(hr, offer, "confirm")
    page = hr.visit("/people/?q=YT01071")
    hr.follow("main table tbody a")
    assert page.locator(f"main a[href='/interns/{placement['pk']}/']").count(), "the internship stays with the person"
    server.run("manage.py", "check_integrity")


def act(hr, offer, name, **values):
    """One step of an offer, behind its own heading."""
    form = f"main form[action='{offer}{name}/']"
    hr.page.locator("details", has=hr.page.locator(f"form[action='{offer}{name}/']")).locator("summary").click()
    for field, value in values.items():
        hr.page.fill(f"{form} [name$={field}]", value)
    hr.press(f"{form} button", confirm=True)
    assert hr.path == offer


# -- their own and nothing else


@pytest.mark.parametrize(("number", "own", "closed"), [
    (COORDINATOR, ["/", "/schools/mine/", "/interns/board/"], ["/people/", "/schools/", "/selection/", "/labour/", "/pay/"]),
    (INTERN, ["/", "/interns/mine/", "/learn/"], ["/people/", "/schools/", "/interns/", "/selection/", "/labour/", "/schools/mine/"]),
])  # fmt: skip
def test_a_coordinator_and_an_intern_see_their_own_and_nothing_else(server, visitor, number, own, closed):
    one = visitor("phone", "en" if number == INTERN else "zh-hans", number)
    for path in each(own):
        one.visit(path)
    others = server.arrange("of_others", number)
    for path in each([*closed, *others]):
        assert one.context.request.get(path).status in {403, 404}, path
