"""`manage.py check_interns`: one line of JSON, or a table; it writes nothing."""

import json
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from talent_pool.labour.gatherers import alone
from talent_pool.labour.models import Finding
from talent_pool.labour.rules.facts import DealerFacts
from tests.each import each
from tests.factories import make_dealer, make_employee
from tests.factories.labour import gathering, placement, probation

pytestmark = pytest.mark.django_db
KEYS = {"intern", "placement", "rule", "clause", "severity", "confidence", "found", "cure"}


def run(*arguments):
    """(what it prints, what it says went wrong, its exit code)"""
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command("check_interns", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        code = end.code
    return out.getvalue(), err.getvalue(), code


def as_json(*arguments):
    out, _err, code = run(*arguments, "--json")
    assert out.count("\n") == 1
    return json.loads(out), code


@pytest.fixture
def interns():
    """Two at one dealer, one of them with something wrong; one with something wrong at another."""
    people = [make_employee(kind="intern"), make_employee(kind="intern"), make_employee(kind="intern", dealer=make_dealer("YT02"))]
    wrong = [{}, {"papers_kept": True, "nights": True}, {"insurance": ()}]
    facts = [
        placement(person=one.pk, dealer=one.dealer_id, intern=f"S{number}", placement=str(number), **changes)
        for number, (one, changes) in enumerate(zip(people, wrong, strict=True), start=1)
    ]
    with gathering(facts):
        yield facts


def test_it_says_how_many_were_checked_and_each_finding_in_full(interns):
    said, code = as_json("--on", "2027-03-10")
    assert code == 0
    assert said.keys() == {"checked", "findings"}
    assert said["checked"] == 3
    assert [(one["intern"], one["placement"], one["rule"], one["severity"], one["confidence"]) for one in said["findings"]] == [
        ("S2", "2", "papers_kept", "block", "seen"),
        ("S2", "2", "nights", "warn", "weak"),
        ("S3", "3", "liability_insurance", "block", "seen"),
    ]
    for one in each(said["findings"]):
        assert one.keys() == KEYS
        assert all(one[key] and isinstance(one[key], str) for key in ("clause", "found", "cure"))


def test_it_writes_nothing(interns):
    as_json()
    run()
    assert not Finding.objects.exists()


def test_it_checks_one_dealer_where_one_is_named(interns):
    said, _code = as_json("--on", "2027-03-10", "--dealer", "yt02")
    assert said["checked"] == 1
    assert [one["intern"] for one in said["findings"]] == ["S3"]


def test_it_checks_as_of_the_day_that_is_named(interns):
    interns[:] = [
        placement(person=interns[0].person, dealer=interns[0].dealer, born_on=date(2009, 3, 11), guardian_consent_on=date(2027, 2, 1))
    ]
    assert [one["rule"] for one in as_json("--on", "2027-03-10")[0]["findings"]] == ["minor_at_work"]
    assert as_json("--on", "2027-03-11")[0]["findings"] == []


def test_probations_count_and_dealers_do_not(interns):
    interns[:] = [
        probation(person=interns[0].person, dealer=interns[0].dealer, intern="S9", probation_pay=Decimal(1000)),
        DealerFacts(dealer=interns[0].dealer, staff=10, interns=2),
    ]
    said, _code = as_json("--on", "2027-03-10")
    assert said["checked"] == 1
    assert {(one["intern"], one["rule"]) for one in said["findings"]} == {
        ("S9", "probation_pay"),
        ("S9", "probation_minimum_wage"),
        ("", "share_of_staff"),
    }


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(["--on", "1 March"], "is no day"), (["--on", "2027-02-30"], "is no day"), (["--dealer", "XX99"], "no dealer “XX99”")],
)
def test_what_it_does_not_understand_ends_with_1_and_is_still_json(interns, arguments, sentence):
    out, err, code = run(*arguments, "--json")
    assert (json.loads(out), code) == ({"checked": 0, "findings": []}, 1)
    assert sentence in err


def test_where_no_room_gives_facts_there_is_nothing_to_find():
    with alone():
        assert as_json() == ({"checked": 0, "findings": []}, 0)


def test_a_person_reads_a_table(interns):
    out, _err, code = run("--on", "2027-03-10")
    assert code == 0
    assert "S2  2  papers_kept  block  seen" in out
    assert "3 checked, 3 findings, 2 of them block." in out
