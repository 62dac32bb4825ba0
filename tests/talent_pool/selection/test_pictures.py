"""The pictures: how many came how far, and quotas against places; each bar opens to just the people that it counts (C4)."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from talent_pool.selection.charts import ROOM, Bar, bars, width_of
from tests.each import each
from tests.factories import (
    hr_of,
    make_batch,
    make_dealer,
    make_employee,
    make_offered,
    make_on_probation,
    make_passed,
    make_placement,
)


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


# --- Drawing ---------------------------------------------------------------------------------------------------------


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_bar_is_seen_unless_it_is_of_nothing_and_never_leaves_the_picture(value, most):
    width = width_of(min(value, most), most)
    assert (width == 0) == (value == 0)
    assert width <= ROOM


def test_a_bar_says_its_number_and_opens():
    svg = bars("Title", [Bar("Passed", 3, "/people/?step=passed"), Bar("Offered", 0)])
    assert '<a href="/people/?step=passed">' in svg
    assert ">3</text>" in svg
    assert "<title>Title</title>" in svg


def test_what_people_typed_is_escaped():
    assert "<b>" not in bars("<b>", [Bar("<b>", 1, "", 2)])


def test_a_quota_is_a_line_beside_the_bar():
    assert 'class="target"' in bars("Title", [Bar("DX-1", 3, target=5)])
    assert 'class="target"' not in bars("Title", [Bar("DX-1", 3)])


def test_a_picture_of_nothing_is_drawn():
    assert bars("Title", []).startswith("<svg")


# --- Counting --------------------------------------------------------------------------------------------------------


pictures = pytest.mark.django_db


def opened(client):
    """{step: the names behind its bar} as the page's own links open them."""
    page = client.get(reverse("selection_pictures")).text
    links = [unescape(one) for one in re.findall(r'<a href="([^"]*step=[^"]*)"', page)]
    people = {}
    for url in each(links):
        rows = client.get(url + "&export=csv").getvalue().decode("utf-8-sig").splitlines()[1:]
        people.setdefault(url.rpartition("step=")[2], []).extend(row.split(",")[0] for row in rows)
    return people, page


@pictures
def test_each_bar_opens_to_those_it_counts(sign_in):
    batch = make_batch()
    make_placement(batch)
    make_placement(batch, stage="under_way", started_at=None)
    make_passed(batch, name="过")
    make_passed(batch, name="未过", stage="not_passed")
    make_offered(name="邀")
    make_on_probation(name="试")
    people, page = opened(sign_in(make_employee("hr_officer")))
    counts = {step: len(names) for step, names in people.items()}
    assert counts == {"applied": 6, "placed": 5, "passed": 3, "offered": 2, "probation": 1, "confirmed": 0}
    assert people["probation"] == ["试"]
    assert "The numbers as a table" in page


@pictures
def test_another_dealer_s_people_are_in_no_picture(sign_in):
    make_passed(dealer=make_dealer("YT02"), name="别店")
    page = sign_in(make_employee("hr_officer")).get(reverse("selection_pictures")).text
    assert "No interns yet" in page


@pictures
def test_places_are_counted_by_the_year_of_the_batch(sign_in):
    batch = make_batch()
    make_passed(batch)
    make_placement(batch)  # has not begun
    make_passed(make_batch(batch.targeted_class, starts_on=date(2025, 9, 1), ends_on=date(2025, 12, 31)))
    page = sign_in(make_employee("hr_officer")).get(reverse("selection_pictures")).text
    for year in each([2025, 2026]):
        assert f"{batch.agreement.number} · {year}" in page
    assert 'class="target"' in page


@pictures
@pytest.mark.parametrize("query", [{"step": "nowhere"}, {"step": "offered", "school": "x", "year": "99999999"}, {"year": "0"}])
def test_an_address_that_means_nothing_opens_nobody(sign_in, query):
    response = sign_in(make_employee("hr_officer")).get(reverse("funnel_people"), query)
    assert response.status_code == 404 or "No one has come that far" in response.text


@pictures
@pytest.mark.parametrize("number", [1, 6])
def test_the_pictures_take_few_statements(sign_in, number, django_assert_max_num_queries):
    for year in range(number):
        batch = make_batch(starts_on=date(2020 + year, 9, 1), ends_on=date(2020 + year, 12, 31))
        make_passed(batch)
    hr_of(make_dealer())
    client = sign_in(make_employee("hr_officer"))
    client.get(reverse("selection_pictures"))
    with django_assert_max_num_queries(15):
        client.get(reverse("selection_pictures"))
