"""A dealer is chosen from a select while there are few, and named by code or name where there are many."""

import re

import pytest
from django.urls import reverse

from lms.people import fields
from lms.people.fields import DealerField, DealerForm
from lms.people.models import Dealer, DealerGroup, Employee
from tests.each import each
from tests.factories import make_dealer, make_employee

pytestmark = pytest.mark.django_db
PEOPLE, NEW, BOARD, BANDS, AUDIT = map(reverse, ["people", "person_new", "training_board", "bands", "audit"])
CYCLE, TABLE, PROPOSALS = map(reverse, ["cycle_new", "band_table_new", "proposals"])


@pytest.fixture
def group_hr(sign_in, monkeypatch):
    monkeypatch.setattr(fields, "FEW", 3)
    person = make_employee("group_hr", number="G1")
    sign_in(person)
    return person


@pytest.fixture
def many(group_hr):
    """More dealers than a select shows; two of them have names that begin alike."""
    for number in range(2, 6):
        make_dealer(f"YT0{number}")
    Dealer.objects.filter(code="YT02").update(name_zh="烟台星辰", name_en="Star North")
    Dealer.objects.filter(code="YT03").update(name_zh="烟台星河", name_en="Star South")
    return group_hr


def english(client, url, **query):
    return client.get(url, query, headers={"accept-language": "en"})


def chosen(page):
    """The text in the field of the dealer."""
    return re.search(r'<input type="text" name="dealer"(?: value="([^"]*)")?', page.content.decode())[1]


def test_few_dealers_stand_in_a_select(client, group_hr):
    make_dealer("YT02")
    page = client.get(PEOPLE, {"dealer": "YT02"}).content.decode()
    assert '<option value="YT02" selected>' in page
    assert 'name="dealer" value' not in page


@pytest.mark.parametrize("url", [PEOPLE, NEW, BOARD, BANDS, AUDIT, CYCLE, TABLE, PROPOSALS])
def test_of_many_one_is_named_and_no_page_holds_them_all(client, many, url):
    page = english(client, url)
    assert page.status_code == 200
    assert '<input type="text" name="dealer"' in page.content.decode()
    assert "YT05" not in page.content.decode()


@pytest.mark.parametrize(
    "asked", ["YT02", "yt02", "ＹＴ０２", "烟台星辰", "star north", "YT02 · Star North", "YT02 · 烟台星辰", "yt02 · STAR NORTH"]
)
def test_a_dealer_is_found_by_its_code_or_its_whole_name_however_it_is_typed(client, many, asked):
    make_employee(name="There", dealer=make_dealer("YT02"))
    page = english(client, PEOPLE, dealer=asked)
    assert [row.name for row in page.context["list"].page.rows] == ["There"]
    assert chosen(page) == "YT02 · Star North"
    assert 'class="notice warn"' not in page.content.decode()


def test_an_address_of_an_older_release_holds_the_number_of_the_record(client, many):
    make_employee(name="There", dealer=make_dealer("YT02"))
    page = english(client, PEOPLE, dealer=make_dealer("YT02").pk)
    assert [row.name for row in page.context["list"].page.rows] == ["There"]


def test_a_code_goes_before_the_number_of_another_record(client, many):
    other = make_dealer("YT02")
    wanted = make_dealer(str(other.pk))
    make_employee(name="There", dealer=wanted)
    assert [row.name for row in english(client, PEOPLE, dealer=str(other.pk)).context["list"].page.rows] == ["There"]


@pytest.mark.parametrize("url", [PEOPLE, BOARD, BANDS, AUDIT, PROPOSALS])
def test_a_dealer_that_nobody_knows_is_named_in_what_is_said_and_stays_typed(client, many, url):
    page = english(client, url, dealer="Mond<")
    assert "There is no dealer “Mond&lt;” that you can see" in page.content.decode()
    assert chosen(page) == "Mond&lt;"


@pytest.mark.parametrize("url", [PEOPLE, BOARD, BANDS])
def test_part_of_a_name_chooses_nothing_and_offers_those_it_fits(client, many, url):
    page = english(client, url, dealer="Star").content.decode()
    assert "“Star” is not the code or the whole name of one dealer. Perhaps one of these: YT02 · Star North; YT03 · Star South" in page
    assert re.findall(r'<option value="([^"]+)"></option>', page) == ["YT02 · Star North", "YT03 · Star South"]
    assert re.search(r'list="([^"]+)"', page)[1] == re.search(r'<datalist id="([^"]+)"', page)[1]


def test_two_dealers_of_one_name_are_told_apart_by_code_and_another_groups_is_not_met(many):
    elsewhere = DealerGroup.objects.create(code="other", name_zh="别的集团")
    for code, group in (("ZZ01", elsewhere), ("YT09", many.group)):
        Dealer.objects.create(code=code, group=group, name_zh="同名店", name_en="Twin")
    field = DealerField()
    field.offer(Dealer.objects.filter(group=many.group))
    assert field.clean("Twin").code == "YT09"
    field.offer(Dealer.objects.all())
    with pytest.raises(fields.forms.ValidationError) as refused:
        field.clean("同名店")
    assert all(code in refused.value.messages[0] for code in each(["YT09", "ZZ01"]))
    assert field.clean("ZZ01").group == elsewhere


def test_a_dealer_of_another_group_is_no_dealer_here(client, many):
    elsewhere = DealerGroup.objects.create(code="other", name_zh="别的集团")
    foreign = Dealer.objects.create(code="ZZ01", group=elsewhere, name_zh="外店", name_en="Foreign")
    for asked in each(["ZZ01", str(foreign.pk), "Foreign"]):
        assert "There is no dealer" in english(client, PEOPLE, dealer=asked).content.decode()


def test_what_the_page_shows_of_a_dealer_is_found_again_whatever_is_in_its_name(client, many):
    dealer = make_dealer("YT04")
    make_employee(name="There", dealer=dealer)
    Dealer.objects.filter(pk=dealer.pk).update(name_zh="烟台 · 星辰（开发区）", name_en="Star · Ｎorth")
    for asked in each(["YT04 · 烟台 · 星辰（开发区）", "YT04 · Star · Ｎorth"]):
        assert [row.name for row in english(client, PEOPLE, dealer=asked).context["list"].page.rows] == ["There"]


def test_a_name_that_contradicts_the_code_is_refused_and_the_dealer_of_the_code_is_offered(client, many):
    for asked in each(["YT02 · anything", "YT02 · Star South", "YT02 · Star"]):
        page = english(client, PEOPLE, dealer=asked).content.decode()
        assert f"“{asked}” is not the code or the whole name of one dealer. Perhaps one of these: YT02 · Star North" in page
        assert f'value="{asked}"' in page


def test_a_form_tells_nothing_of_a_dealer_that_somebody_else_named_before(many):
    hidden = make_dealer("SEC9", name_zh="秘密店")
    first = DealerForm({"dealer": "秘密店"}, dealers=Dealer.objects.all())
    assert first.is_valid()
    assert "SEC9" in str(first["dealer"])
    second = DealerForm({"dealer": "秘密店"}, dealers=Dealer.objects.exclude(pk=hidden.pk))
    assert not second.is_valid()
    assert "SEC9" not in str(second["dealer"])


def test_a_field_that_is_offered_others_forgets_what_was_found(many):
    field = DealerField()
    field.offer(Dealer.objects.all())
    field.clean("YT02")
    field.offer(Dealer.objects.exclude(code="YT02"))
    assert field.prepare_value("YT02") == "YT02"


def test_what_is_typed_is_kept_for_no_later_form(many):
    for asked in each(["YT02", "yt03", "YT04"]):
        assert DealerForm({"dealer": asked}, dealers=Dealer.objects.all()).is_valid()
    assert DealerForm.base_fields["dealer"]._known == {}


def test_a_form_takes_the_dealer_that_is_named_and_keeps_what_was_typed_when_it_is_refused(client, many):
    page = english(client, NEW)
    assert chosen(page).startswith("YT01 · ")
    values = {"name": "New One", "number": "N1", "hired_on": "2026-11-02", "status": "active", "position": many.position_id}
    page = client.post(NEW, {**values, "dealer": "Star"}, headers={"accept-language": "en"})
    assert "Perhaps one of these" in page.content.decode()
    assert chosen(page) == "Star"
    assert not Employee.objects.filter(number="N1").exists()
    values["position"] = make_employee("technician").position_id
    assert client.post(NEW, {**values, "dealer": "star north"}).status_code == 302
    assert Employee.objects.get(number="N1").dealer.code == "YT02"


def test_pages_cost_as_many_statements_for_three_dealers_as_for_many(client, group_hr, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def costs():
        found = {}
        for url in (PEOPLE, NEW, BOARD, BANDS, AUDIT):
            client.get(url)
            with CaptureQueriesContext(connection) as taken:
                client.get(url)
            found[url] = len(taken)
        return found

    for number in range(2, 4):
        make_dealer(f"YT0{number}")
    few = costs()
    for number in range(4, 40):
        make_dealer(f"YT{number:02}")
    assert costs() == few
