"""Lists of a large group enter indexes: each main list's statement, asked of PostgreSQL with the dearer ways shut."""

import pytest
from django.db import connection, transaction

from assessments.certification.models import Certificate, OEMCertificate
from lms.common.paging import beyond, turned
from lms.people.called import people_called
from lms.people.models import Employee
from talent_pool.pay.models import PayChange, PayrollExport
from tests.each import each
from tests.factories import make_employee

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="plans of PostgreSQL")

ORDERED = [
    (Employee, ["name", "pk"], "people_employee_by_name"),
    (Employee, ["hired_on", "pk"], "people_employee_by_hiring"),
    (Employee, ["number", "pk"], "people_employee_by_number"),
    (Certificate, ["issued_at", "pk"], "certification_by_issue"),
    (OEMCertificate, ["expires_on", "pk"], "certification_oem_by_expiry"),
    (PayChange, ["effective_on", "pk"], "pay_paychange_by_day"),
    (PayrollExport, ["exported_at", "pk"], "pay_export_by_time"),
]


def plan_of(rows):
    with transaction.atomic(), connection.cursor() as cursor:
        for way in ("seqscan", "sort", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        return rows.explain()


def searched(rows):
    with transaction.atomic(), connection.cursor() as cursor:
        for way in ("seqscan", "indexscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        return rows.explain()


@on_postgresql
@pytest.mark.parametrize(("model", "order", "index"), ORDERED, ids=[row[2] for row in ORDERED])
def test_a_list_is_walked_along_its_index_from_either_end_and_from_any_row(model, order, index):
    rows = model.objects.filter(group=1) if model is Employee else model.objects.all()
    for way in each([order, turned(order)]):
        assert index in plan_of(rows.order_by(*way)[:31])
    first = "2026-11-02T08:00Z" if order[0].endswith("_at") else "2026-11-02" if order[0].endswith("_on") else "张"
    plan = plan_of(rows.order_by(*order).filter(beyond(rows, turned(order), [first, 7])).order_by(*turned(order))[:31])
    assert index in plan
    assert "Index Cond" in plan


@on_postgresql
def test_what_waits_for_a_signature_is_read_along_its_index():
    assert "pay_paychange_by_state" in plan_of(PayChange.objects.filter(status="proposed").order_by("effective_on", "pk")[:30])


@on_postgresql
def test_part_of_a_name_or_of_a_number_enters_an_index():
    make_employee()
    plan = searched(people_called(Employee.objects.order_by(), "伟"))
    assert "people_employee_signs" in plan
    assert "people_employee_number_signs" in plan


NAMES = ["张伟", "王伟芳", "伟", "Anna Lee", "anna", "O'Neil", "50% off", "a_b", "李\\明"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("伟", ["张伟", "王伟芳", "伟"]),
        ("伟张", []),
        ("伟芳", ["王伟芳"]),
        ("ANNA", ["Anna Lee", "anna"]),
        ("na le", ["Anna Lee"]),
        ("'", ["O'Neil"]),
        ("%", ["50% off"]),
        ("_", ["a_b"]),
        ("\\", ["李\\明"]),
        ("aa", []),
        ("n1", []),
    ],
)
def test_a_name_is_found_by_any_part_of_it_and_by_nothing_else(words, found):
    for number, name in enumerate(NAMES):
        make_employee(name=name, number=f"K{number}")
    assert [one.name for one in Employee.objects.filter(name__holds=words).order_by("pk")] == found


def test_a_number_is_found_by_any_part_of_it_and_whoever_has_none_by_the_name_they_sign_in_by():
    staff = make_employee(number="YT01007", name="A")
    intern = make_employee(number="", name="B", kind="intern", sign_in=True)
    intern.user.username = "student-yt01"
    intern.user.save()

    def called(words):
        return list(people_called(Employee.objects.order_by("name"), words))

    assert called("yt01") == [staff, intern]
    assert called("01007") == called("T010") == [staff]
    assert called("student") == [intern]
