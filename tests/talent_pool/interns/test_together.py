"""Two at once: of two who start the same placement one does, and an agreement's last place goes to one of two batches."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from lms.audit.models import Event
from lms.people.models import Employee
from talent_pool.interns.actions.batches import add_students
from talent_pool.interns.actions.starting import start_placement
from talent_pool.interns.models import Batch, Placement
from tests.factories import (
    make_agreement,
    make_batch,
    make_dealer,
    make_employee,
    make_placement,
    make_student,
    make_targeted_class,
    with_papers,
)
from tests.talent_pool.pay.test_actions import at_once

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FIRST = date(2026, 11, 16)
pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks"),
]


def refusals(results):
    return [one for one in results if isinstance(one, str)]


def test_of_two_officers_who_start_the_same_placement_one_does():
    batch = make_batch(starts_on=FIRST)
    placement = with_papers(make_placement(batch, stage="placed", monthly_pay=Decimal(4500)))
    officers = [make_employee("hr_officer", dealer=batch.dealer).user for _each in range(2)]

    def start(by):
        return start_placement(placement=Placement.objects.get(pk=placement.pk), by=by, at=NOW)

    results = at_once(*(lambda by=by: start(by) for by in officers))
    assert len(refusals(results)) == 1
    assert "实习中" in refusals(results)[0]
    person = Employee.objects.get(pk=placement.person_id)
    assert (person.kind, person.history.count()) == ("intern", 1)
    assert Event.objects.filter(verb="interns.started").count() == 1


def test_of_two_batches_one_takes_the_last_place_of_the_agreement():
    agreement = make_agreement(quota=1)
    klass = make_targeted_class(agreement)
    batches = [make_batch(klass, starts_on=FIRST) for _each in range(2)]
    students = [make_student(klass) for _each in range(2)]
    by = make_employee("hr_officer", dealer=agreement.dealer).user

    def add(batch, student):
        return add_students(batch=Batch.objects.get(pk=batch.pk), students=[student], by=by, at=NOW)

    results = at_once(*(lambda pair=pair: add(*pair) for pair in zip(batches, students, strict=True)))
    assert len(refusals(results)) == 1
    assert "1 个名额，剩余 0 个" in refusals(results)[0]
    assert Placement.objects.count() == 1


def test_of_two_dealers_one_gets_the_student():
    here = make_batch(dealer=make_dealer("YT01"), starts_on=FIRST)
    there = make_batch(dealer=make_dealer("YT02"), starts_on=FIRST)
    Batch.objects.update(agreement=None, targeted_class=None, school=here.school)
    student = make_student(school=here.school, dealer=here.dealer)
    by = make_employee("group_hr", dealer=here.dealer).user

    def add(batch):
        return add_students(batch=Batch.objects.get(pk=batch.pk), students=[student], by=by, at=NOW)

    results = at_once(lambda: add(here), lambda: add(there))
    assert len(refusals(results)) == 1
    assert Placement.objects.count() == 1
