"""The list component, tried on the directory of people, which uses all of it."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from lms.common import lists
from lms.common.lists import Cell, Column
from lms.home.templatetags.ui import badge, list_cell
from lms.jobs.models import Job
from tests.each import each
from tests.factories import make_dealer, make_employee

pytestmark = pytest.mark.django_db

PEOPLE = reverse("people")


@pytest.fixture
def hr(sign_in):
    person = make_employee("hr_officer", number="HR1", name="Zz HR")
    sign_in(person)
    return person


def names(response):
    return [row["row"].name for row in response.context["list"].rows]


def text_of(response):
    return b"".join(response.streaming_content).decode("utf-8-sig")


def test_a_click_on_a_head_sorts_and_a_second_one_turns_it_round(client, hr):
    for name in ("B", "A", "C"):
        make_employee(name=name)
    page = client.get(PEOPLE, {"sort": "name"})
    assert names(page) == ["A", "B", "C", "Zz HR"]
    assert b'aria-sort="ascending"' in page.content
    assert b"sort=-name" in page.content
    assert names(client.get(PEOPLE, {"sort": "-name"})) == ["Zz HR", "C", "B", "A"]


@pytest.mark.parametrize(
    "query", [{"sort": "password"}, {"sort": "-"}, {"page": "x"}, {"page": "999"}, {"dealer": "1' OR 1"}, {"level": "9"}]
)
def test_an_address_that_makes_no_sense_shows_the_list_all_the_same(client, hr, query):
    assert client.get(PEOPLE, query).status_code == 200


@pytest.mark.parametrize(
    ("query", "said"), [({"sort": "password"}, "password"), ({"level": "9"}, "9"), ({"position": "1' OR 1"}, "1&#x27; OR 1")]
)
def test_a_filter_or_an_order_that_nobody_knows_is_said_and_not_passed_over(client, hr, query, said):
    page = client.get(PEOPLE, query).content.decode()
    assert page.count('class="notice warn"') == 1
    assert said in page
    assert 'class="notice warn"' not in client.get(PEOPLE, {"sort": "-name", "level": "1"}).content.decode()


def test_files_hold_what_the_filters_leave_in_the_order_asked_for(client, hr):
    for name in ("Anna A", "Anna B", "Bob"):
        make_employee(name=name)
    rows = list(csv.reader(io.StringIO(text_of(client.get(PEOPLE, {"q": "anna", "sort": "-name", "export": "csv"})))))
    assert [row[0] for row in rows[1:]] == ["Anna B", "Anna A"]
    content = b"".join(client.get(PEOPLE, {"q": "anna", "export": "xlsx"}).streaming_content)
    assert load_workbook(io.BytesIO(content)).active.max_row == 3


def test_the_links_to_files_keep_what_was_chosen(client, hr):
    page = client.get(PEOPLE, {"q": "Zz", "sort": "name"}).content.decode()
    assert "?q=Zz&amp;sort=name&amp;export=csv" in page


def test_a_list_of_nothing_says_what_belongs_there_and_a_filter_too_narrow_how_to_clear_it(client, hr):
    page = client.get(PEOPLE, {"q": "nobody of this name"})
    assert page.context["list"].is_filtered
    assert page.content.count(PEOPLE.encode() + b'"') > 1
    page = client.get(reverse("notices"))
    assert not page.context["list"].is_filtered
    assert b'class="empty"' in page.content


def test_a_formula_typed_as_a_name_stays_text_in_the_file(client, hr):
    make_employee(name="=1+1")
    assert "'=1+1" in text_of(client.get(PEOPLE, {"export": "csv"}))


@pytest.mark.parametrize("url", ["people", "notices"])
def test_a_list_costs_the_same_for_one_row_and_thirty(client, hr, url, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from lms.notifications.actions import notify

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse(url))
        return len(queries)

    notify(kind="pay_to_approve", people=[hr], key="0", context={"count": 1})
    cost()
    few = cost()
    for serial in range(30):
        make_employee("technician" if serial % 2 else "advisor", manager=make_employee())
        notify(kind="pay_to_approve", people=[hr], key=str(serial), context={"count": 1})
    assert cost() == few <= 15


def test_a_long_list_is_made_by_a_job_with_what_its_asker_sees_and_nobody_else_fetches_it(
    client, hr, sign_in, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(lists, "MOST_AT_ONCE", 2)
    for name in ("Anna A", "Anna B", "Anna C", "Bob"):
        make_employee(name=name)
    make_employee(name="Anna of another dealer", dealer=make_dealer("YT02"))
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.get(PEOPLE, {"q": "anna", "sort": "name", "export": "csv"})
    job = Job.objects.get(kind="lists.export")
    assert answer.url == reverse("job", args=[job.pk])
    assert (job.status, job.done, job.total) == ("done", 3, 3)
    url = reverse("job_file", args=[job.pk])
    assert url.encode() in client.get(answer.url).content
    rows = list(csv.reader(io.StringIO(text_of(client.get(url)))))
    assert [row[0] for row in rows[1:]] == ["Anna A", "Anna B", "Anna C"]
    sign_in(make_employee("hr_officer"))
    assert client.get(url).status_code == 404


def test_pressing_the_link_twice_asks_for_one_file(client, hr, monkeypatch):
    monkeypatch.setattr(lists, "MOST_AT_ONCE", 0)
    first, second = (client.get(PEOPLE, {"export": "csv"}).url for _press in range(2))
    assert first == second


CELLS = [
    (Column("x", "X"), "", {}, ""),
    (Column("x", "X"), "", {"tone": "good"}, ""),
    (Column("x", "X"), "A name of many letters", {}, "A name of many letters"),
    (Column("x", "X"), "张三", {"url": "/a?b&c"}, '<a href="/a?b&amp;c" class="nowrap">张三</a>'),
    (Column("x", "X"), "<i>" * 4, {"url": "/a"}, '<a href="/a">&lt;i&gt;&lt;i&gt;&lt;i&gt;&lt;i&gt;</a>'),
    (Column("x", "X", money=True), Decimal("5400.50"), {}, "¥5,400.50"),
    (Column("x", "X"), False, {}, "–"),
    (Column("x", "X"), date(2026, 1, 5), {}, '<span class="nowrap">5 Jan 2026</span>'),
    (Column("x", "X"), "Left", {"tone": ""}, '<span class="nowrap"><span class="badge ">Left</span></span>'),
    (
        Column("x", "X"),
        "Countersigned · late",
        {"tone": ""},
        '<span class="nowrap"><span class="badge ">Countersigned · late</span></span>',
    ),
    (Column("x", "X"), "Countersigned · late pay", {"tone": ""}, '<span><span class="badge ">Countersigned · late pay</span></span>'),
]


@pytest.mark.parametrize(("column", "value", "more", "markup"), CELLS)
def test_a_cell_is_shown_by_what_it_holds(column, value, more, markup):
    with translation.override("en"):
        assert list_cell(Cell(column, value, more.get("url", ""), more.get("tone"))) == markup


def test_what_stands_in_a_cell_is_never_markup():
    for cell in each([Cell(Column("x", "X"), "<script>", url, tone) for url in ("", "/a") for tone in (None, "bad")]):
        assert "<script>" not in list_cell(cell)


def test_a_judgement_carries_an_icon_so_that_colour_is_never_alone():
    assert [("<svg" in badge("x", tone)) for tone in ("good", "warn", "bad", "accent", "tech", "")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    assert 'role="img"' in list_cell(Cell(Column("x", "X"), True, "", None))


@pytest.mark.parametrize(("language", "all_of_them"), [("zh-hans", "全部"), ("en", "All")])
def test_a_filter_in_which_nothing_is_chosen_says_so_in_words(client, hr, language, all_of_them):
    for name in each(["people", "certificates", "cycles", "certified_staff", "proposals"]):
        page = client.get(reverse(name), headers={"accept-language": language}).text
        assert f'<option value="" selected>{all_of_them}</option>' in page
        assert "---" not in page.partition("<main")[2]
