from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from assessments.certification.actions import (
    Wanted,
    issue_certificate,
    issue_certificates,
    record_oem_certificate,
    revoke_certificate,
)
from assessments.certification.models import Certificate, OEMCertificate
from assessments.certification.queries import certified_share
from lms.common.states import Refused
from lms.people.actions import become_staff, hire_employee, record_departure, transfer_employee
from tests.each import each
from tests.factories import NINE, make_certificate, make_dealer, make_employee, make_position

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 20)


@pytest.fixture
def hr():
    return make_employee("hr_officer").user


def record(employee, hr, number="A-1", at=NINE, **values):
    facts = {"name": "厂家认证", "level": 1, "number": number, "issued_on": DAY - timedelta(days=30), **values}
    return record_oem_certificate(employee=employee, **facts, by=hr, at=at)


def test_numbers_run_on_by_dealer_and_quarter():
    first, second = make_certificate(), make_certificate()
    assert [first.number, second.number] == ["YT01-2026Q1-0001", "YT01-2026Q1-0002"]
    assert make_certificate(make_employee("technician", dealer=make_dealer("YT02"))).number == "YT02-2026Q1-0001"
    assert make_certificate(at=NINE + timedelta(days=30)).number == "YT01-2026Q2-0001"


def test_one_source_gets_one_certificate_ever(hr):
    employee = make_employee("technician")
    facts = {"employee": employee, "track": "technical", "level": 1, "source": "candidacy:1", "by": hr, "at": NINE}
    assert issue_certificate(**facts) == issue_certificate(**facts)
    assert Certificate.objects.count() == 1


def test_codes_are_long_and_differ():
    codes = {make_certificate().code for _number in range(5)}
    assert len(codes) == 5
    assert all(len(code) == 24 for code in each(codes))


def test_what_it_says_is_frozen(hr):
    employee = make_employee("technician", name="陈志强")
    certificate = make_certificate(employee)
    employee.name = "陈志刚"
    employee.save(update_fields=["name"])
    certificate.refresh_from_db()
    assert certificate.holder_name == "陈志强"


def test_a_hundred_certificates_cost_as_many_statements_as_two(hr, django_assert_max_num_queries):
    people = [make_employee("technician", sign_in=False) for _number in range(100)]
    wanted = [Wanted(person, "technical", 1, f"candidacy:{person.pk}") for person in people]
    with django_assert_max_num_queries(12):
        assert len(issue_certificates(wanted=wanted, by=hr, at=NINE)) == 100


def test_revoking_needs_a_reason_and_happens_once(hr):
    certificate = make_certificate()
    with pytest.raises(Refused):
        revoke_certificate(certificate=certificate, reason="  ", by=hr, at=NINE)
    revoke_certificate(certificate=certificate, reason="发错了人", by=hr, at=NINE)
    with pytest.raises(Refused):
        revoke_certificate(certificate=Certificate.objects.get(), reason="再来", by=hr, at=NINE)
    assert Certificate.objects.get().revoked_reason == "发错了人"


@pytest.mark.parametrize(
    "values",
    [
        {"expires_on": DAY - timedelta(days=30)},
        {"expires_on": DAY - timedelta(days=31)},
        {"issued_on": DAY + timedelta(days=1)},
    ],
)
def test_oem_certificates_with_impossible_dates_are_refused(hr, values):
    with pytest.raises(Refused):
        record(make_employee("technician"), hr, **values)


def test_an_oem_number_is_recorded_once(hr):
    record(make_employee("technician"), hr)
    with pytest.raises(match="A-1"):
        record(make_employee("technician"), hr)
    assert OEMCertificate.objects.count() == 1


def test_the_certified_share_counts_people_with_a_valid_oem_certificate_by_position(hr):
    dealer = make_dealer()
    technicians = [make_employee("technician", sign_in=False) for _number in range(4)]
    make_employee("advisor", sign_in=False)
    record(technicians[0], hr, "A-1")
    record(technicians[0], hr, "A-2")  # two certificates, one person
    record(technicians[1], hr, "A-3", expires_on=DAY)  # its last day
    record(technicians[2], hr, "A-4", expires_on=DAY - timedelta(days=1))
    make_employee("technician", sign_in=False, status="left", left_on=DAY)
    make_employee("technician", sign_in=False, dealer=make_dealer("YT02"))
    share = {row["position"].code: (row["certified"], row["total"]) for row in certified_share(dealer, DAY)}
    assert share == {"technician": (2, 4), "advisor": (0, 1)}


def test_the_certified_share_of_a_past_day_is_that_of_the_staff_and_certificates_of_then(hr):
    ago = [timezone.localdate() - timedelta(days=days) for days in (40, 20, 0)]
    who = {"by": make_employee("group_hr").user, "at": timezone.now()}
    goes, moves, learns = (
        hire_employee(
            dealer=make_dealer(), position=make_position("technician"), number=number, name=number, hired_on=ago[0], person_kind=kind, **who
        )
        for number, kind in (("A", "staff"), ("B", "staff"), ("C", "intern"))
    )
    record(goes, hr, "A-1", who["at"], issued_on=ago[0], expires_on=ago[1])
    record(moves, hr, "A-2", who["at"], issued_on=ago[2])
    record(learns, hr, "A-3", who["at"], issued_on=ago[0])
    record_departure(employee=goes, left_on=ago[1] + timedelta(days=1), leaving="resigned", **who)
    transfer_employee(employee=moves, position=make_position("advisor"), on=ago[1] + timedelta(days=1), **who)
    become_staff(employee=learns, on=ago[1] + timedelta(days=1), **who)

    def share(day):
        return {row["position"].code: (row["certified"], row["total"]) for row in certified_share(make_dealer(), day)}

    assert share(ago[0] - timedelta(days=1)) == {}
    assert share(ago[0]) == share(ago[1]) == {"technician": (1, 2)}
    assert share(ago[2]) == {"advisor": (1, 1), "technician": (1, 1)}


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks")
def test_two_who_issue_at_once_get_different_numbers():
    from tests.assessments.grading.racing import at_once

    people = [make_employee("technician") for _number in range(4)]
    hr = make_employee("hr_officer").user

    def issue(person):
        return issue_certificate(employee=person, track="technical", level=1, source=f"test:{person.pk}", by=hr, at=NINE).number

    numbers = at_once(*(lambda person=person: issue(person) for person in people))
    assert sorted(numbers) == [f"YT01-2026Q1-{number:04}" for number in range(1, 5)]
