import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from lms.audit.models import Event
from lms.common.shown import written
from talent_pool.labour.actions.findings import record_findings
from talent_pool.labour.actions.limits import set_minimum_wage, set_threshold
from talent_pool.labour.models import Finding, MinimumWage, Threshold
from talent_pool.labour.queries import threshold_shown
from tests.factories import make_dealer, make_employee
from tests.factories.labour import gathering, placement

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def hr():
    return make_employee("hr_officer")


@pytest.fixture
def group_hr():
    return make_employee("group_hr")


@pytest.fixture
def intern():
    return make_employee(kind="intern", name="林小满")


def found(intern, **changes):
    with gathering([of(intern, **changes)]):
        record_findings(at=timezone.now())


def of(intern, **changes):
    begun = timezone.localdate() - timedelta(days=9)
    return (
        placement(person=intern.pk, dealer=intern.dealer_id, **changes)
        if changes.get("starts_on")
        else placement(person=intern.pk, dealer=intern.dealer_id, **{"agreement_signed_on": begun - timedelta(days=400), **changes})
    )


# --- Findings -------------------------------------------------------------------------------


def test_the_list_says_what_was_found_what_would_cure_it_and_the_clause(sign_in, hr, intern):
    found(intern, papers_kept=True)
    page = sign_in(hr).get(reverse("labour_findings")).text
    for words in ("林小满", "YT-2027-001", "identity papers are kept", "Give them back", "教职成〔2021〕4号", "no legal advice"):
        assert words in page


def test_the_list_shows_what_is_open_unless_the_address_says_otherwise(sign_in, hr, intern):
    found(intern, papers_kept=True)
    with gathering([]):
        record_findings(at=timezone.now())
    client = sign_in(hr)
    assert "No findings" in client.get(reverse("labour_findings")).text
    assert "Give them back" in client.get(reverse("labour_findings") + "?state=cured").text
    assert "Give them back" in client.get(reverse("labour_findings") + "?state=").text


@pytest.mark.parametrize(
    ("query", "is_there"),
    [
        ("severity=block", True),
        ("severity=warn", False),
        ("rule=papers_kept", True),
        ("rule=no_fee", False),
        ("q=小满", True),
        ("q=yt-2027", True),
        ("q=王", False),
    ],
)
def test_the_list_is_narrowed_by_severity_rule_and_name(sign_in, hr, intern, query, is_there):
    found(intern, papers_kept=True)
    assert ("Give them back" in sign_in(hr).get(f"{reverse('labour_findings')}?{query}").text) is is_there


def test_group_hr_narrows_the_list_to_a_dealer(sign_in, group_hr, intern):
    make_dealer("YT02")
    found(intern, papers_kept=True)
    client = sign_in(group_hr)
    assert "Give them back" in client.get(reverse("labour_findings") + "?dealer=YT01").text
    assert "Give them back" not in client.get(reverse("labour_findings") + "?dealer=YT02").text


def test_the_file_of_the_list_holds_placement_and_confidence_too(sign_in, hr, intern):
    found(intern, papers_kept=True)
    content = sign_in(hr).get(reverse("labour_findings") + "?export=csv").getvalue().decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(content))
    assert (row["Placement"], row["Confidence"], row["Severity"]) == ("1", "Quoted by two sources", "Blocks")


def test_the_pages_ask_as_much_for_thirty_findings_as_for_one(sign_in, group_hr, django_assert_max_num_queries):
    client = sign_in(group_hr)
    people = [make_employee(kind="intern") for _number in range(30)]
    with gathering([of(one, papers_kept=True, nights=True) for one in people]):
        record_findings(at=timezone.now())
        set_threshold(
            group=group_hr.group,
            rule="nights",
            severity="block",
            from_on=date(2026, 1, 1),
            reason="核对",
            by=group_hr.user,
            at=timezone.now(),
        )
        for url in (reverse("labour_findings"), reverse("labour_rules"), reverse("labour_rule", args=["nights"]), reverse("labour_wages")):
            client.get(url)
            with django_assert_max_num_queries(15):
                assert client.get(url).status_code == 200


# --- Rules ----------------------------------------------------------------------------------


def test_the_rules_stand_with_limit_clause_and_confidence(sign_in, hr):
    page = sign_in(hr).get(reverse("labour_rules")).text
    for words in (
        "Minimum age on the first day",
        "16 years old",
        "80%",
        "Labour Contract Law, art. 19",
        "Check the current text",
        "Declared",
    ):
        assert words in page


def test_a_rule_shows_each_limit_that_was_set_with_its_reason_and_who_set_it(sign_in, hr, group_hr):
    values = {"group": group_hr.group, "rule": "usual_length", "by": group_hr.user, "at": timezone.now()}
    set_threshold(value=Decimal(8), from_on=date(2026, 1, 1), reason="省厅新文件", **values)
    set_threshold(value=Decimal(5), from_on=date(2099, 1, 1), reason="以后", **values)
    page = sign_in(hr).get(reverse("labour_rule", args=["usual_length"])).text
    for words in ("8 months", "省厅新文件", group_hr.name, "in force", "to come", "5 months", "6 months"):
        assert words in page
    assert "Set another limit" not in page


def test_a_rule_that_there_is_not_is_not_found(sign_in, group_hr):
    client = sign_in(group_hr)
    for name in ("labour_rule", "labour_threshold_new"):
        assert client.get(reverse(name, args=["no_such_rule"])).status_code == 404


def threshold(**values):
    return {"value": "17", "severity": "", "from_on": timezone.localdate().isoformat(), "reason": "新规定", **values}


def test_group_hr_sets_a_limit(sign_in, group_hr):
    response = sign_in(group_hr).post(reverse("labour_threshold_new", args=["age_16"]), threshold())
    assert response.url == reverse("labour_rule", args=["age_16"])
    row = Threshold.objects.get()
    assert (row.value, row.reason, row.set_by) == (17, "新规定", group_hr.user)
    assert Event.objects.get(verb="labour.threshold_set").after["value"] == "17"


def test_a_look_at_whom_it_hits_saves_nothing_and_names_them(sign_in, group_hr, intern):
    facts = [of(intern, born_on=date(2010, 6, 1), starts_on=date(2027, 3, 1), guardian_consent_on=date(2027, 2, 1))]
    with gathering(facts):
        page = sign_in(group_hr).post(reverse("labour_threshold_new", args=["age_16"]), threshold(look="1")).text
    assert "Found anew: 1" in page
    assert "林小满" in page
    assert "Nothing is saved yet" in page
    assert not Threshold.objects.exists()


def test_a_look_says_what_would_no_longer_be_found_and_what_would_block(sign_in, group_hr, intern):
    client = sign_in(group_hr)
    with gathering([of(intern, overtime_a_month=Decimal(40), nights=True)]):
        page = client.post(reverse("labour_threshold_new", args=["overtime_month"]), threshold(value="40", look="1")).text
        assert "No longer found: 1" in page
        page = client.post(reverse("labour_threshold_new", args=["nights"]), threshold(severity="block", look="1")).text
        assert "Another severity: 1" in page


def test_a_rule_without_a_number_is_asked_for_none(sign_in, group_hr):
    client = sign_in(group_hr)
    assert 'name="value"' not in client.get(reverse("labour_threshold_new", args=["nights"])).text
    client.post(reverse("labour_threshold_new", args=["nights"]), threshold(severity="block"))
    assert Threshold.objects.get().value is None


def test_what_is_refused_stands_at_its_field_and_what_was_typed_stays(sign_in, group_hr):
    page = sign_in(group_hr).post(reverse("labour_threshold_new", args=["age_16"]), threshold(value="16.5")).text
    assert "must be a whole number" in page
    assert "新规定" in page
    assert not Threshold.objects.exists()


def test_the_second_of_two_who_set_a_limit_is_told_of_the_first(sign_in, group_hr):
    shown = written(threshold_shown(group_hr.group_id, "age_16"))
    set_threshold(
        group=group_hr.group, rule="age_16", value=Decimal(18), from_on=date(2026, 1, 1), reason="先", by=group_hr.user, at=timezone.now()
    )
    page = sign_in(make_employee("group_hr")).post(reverse("labour_threshold_new", args=["age_16"]), threshold(shown=shown)).text
    assert "changed meanwhile" in page
    assert Threshold.objects.count() == 1


# --- Minimum wages --------------------------------------------------------------------------


def test_hr_enters_the_minimum_wage_of_the_own_dealer(sign_in, hr):
    url = reverse("labour_wage", args=[hr.dealer_id])
    client = sign_in(hr)
    assert "No minimum wage yet" in client.get(url).text
    assert client.post(url, {"amount": "2010", "from_on": "2026-01-01", "source": "省政府公告"}).url == url
    page = client.get(url).text
    assert "省政府公告" in page
    assert "in force" in page
    assert MinimumWage.objects.get().set_by == hr.user


def test_the_list_of_wages_shows_the_one_in_force(sign_in, group_hr):
    dealer = make_dealer("YT02", name_en="East")
    values = {"dealer": dealer, "source": "公告", "by": group_hr.user, "at": timezone.now()}
    for amount, from_on in ((1900, date(2025, 1, 1)), (2010, date(2026, 1, 1)), (2999, date(2099, 1, 1))):
        set_minimum_wage(amount=Decimal(amount), from_on=from_on, **values)
    page = sign_in(group_hr).get(reverse("labour_wages")).text
    assert "2,010" in page
    assert "2,999" not in page
    assert "1,900" not in page


# --- Where else it stands -------------------------------------------------------------------


def test_today_tells_hr_what_blocks_and_nobody_else(sign_in, hr, intern):
    found(intern, papers_kept=True)
    assert "1 finding of the rule check blocks" in sign_in(hr).get(reverse("today")).text
    assert "rule check" not in sign_in(make_employee("service_manager")).get(reverse("today")).text


def test_today_says_nothing_where_nothing_was_found(sign_in, hr):
    assert "findings of the rule check" not in sign_in(hr).get(reverse("today")).text


def test_a_person_s_page_shows_hr_what_was_found_about_them(sign_in, hr, intern):
    found(intern, papers_kept=True)
    url = reverse("person", args=[intern.pk])
    assert "Give them back" in sign_in(hr).get(url).text
    assert "Give them back" not in sign_in(make_employee("service_manager")).get(url).text
    assert Finding.objects.count() == 1


def test_a_limit_of_tens_is_offered_as_it_is_written(sign_in, group_hr):
    page = sign_in(group_hr).get(reverse("labour_threshold_new", args=["share_of_post"])).text
    assert 'value="20"' in page
    assert "E+" not in page
