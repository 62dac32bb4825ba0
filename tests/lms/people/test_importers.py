import csv
import io
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from lms.audit.models import Event
from lms.people.importers import import_employees
from lms.people.models import Employee
from django.utils import timezone
from tests.factories import make_dealer, make_employee, make_position

pytestmark = pytest.mark.django_db

HEADER = ["工号", "姓名", "门店", "岗位", "直属上级", "入职日期"]


@pytest.fixture(autouse=True)
def a_dealer():
    for code in ("advisor", "technician", "service_supervisor", "service_manager", "general_manager", "hr_officer", "group_hr"):
        make_position(code)
    return make_dealer("YT01")


def table(*rows, header=HEADER, encoding="utf-8-sig"):
    file = io.StringIO()
    csv.writer(file).writerows([header, *rows])
    return file.getvalue().encode(encoding)


def excel(*rows, header=HEADER):
    book = Workbook()
    for row in (header, *rows):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def bring_in(content, *, by=None, apply=True, name="people.csv"):
    return import_employees(content, name, by=by, at=timezone.now(), apply=apply)


def reasons(outcome):
    return [(refusal["row"], refusal["column"]) for refusal in outcome.refused]


STAFF = [
    ["A2", "李梅", "YT01", "服务主管", "A1", "2022-05-01"],  # reports to someone further down
    ["A1", "王总", "YT01", "总经理", "", "2020-01-01"],
    ["A3", "赵磊", "YT01", "technician", "李梅", "2023/7/1"],
]


def test_a_dry_run_says_what_would_happen_and_writes_nothing():
    outcome = bring_in(table(*STAFF), apply=False)
    assert outcome.as_dict() == {"created": 3, "changed": 0, "unchanged": 0, "refused": []}
    assert not Employee.objects.exists()


def test_people_come_in_with_their_manager_history_sign_in_role_and_audit_event():
    assert bring_in(table(*STAFF)).created == 3
    lei = Employee.objects.get(number="A3")
    assert (lei.name, lei.position.code, lei.manager.number, lei.hired_on) == ("赵磊", "technician", "A2", date(2023, 7, 1))
    assert lei.manager.manager.number == "A1"
    assert [(line.kind, line.on, line.manager.number) for line in lei.history.all()] == [("hired", date(2023, 7, 1), "A2")]
    assert lei.user.username == "A3"
    assert not lei.user.has_usable_password()
    assert [group.name for group in lei.user.groups.all()] == ["staff"]
    assert Event.objects.get(verb="person.hired", target_id=lei.pk).after["manager"] == "A2"


def test_importing_a_second_time_changes_nothing():
    bring_in(table(*STAFF))
    outcome = bring_in(table(*STAFF))
    assert outcome.as_dict() == {"created": 0, "changed": 0, "unchanged": 3, "refused": []}
    assert Event.objects.filter(verb__startswith="person.").count() == 3
