"""Walking a list from page to page: every row once, in order, forward and backward, whoever comes in meanwhile."""

from contextlib import suppress
from datetime import date

import pytest
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.common.paging import beyond, order_of, page_of, turned
from lms.people.models import Employee
from lms.people.queries import CURRENT_LEVEL
from tests.each import each
from tests.factories import make_dealer, make_employee

PEOPLE = reverse("people")
ORDERS = [
    [],  # the directory's own: dealer, position, number
    ["name", "pk"],
    ["-name", "-pk"],
    ["manager__name", "pk"],  # empty in some rows
    ["-manager__name", "-pk"],
    ["left_on", "-hired_on", "pk"],  # both ways
    ["-left_on", "manager__name", "pk"],
    ["current_level", "pk"],  # what the query computes
    ["-current_level", "-pk"],
]
SIZE = 3


def asked(**place):
    query = QueryDict(mutable=True)
    query.update({name: str(value) for name, value in place.items()})
    return query


def everyone(order):
    found = Employee.objects.select_related("manager", "dealer", "position").annotate(current_level=CURRENT_LEVEL)
    return found.order_by(*order) if order else found


def walked(rows, *, backward=False, between=lambda: None):
    """The keys of all pages, and how they are met: [[key, …], …]."""
    pages, place = [], {"page": "last"} if backward else {}
    for _page in range(200):
        page = page_of(rows, rows, asked(**place), SIZE)
        assert not page.lost
        pages.append([getattr(row, "pk", row) for row in page.rows])
        if not (page.has_previous if backward else page.has_next):
            return pages[::-1] if backward else pages
        place = {"before": page.first} if backward else {"after": page.last}
        between()
    raise AssertionError("no end")


def joined(pages):
    return [key for page in pages for key in page]


person = st.fixed_dictionaries(
    {
        "name": st.sampled_from("ABCab张李"),
        "has_manager": st.booleans(),
        "left": st.one_of(st.none(), st.integers(1, 3)),
        "hired": st.integers(1, 3),
        "level": st.integers(0, 0),
    }
)


class Undone(Exception):
    pass


def brought_in(rows, *, boss, start=0):
    Employee.objects.bulk_create(
        [
            Employee(
                group_id=boss.group_id,
                dealer_id=boss.dealer_id,
                position_id=boss.position_id,
                number=f"P{start + number:03}",
                name=row["name"],
                manager_id=boss.pk if row["has_manager"] else None,
                hired_on=date(2020, 1, row["hired"]),
                left_on=row["left"] and date(2021, 1, row["left"]),
                status="left" if row["left"] else "active",
            )
            for number, row in enumerate(rows)
        ]
    )


@pytest.mark.django_db
@pytest.mark.parametrize("order", ORDERS, ids=lambda order: " ".join(order) or "own")
def test_every_row_is_met_once_and_in_order_either_way_and_whoever_comes_in_moves_nobody(order):
    boss = make_employee("service_manager", name="M")

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.lists(person, max_size=12), st.lists(person, max_size=4))
    def check(at_first, later):
        with suppress(Undone), transaction.atomic():
            compare(at_first, later)
            raise Undone

    def compare(at_first, later):
        brought_in(at_first, boss=boss)
        rows, there = everyone(order), set(Employee.objects.values_list("pk", flat=True))
        in_order = list(rows.values_list("pk", flat=True)) if order else [one.pk for one in rows]
        assert joined(walked(rows)) == in_order
        assert joined(walked(rows, backward=True)) == in_order
        assert [len(page) for page in walked(rows)[:-1]] == [SIZE] * (len(walked(rows)) - 1)

        for backward in (False, True):
            coming = iter(enumerate(later, start=500 if backward else 400))

            def comes_in(coming=coming):
                for number, row in coming:
                    brought_in([row], boss=boss, start=number)
                    return

            met = joined(walked(rows, backward=backward, between=comes_in))
            assert len(met) == len(set(met))
            assert [key for key in met if key in there] == in_order

    check()


@given(st.integers(0, 20))
def test_a_plain_list_is_walked_in_the_same_way(length):
    rows = [f"row {number}" for number in range(length)]
    assert joined(walked(rows)) == joined(walked(rows, backward=True)) == rows


def test_an_order_ends_with_the_key_so_that_no_two_rows_are_equal():
    assert order_of(Employee.objects.all()) == ["dealer__code", "position__order", "number", "pk"]
    assert order_of(Employee.objects.order_by("-hired_on")) == ["-hired_on", "-pk"]
    assert turned(["-hired_on", "name"]) == ["hired_on", "-name"]


@pytest.mark.django_db
def test_a_bound_on_the_first_name_stands_before_what_follows_so_that_an_index_is_entered_by_it():
    rows = Employee.objects.order_by("-hired_on", "-pk")
    sql = str(rows.filter(beyond(rows, ["-hired_on", "-pk"], (date(2026, 1, 2), 7))).query)
    assert '"people_employee"."hired_on" <= 2026-01-02 AND (' in sql.replace("'", "")


@pytest.fixture
def hr(sign_in):
    person = make_employee("hr_officer", number="HR1", name="Zz HR")
    sign_in(person)
    return person


def listed(client, **query):
    return client.get(PEOPLE, query).context["list"]


def names(found):
    return [row.name for row in found.page.rows]


@pytest.fixture
def many(hr):
    Employee.objects.filter(pk=hr.pk).update(name="ZZZ")
    brought_in([{"name": f"N{number:02}", "has_manager": False, "left": None, "hired": 1} for number in range(70)], boss=hr)
    return hr


@pytest.mark.django_db
def test_the_links_of_a_page_lead_through_the_whole_list_and_keep_what_was_chosen(client, many):
    seen, address = [], f"{PEOPLE}?sort=name&status=active"
    for _page in range(3):
        page = client.get(address)
        seen += names(page.context["list"])
        following = [link for link in page.content.decode().split('<a rel="next" href="')[1:]]
        address = PEOPLE + following[0].partition('"')[0].replace("&amp;", "&") if following else ""
    assert address == ""
    assert seen == [*(f"N{number:02}" for number in range(70)), "ZZZ"]
    last = client.get(PEOPLE, {"sort": "name", "page": "last"}).content.decode()
    assert 'rel="prev"' in last
    assert 'rel="next"' not in last
    assert "sort=-name&amp;page" not in last
    assert "after=" not in last.partition('<nav class="pagination"')[0]


@pytest.mark.django_db
@pytest.mark.parametrize("place", [{"page": "7"}, {"page": "x"}, {"after": "x"}, {"before": "-1"}, {"after": "9" * 18}, {"after": "٣"}])
def test_a_place_that_there_is_not_is_said_and_the_list_begins(client, many, place):
    (value,) = place.values()
    page = client.get(PEOPLE, {"sort": "name", **place})
    assert names(page.context["list"])[0] == "N00"
    assert page.content.decode().count('class="notice warn"') == 1
    assert value in page.content.decode()
    assert 'class="notice warn"' not in client.get(PEOPLE, {"sort": "name", "page": "1"}).content.decode()


@pytest.mark.django_db
def test_a_row_of_another_dealer_tells_nothing_of_where_it_would_stand(client, many):
    stranger = make_employee(name="N50", dealer=make_dealer("YT02"))
    found = listed(client, sort="name", after=stranger.pk)
    assert (names(found)[0], found.page.lost) == ("N00", str(stranger.pk))


@pytest.mark.django_db
def test_a_page_goes_on_from_a_row_that_fits_the_filter_no_more(client, many):
    first = listed(client, sort="name", status="active")
    Employee.objects.filter(pk=first.page.last).update(status="on_leave")
    assert names(listed(client, sort="name", status="active", after=first.page.last))[0] == "N30"


@pytest.mark.django_db
def test_what_was_beyond_and_is_gone_leaves_the_last_page(client, many):
    last = listed(client, sort="name", page="last").page
    assert names(listed(client, sort="name", after=last.last))[-1] == "ZZZ"


@pytest.mark.django_db
def test_rows_are_counted_exactly_up_to_a_bound_and_files_hold_all(client, many, monkeypatch):
    assert listed(client).counted == 71
    assert "71" in client.get(PEOPLE).content.decode()
    from lms.people.views.directory import PeopleList

    monkeypatch.setattr(PeopleList, "most_counted", 40)
    page = client.get(PEOPLE, headers={"accept-language": "en"})
    assert page.context["list"].is_capped
    assert "more than 40 entries" in page.content.decode()
    assert b"".join(client.get(PEOPLE, {"export": "csv", "after": str(many.pk), "page": "last"}).streaming_content).count(b"\n") == 72


@pytest.mark.django_db
def test_every_page_costs_one_statement_more_than_the_first_and_no_page_more(client, many, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(**query):
        client.get(PEOPLE, query)
        with CaptureQueriesContext(connection) as taken:
            client.get(PEOPLE, query)
        return len(taken)

    first = cost()
    second = listed(client).page.last
    third = listed(client, after=second).page.last
    assert [cost(after=second), cost(after=third), cost(before=third), cost(page="last")] == [first + 1, first + 1, first + 1, first]
    assert each([first])
