"""The audit log and what was recorded about oneself, as pages and as files."""

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from lms.accounts.models import User
from lms.audit.models import Event
from lms.people.actions import correct_details, record_leave
from lms.trail import views
from tests.factories import make_cycle, make_dealer, make_employee

pytestmark = pytest.mark.django_db
LOG, MINE = "/audit/", "/audit/mine/"


@pytest.fixture
def hr():
    return make_employee("hr_officer", name="何静")


@pytest.fixture
def client(client, hr):
    client.force_login(hr.user)
    hr.user.language = "zh-hans"
    hr.user.save(update_fields=["language"])
    return client


def leave_for(person, by=None, day=2):
    start = date(2026, 3, day)
    record_leave(employee=person, starts_on=start, ends_on=start, reason="探亲", by=by and by.user, at=timezone.now())


def made_file(job):
    with job.result_file.open() as file:
        return file.read().decode()


def rows_of(page):
    return [row["row"] for row in page.context["list"].rows]


def test_the_log_says_who_did_what_to_whom(client, hr):
    person = make_employee(name="李明")
    leave_for(person, by=hr)
    page = client.get(LOG).content.decode()
    assert "何静为李明登记了请假" in page
    assert f'href="/people/{person.pk}/"' in page
    assert "理由：探亲" in page
    hr.user.language = "en"
    hr.user.save(update_fields=["language"])
    assert "何静 recorded leave for 李明" in client.get(LOG).content.decode()


def test_an_empty_log_says_what_belongs_there(client):
    assert "没有符合条件的内容" in client.get(LOG, {"verb": "pay.exported"}).content.decode()
    technical = User.objects.create_superuser("root", password="Steady-hands-42", language="zh-hans")
    client.force_login(technical)
    assert "还没有操作记录" in client.get(MINE).content.decode()


def test_the_filters_find_by_who_whom_what_when_and_where(client, hr):
    boss, li, wang = make_employee("group_hr", name="赵总"), make_employee(name="李明"), make_employee(name="王芳")
    leave_for(li, by=hr)
    correct_details(employee=wang, phone="139", by=boss.user, at=timezone.now() - timedelta(days=40))
    long_ago = (timezone.localdate() - timedelta(days=30)).isoformat()

    def found(**query):
        return {event.verb for event in rows_of(client.get(LOG, query)) if event.verb.startswith("person.")}

    assert found() == {"person.leave_recorded", "person.corrected"}
    assert found(who="赵总") == found(who=boss.number) == {"person.corrected"}
    assert found(who="无此人") == set()
    assert found(about="李明") == found(about=li.number) == {"person.leave_recorded"}
    assert found(verb="person.corrected") == {"person.corrected"}
    assert found(verb="person") == {"person.leave_recorded", "person.corrected"}
    assert found(verb="cycle") == set()
    assert found(until=long_ago) == {"person.corrected"}
    assert found(since=long_ago) == {"person.leave_recorded"}


def test_a_record_is_found_by_how_its_name_begins(client, hr):
    cycle = make_cycle("open", by=hr.user, dealer=hr.dealer)
    label = Event.objects.get(verb="cycle.open").target_label
    assert {event.target_id for event in rows_of(client.get(LOG, {"about": label[:6], "verb": "cycle"}))} == {str(cycle.pk)}


def test_a_day_is_a_day_where_the_reader_is(client, hr):
    hr.dealer.time_zone = "Asia/Urumqi"
    hr.dealer.save(update_fields=["time_zone"])
    person = make_employee()
    correct_details(employee=person, phone="1", by=None, at=datetime.fromisoformat("2026-03-02T00:30:00+06:00"))
    correct_details(employee=person, phone="2", by=None, at=datetime.fromisoformat("2026-03-01T23:30:00+06:00"))
    rows = rows_of(client.get(LOG, {"since": "2026-03-02", "until": "2026-03-02"}))
    assert [event.after["phone"] for event in rows] == ["1"]


def test_group_hr_chooses_a_dealer_and_a_dealers_hr_has_none_to_choose(client, sign_in):
    assert "dealer" not in client.get(LOG).context["list"].filter.form.fields
    other = make_dealer("YT02")
    for dealer in (make_dealer(), other):
        leave_for(make_employee(dealer=dealer))
    page = sign_in(make_employee("group_hr")).get(LOG, {"dealer": other.pk, "verb": "person"})
    assert [event.dealer for event in rows_of(page)] == [other.pk]
    assert "YT02" in page.content.decode()


def test_thirty_rows_take_as_many_statements_as_one(client, hr):
    def statements():
        with CaptureQueriesContext(connection) as taken:
            assert client.get(LOG, {"verb": "person"}).status_code == 200
        return len(taken)

    leave_for(make_employee(), by=hr)
    client.get(LOG)  # what is asked for once a process
    one = statements()
    for _each in range(29):
        leave_for(make_employee(), by=hr)
    assert len(rows_of(client.get(LOG, {"verb": "person"}))) == 30
    assert statements() == one


def test_every_entry_is_met_once_from_page_to_page(client, hr):
    person, at = make_employee(), timezone.now()
    for number in range(95):
        correct_details(employee=person, phone=str(number), by=None, at=at - timedelta(seconds=number // 3))
    seen, place = [], {}
    for _page in range(4):
        page = client.get(LOG, {"verb": "person.corrected", **place})
        seen += [event.pk for event in rows_of(page)]
        place = {"after": page.context["list"].page.last}
    assert not page.context["list"].page.has_next
    assert len(seen) == len(set(seen)) == 95


@pytest.mark.parametrize("address", [LOG, reverse("audit_mine")])
@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "10000-01-01", "2026-02-30", "x" * 5000])
def test_a_day_beyond_all_days_is_refused_in_words(client, hr, address, name, day):
    page = client.get(address, {name: day})
    assert page.status_code == 200
    assert page.context["list"].filter.form.errors[name]


def test_the_file_of_a_list_that_has_more_than_are_counted_holds_all(client, hr, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(views.OwnEventList, "most_counted", 40)
    monkeypatch.setattr("lms.common.lists.MOST_AT_ONCE", 40)
    person = make_employee()
    for number in range(45):
        correct_details(employee=person, phone=str(number), by=None, at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        assert client.get(LOG, {"verb": "person.corrected", "export": "csv"}).status_code == 302
    job = hr.user.jobs.get()
    assert made_file(job).count("person.corrected") == 45
    assert (job.done, job.total) == (45, 45)


def test_the_excel_file_says_in_columns_what_the_page_says_in_a_sentence(client, hr):
    leave_for(make_employee(name="李明"), by=hr)
    content = b"".join(client.get(LOG, {"verb": "person.leave_recorded", "export": "xlsx"}).streaming_content)
    head, row = load_workbook(BytesIO(content)).active.iter_rows(values_only=True)
    values = dict(zip(head, row, strict=True))
    assert values["操作"] == "何静为李明登记了请假"
    assert (values["操作人"], values["涉及人员"], values["操作类型"]) == ("何静", "李明", "person.leave_recorded")
    assert isinstance(values["时间"], datetime)


def test_a_large_file_is_made_by_a_job_with_the_same_rows(client, hr, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr("lms.common.lists.MOST_AT_ONCE", 2)
    for _each in range(3):
        leave_for(make_employee(), by=hr)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.get(LOG, {"verb": "person.leave_recorded", "export": "csv"})
    assert response.status_code == 302
    job = hr.user.jobs.get()
    assert job.status == "done", job.error
    assert made_file(job).count("person.leave_recorded") == 3


def test_everyone_finds_what_was_recorded_about_them_from_their_account(sign_in, hr):
    person, other = make_employee(name="李明"), make_employee(name="王芳")
    leave_for(person, by=hr)
    leave_for(other, by=hr)
    client = sign_in(person)
    assert f'href="{MINE}"' in client.get(reverse("account")).content.decode()
    page = client.get(MINE).content.decode()
    assert "李明" in page
    assert "王芳" not in page
    assert client.get(LOG).status_code == 403


def test_every_link_of_the_log_opens_for_whoever_reads_it(client, hr):
    cycle = make_cycle("published", track="service", by=make_employee("hr_officer").user, dealer=hr.dealer)
    leave_for(make_employee(), by=hr)
    links = {
        cell.url
        for place in ("1", "last")
        for row in client.get(LOG, {"page": place}).context["list"].rows
        for cell in row["cells"]
        if cell.url
    }
    assert f"/grading/{cycle.pk}/" in links
    assert len(links) > 5
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_an_award_of_before_it_was_a_level_decision_is_still_found(client, hr):
    cycle = make_cycle("published", track="service", by=make_employee("hr_officer").user, dealer=hr.dealer)
    award = cycle.decisions.get()
    values = {"target_id": str(award.pk), "target_label": "x", "before": {"level": 0}, "after": {"level": 1, "track": "service"}}
    Event.objects.create(at=cycle.published_at, verb="award.made", target_type="grading.award", dealer=hr.dealer.pk, **values)
    cells = [cell for row in client.get(LOG, {"verb": "award"}).context["list"].rows for cell in row["cells"]]
    assert [cell.url for cell in cells if cell.url] == [f"/grading/people/{award.employee_id}/"] * 2
    assert len([cell for cell in cells if award.employee.name in str(cell.value)]) >= 2


def test_every_link_of_ones_own_page_opens_too(sign_in):
    cycle = make_cycle("published", track="service", by=make_employee("hr_officer").user)
    person = cycle.decisions.first().employee
    client = sign_in(person)
    links = {cell.url for row in client.get(MINE).context["list"].rows for cell in row["cells"] if cell.url}
    assert any(link.startswith("/certificates/") for link in links)
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_the_place_of_the_log_stands_in_the_menu_of_hr_only(client, sign_in):
    assert f'href="{LOG}"' in client.get("/").content.decode()
    assert f'href="{LOG}"' not in sign_in(make_employee("service_manager")).get("/").content.decode()
