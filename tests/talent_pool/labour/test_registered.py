"""What this room tells other pages, HR and the integrity check."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from lms.common.integrity import judgements
from lms.common.registries import Change, effects_of
from lms.notifications.kinds import declared
from lms.notifications.models import Notice
from talent_pool.labour.actions.findings import record_findings
from talent_pool.labour.models import Finding, Threshold
from talent_pool.labour.rules.facts import DealerFacts, PostShare
from tests.factories import make_dealer, make_employee
from tests.factories.labour import gathering, placement

pytestmark = pytest.mark.django_db
AT = timezone.make_aware(datetime(2027, 3, 10, 9))
NEXT = date(2027, 4, 1)


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def hr():
    return make_employee("hr_officer")


def departure(person, **values):
    return Change(Change.Kind.DEPARTURE, person, NEXT, **values)


def said(change, user):
    return [str(one.title) for one in effects_of(change, user) if "interns" in str(one.title)]


# --- Before somebody leaves -----------------------------------------------------------------


@pytest.fixture
def at_the_limit(hr):
    """Ten staff and one intern; the intern is with five technicians."""
    posts = (PostShare("technician", 5, 1, {"zh": "维修技师", "en": "Technician"}),)
    with gathering([DealerFacts(dealer=hr.dealer_id, staff=10, interns=1, posts=posts)]) as facts:
        yield facts


def test_hr_reads_before_a_departure_that_the_share_of_interns_passes_its_limit(hr, at_the_limit):
    assert said(departure(make_employee("technician")), hr.user) == [
        "The share of interns passes its limit: Share of interns among all staff",
        "The share of interns passes its limit: Share of interns in one post",
    ]
    assert said(departure(make_employee("advisor")), hr.user) == ["The share of interns passes its limit: Share of interns among all staff"]


def test_a_move_to_another_dealer_counts_and_leave_does_not(hr, at_the_limit):
    person, other = make_employee("advisor"), make_dealer("YT02")
    assert said(Change(Change.Kind.MOVE, person, NEXT, dealer=other, position=person.position), hr.user)
    assert not said(Change(Change.Kind.MOVE, person, NEXT, dealer=person.dealer, position=person.position), hr.user)
    assert not said(Change(Change.Kind.LEAVE, person, NEXT, NEXT), hr.user)


def test_what_is_passed_already_or_not_reached_is_not_said_again(hr, at_the_limit):
    for staff in (9, 12):
        at_the_limit[:] = [DealerFacts(dealer=hr.dealer_id, staff=staff, interns=1)]
        assert not said(departure(make_employee("advisor")), hr.user)


def test_an_intern_who_goes_is_no_loss_of_staff_and_nobody_but_hr_reads_it(hr, at_the_limit):
    assert not said(departure(make_employee(kind="intern")), hr.user)
    assert not said(departure(make_employee("advisor")), make_employee("service_manager").user)


# --- Notices --------------------------------------------------------------------------------


def test_a_notice_is_done_once_all_that_it_tells_of_is_cured(hr):
    interns = [make_employee(kind="intern") for _number in range(2)]
    with gathering([placement(person=one.pk, dealer=one.dealer_id, papers_kept=True) for one in interns]) as facts:
        record_findings(at=AT)
        notices, done = list(Notice.objects.filter(kind="labour_blocking")), declared("labour_blocking").done_when
        assert len(notices) == 1
        for left in (1, 0):
            assert not done(notices)
            del facts[left:]
            record_findings(at=AT + timedelta(days=1))
        assert done(notices) == {notices[0].pk}


# --- Integrity ------------------------------------------------------------------------------


def broken():
    return {rule.name for rule, _culprit, _is_older in judgements() if rule.name.startswith("labour.")}


def test_what_the_actions_write_breaks_no_rule_of_the_database(hr):
    intern = make_employee(kind="intern")
    with gathering([placement(person=intern.pk, dealer=intern.dealer_id, papers_kept=True)]):
        record_findings(at=AT)
    assert broken() == set()


def test_a_rule_that_there_is_not_and_a_case_that_it_does_not_know_are_named():
    known = {"dealer": make_dealer(), "severity": "warn", "confidence": "read", "first_found_at": AT}
    Finding.objects.create(rule="no_such_rule", particulars=[["x", {}]], **known)
    assert broken() == {"labour.rules_are_declared"}
    Finding.objects.create(rule="nights", particulars=[["no_such_case", {}]], **known)
    assert broken() == {"labour.rules_are_declared", "labour.findings_can_be_said"}


def test_a_threshold_without_its_number_or_of_a_stranger_is_named():
    limit = {"from_on": NEXT, "reason": "x", "set_at": AT}
    elsewhere = make_employee("group_hr", dealer=make_dealer("YT02"))
    Threshold.objects.create(group=elsewhere.group, rule="age_16", set_by=elsewhere.user, **limit)
    assert broken() == {"labour.numbers_fit_rules"}


# --- At the same moment, on PostgreSQL ------------------------------------------------------

services = pytest.mark.skipif(connection.vendor != "postgresql", reason="real threads need PostgreSQL")


def at_once(*functions):
    barrier, results = Barrier(len(functions)), []

    def run(function):
        barrier.wait()
        try:
            results.append(function())
        finally:
            connection.close()

    threads = [Thread(target=run, args=[function]) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@services
@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_two_checks_at_once_one_opens_the_finding_and_the_other_finds_it_there(hr):
    interns = [make_employee(kind="intern") for _number in range(5)]
    with gathering([placement(person=one.pk, dealer=one.dealer_id, papers_kept=True) for one in interns]):
        assert sorted(at_once(*(lambda: record_findings(at=AT) for _number in range(2)))) == [0, 5]
    assert Finding.objects.count() == 5
    assert Notice.objects.count() == 1
