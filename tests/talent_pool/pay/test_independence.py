"""For 30 days, whoever let the general manager in approves nothing that the general manager countersigns (§1)."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from lms.common.states import WrongHands
from lms.people.actions import confirm_proposal, issue_first_password
from talent_pool.pay.actions import approve_pay_changes, countersign_pay_changes, propose_pay_changes
from talent_pool.pay.models import PayChange
from talent_pool.pay.queries import changes_to_sign
from tests.each import each
from tests.factories import make_bands, make_cycle, make_employee

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    hr, second = make_employee("hr_officer").user, make_employee("group_hr").user
    cycle = make_cycle("published", track="service", by=hr)
    make_bands(cycle.dealer, by=hr)
    propose_pay_changes(cycle_id=cycle.pk, at=timezone.now())
    gm = cycle.panel.get(seat="general_manager").examiner
    proposal = issue_first_password(employee=gm, by=hr, at=timezone.now())
    confirm_proposal(proposal=proposal, by=second, at=timezone.now())
    return hr, second, gm.user


def queue(user):
    return {signs: list(changes) for signs, changes in changes_to_sign(user)}["countersign"]


def test_neither_of_the_two_approves_what_their_appointee_countersigns(house):
    *two, gm = house
    changes = list(PayChange.objects.all())
    for one in each(two):
        before = transaction.savepoint()
        approve_pay_changes(changes=changes, by=one, at=timezone.now())
        with pytest.raises(WrongHands, match="30"):
            countersign_pay_changes(changes=changes, by=gm, at=timezone.now())
        assert queue(gm) == [], "what cannot be signed is not offered"
        assert PayChange.objects.filter(status="approved").count() == len(changes)
        transaction.savepoint_rollback(before)


def test_group_hr_takes_the_place_of_the_general_manager(house):
    hr, _second, _gm = house
    changes = list(PayChange.objects.all())
    approve_pay_changes(changes=changes, by=hr, at=timezone.now())
    other = make_employee("group_hr").user
    assert len(queue(other)) == len(changes)
    countersign_pay_changes(changes=changes, by=other, at=timezone.now())
    assert set(PayChange.objects.values_list("status", flat=True)) == {"countersigned"}


def test_or_of_whoever_approved(house):
    _hr, _second, gm = house
    change = PayChange.objects.get()
    approve_pay_changes(changes=[change], by=make_employee("group_hr").user, at=timezone.now())
    assert queue(gm) == [change]
    countersign_pay_changes(changes=[change], by=gm, at=timezone.now())
    assert PayChange.objects.get().status == "countersigned"


def test_after_30_days_both_count(house):
    hr, _second, gm = house
    change = PayChange.objects.get()
    approve_pay_changes(changes=[change], by=hr, at=timezone.now())
    countersign_pay_changes(changes=[change], by=gm, at=timezone.now() + timedelta(days=31))
    assert PayChange.objects.get().status == "countersigned"
