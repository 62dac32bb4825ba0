"""Findings on record: opened once, closed when cured, told to HR once; the same whatever is repeated."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from lms.home.sweep import EVERY_NIGHT, sweep
from lms.notifications.models import Notice
from lms.people.actions.departures import record_departure
from talent_pool.labour.actions.findings import recheck, record_findings
from talent_pool.labour.gatherers import alone
from talent_pool.labour.models import Finding
from talent_pool.labour.queries import findings_visible_to
from talent_pool.labour.rules.declared import cure_words, found_words
from talent_pool.labour.rules.facts import DealerFacts, Period
from tests.each import each
from tests.factories import make_dealer, make_employee
from tests.factories.labour import ON, gathering, placement

pytestmark = pytest.mark.django_db
AT = timezone.make_aware(datetime(2027, 3, 10, 9))
LATER = AT + timedelta(days=1)


@pytest.fixture
def intern():
    return make_employee(kind="intern")


def of(intern, **changes):
    return placement(person=intern.pk, dealer=intern.dealer_id, **changes)


def test_a_finding_is_opened_once_and_closed_when_it_is_cured(intern):
    with gathering([of(intern, papers_kept=True)]) as facts:
        assert record_findings(at=AT) == 1
        assert record_findings(at=LATER) == 0
        facts[:] = [of(intern)]
        assert record_findings(at=LATER) == 1
    finding = Finding.objects.get()
    assert (finding.rule, finding.person, finding.intern, finding.place) == ("papers_kept", intern, "YT-2027-001", "1")
    assert (finding.first_found_at, finding.gone_at) == (AT, LATER)


def test_what_comes_back_is_another_finding(intern):
    with gathering([of(intern, papers_kept=True)]) as facts:
        record_findings(at=AT)
        facts[:] = []  # the placement is over, or nobody speaks of it any more
        record_findings(at=LATER)
        facts[:] = [of(intern, papers_kept=True)]
        record_findings(at=LATER + timedelta(hours=1))
    assert list(Finding.objects.order_by("pk").values_list("gone_at", flat=True)) == [LATER, None]


def test_a_finding_says_what_is_found_now(intern):
    with gathering([of(intern, deposit=Decimal(500))]) as facts:
        record_findings(at=AT)
        facts[:] = [of(intern, deposit=Decimal(300))]
        record_findings(at=LATER)
    finding = Finding.objects.get()
    assert "300" in found_words(finding.rule, finding.particulars)
    assert finding.first_found_at == AT


def test_a_kept_finding_is_said_in_the_language_of_whoever_reads_it(intern, settings):
    with gathering([of(intern, agreement=Period(date(2027, 3, 1), date(2027, 5, 15)))]):
        record_findings(at=AT)
    finding = Finding.objects.get()
    settings.LANGUAGE_CODE = "zh-hans"
    assert "2027年5月15日" in found_words(finding.rule, finding.particulars)
    settings.LANGUAGE_CODE = "en"
    assert "15 May 2027" in found_words(finding.rule, finding.particulars)
    assert cure_words(finding.rule, finding.particulars, finding.confidence).startswith("Extend the agreement")


def test_two_placements_of_a_student_have_a_finding_each(intern):
    with gathering([of(intern, papers_kept=True), of(intern, papers_kept=True, placement="2")]):
        record_findings(at=AT)
    assert sorted(Finding.objects.values_list("place", flat=True)) == ["1", "2"]


def test_only_the_dealers_asked_for_are_checked(intern):
    other = make_employee(dealer=make_dealer("YT02"), kind="intern")
    with gathering([of(intern, papers_kept=True), of(other, papers_kept=True)]) as facts:
        record_findings(at=AT, dealers=[intern.dealer_id])
        assert Finding.objects.get().dealer == intern.dealer
        facts[:] = []
        record_findings(at=LATER, dealers=[other.dealer_id])
        assert Finding.objects.get().gone_at is None


def test_the_database_keeps_one_open_finding_of_a_rule_a_placement_and_of_a_dealer(intern):
    known = {"rule": "papers_kept", "dealer": intern.dealer, "severity": "block", "confidence": "seen", "first_found_at": AT}
    about = {**known, "person": intern, "place": "1"}
    Finding.objects.create(**about, gone_at=AT)
    for values in (about, known):
        Finding.objects.create(**values)
        with pytest.raises(IntegrityError), transaction.atomic():
            Finding.objects.create(**values)


@pytest.mark.parametrize("changes", [{"rule": "no_fee"}, {"place": "7"}, {"intern": "X"}, {"first_found_at": LATER}])
def test_a_finding_stays_what_it_is_of(intern, changes):
    with gathering([of(intern, papers_kept=True)]):
        record_findings(at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.update(**changes)


def test_a_cured_finding_is_not_opened_again_and_none_is_deleted(intern):
    with gathering([of(intern, papers_kept=True)]) as facts:
        record_findings(at=AT)
        facts[:] = []
        record_findings(at=LATER)
    for change in (lambda: Finding.objects.update(gone_at=None), lambda: Finding.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


# --- Who hears of it ------------------------------------------------------------------------


def test_hr_of_the_dealer_hears_of_what_blocks_once(intern):
    hr, elsewhere = make_employee("hr_officer"), make_employee("hr_officer", dealer=make_dealer("YT02"))
    with gathering([of(intern, papers_kept=True, deposit=Decimal(1), nights=True)]):
        record_findings(at=AT)
        record_findings(at=LATER)
    notice = Notice.objects.get()
    assert notice.recipient == hr.user
    assert notice.recipient != elsewhere.user
    assert notice.context["count"] == 2


def test_group_hr_hears_of_it_where_the_dealer_has_no_hr(intern):
    group_hr = make_employee("group_hr", dealer=make_dealer("YT02"))
    with gathering([of(intern, papers_kept=True)]):
        record_findings(at=AT)
    assert Notice.objects.get().recipient == group_hr.user


def test_what_only_warns_is_told_to_nobody(intern):
    make_employee("hr_officer")
    with gathering([of(intern, nights=True)]):
        record_findings(at=AT)
    assert Finding.objects.exists()
    assert not Notice.objects.exists()


def test_hr_sees_the_own_dealer_and_group_hr_the_group(intern):
    other = make_employee(dealer=make_dealer("YT02"), kind="intern")
    with gathering([of(intern, papers_kept=True), of(other, papers_kept=True)]):
        record_findings(at=AT)
    seen = {
        post: {one.dealer.code for one in findings_visible_to(make_employee(post).user)}
        for post in ("hr_officer", "group_hr", "advisor", "general_manager")
    }
    assert seen == {"hr_officer": {"YT01"}, "group_hr": {"YT01", "YT02"}, "advisor": set(), "general_manager": set()}


# --- When it is checked ---------------------------------------------------------------------


def shares(dealer):
    """The share of interns as it is: a gatherer that counts."""
    from lms.people.models import Employee

    here = Employee.objects.filter(dealer=dealer).exclude(status="left")
    return DealerFacts(dealer=dealer.pk, staff=here.filter(kind="staff").count(), interns=here.filter(kind="intern").count())


class Counted(list):
    def __init__(self, dealer):
        super().__init__()
        self.dealer = dealer

    def __iter__(self):
        return iter([shares(self.dealer)])


def test_a_departure_that_raises_the_share_of_interns_is_found_at_once(django_capture_on_commit_callbacks):
    dealer = make_dealer()
    hr = make_employee("hr_officer")
    staff = [make_employee(manager=hr) for _number in range(9)]
    make_employee(kind="intern")
    with gathering(Counted(dealer)):
        record_findings(at=timezone.now())
        assert not Finding.objects.exists()  # one of ten, exactly 10 %
        with django_capture_on_commit_callbacks(execute=True):
            record_departure(employee=staff[0], left_on=timezone.localdate(), by=hr.user, at=timezone.now())
    finding = Finding.objects.get()
    assert (finding.rule, finding.person, finding.dealer) == ("share_of_staff", None, dealer)


def test_whoever_changed_something_has_the_dealer_checked_after_the_commit(intern, django_capture_on_commit_callbacks):
    with gathering([of(intern, papers_kept=True)]):
        with django_capture_on_commit_callbacks(execute=True):
            recheck(dealers=[intern.dealer_id])
            assert not Finding.objects.exists()
        assert Finding.objects.get().rule == "papers_kept"


def test_people_are_checked_where_they_are_and_where_something_was_found_about_them(intern, django_capture_on_commit_callbacks):
    other = make_dealer("YT02")
    with gathering([replace(of(intern, papers_kept=True), dealer=other.pk)]) as facts:
        record_findings(at=timezone.now())
        facts[:] = [of(intern, papers_kept=True)]
        with django_capture_on_commit_callbacks(execute=True):
            recheck(people=[intern.pk])
    assert [(one.dealer.code, one.is_open) for one in each(Finding.objects.order_by("dealer__code"))] == [("YT01", True), ("YT02", False)]


def test_nobody_is_checked_where_no_room_gives_facts(django_capture_on_commit_callbacks):
    with alone(), django_capture_on_commit_callbacks() as callbacks:
        recheck(dealers=[1])
    assert callbacks == []


def test_the_sweep_of_the_night_finds_what_a_new_day_brings(intern):
    """The intern turns 18: the protection of minors ends by itself."""
    step = {name: path for name, path in EVERY_NIGHT.items() if path.startswith("talent_pool.labour.")}
    with gathering([of(intern, born_on=date(2009, 3, 11), guardian_consent_on=date(2027, 2, 1))]):
        record_findings(at=AT, on=ON)
        assert Finding.objects.get(gone_at=None).rule == "minor_at_work"
        assert list(sweep(at=LATER, steps=step).values()) == [1]
    assert not Finding.objects.filter(gone_at=None).exists()


def test_as_many_statements_for_thirty_placements_as_for_one(intern, django_assert_max_num_queries):
    people = [make_employee(kind="intern") for _number in range(30)]
    with gathering([of(one, papers_kept=True, nights=True) for one in people]), django_assert_max_num_queries(15):
        record_findings(at=AT)
    assert Finding.objects.count() == 60


def test_a_technical_account_reads_no_finding_since_some_say_what_is_paid():
    dealer = make_dealer()
    person = make_employee(dealer=dealer)
    said = {"severity": "block", "confidence": "read", "particulars": [["low", {"paid_yuan": "2000", "floor_yuan": "3000"}]]}
    finding = Finding.objects.create(rule="probation_pay", dealer=dealer, person=person, place="1", first_found_at=timezone.now(), **said)
    technical = make_employee("group_hr", dealer=dealer).user
    assert list(findings_visible_to(technical)) == [finding]
    technical.is_superuser = True
    assert list(findings_visible_to(technical)) == []
