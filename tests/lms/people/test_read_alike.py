"""Texts that read alike: by every door one, past the doors perhaps two. Those are listed with whose they are, and nobody is merged."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from assessments.questions.models import Question
from courses.catalogue.models import Topic
from lms.accounts.models import User
from lms.people.called import numbered, spelled
from lms.people.forms import EmployeeField
from lms.people.importers import import_employees
from lms.people.models import Brand, Dealer, Department, Employee, Position
from tests.factories import make_dealer, make_employee, make_group, make_position, make_question, make_topic
from tests.lms.people.test_importers import table

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def told(capsys):
    with pytest.raises(CommandError):
        call_command("check_integrity")
    return capsys.readouterr().out


def test_two_numbers_of_a_group_that_read_alike_are_listed_with_whose_they_are(capsys):
    one, two = make_employee(number="A103", name="王芳", sign_in=False), make_employee(number="X", name="李雷", sign_in=False)
    elsewhere = make_employee(number="A103", dealer=make_dealer("ZZ01", make_group("zz")), name="韩梅", sign_in=False)
    Employee.objects.filter(pk=two.pk).update(number="Ａ１０３")
    said = told(capsys)
    assert f"“a103”: people.employee {one.pk} (王芳) as 'A103', people.employee {two.pk} (李雷) as 'Ａ１０３'" in said
    assert "韩梅" not in said
    assert list(Employee.objects.filter(pk__in=[one.pk, two.pk, elsewhere.pk]).values_list("number", flat=True).order_by("pk")) == [
        "A103", "Ａ１０３", "A103",
    ]  # fmt: skip


def test_sign_in_names_and_addresses_that_read_alike_are_listed(capsys):
    one = make_employee(number="A103", email="fang@example.org")
    User.objects.filter(pk=one.user.pk).update(email="fang@example.org")
    two = User.objects.create(username="ａ103")
    three = User.objects.create(username="else", email="ｆａｎｇ@example.org")
    said = told(capsys)
    assert f"“a103”: accounts.user {one.user.pk} as 'A103', accounts.user {two.pk} as 'ａ103'" in said
    assert f"accounts.user {one.user.pk} as 'fang@example.org', accounts.user {three.pk} as 'ｆａｎｇ@example.org'" in said


def test_one_person_may_sign_in_by_a_name_that_is_their_address():
    User.objects.create(username="fang@example.org", email="fang@example.org")
    call_command("check_integrity")


def test_a_name_to_sign_in_that_nobody_can_type_is_listed(capsys):
    user = User.objects.create(username="A\u200b7")
    said = told(capsys)
    assert "accounts.names_to_sign_in_can_be_typed" in said
    assert f"accounts.user {user.pk}" in said


CODES = [
    (Dealer, lambda code: {"code": code, "group": make_group(), "name_zh": "店"}),
    (Brand, lambda code: {"code": code, "name_zh": "牌"}),
    (Department, lambda code: {"code": code, "name_zh": "部"}),
    (Position, lambda code: {"code": code, "name_zh": "岗", "department": make_position().department}),
    (Topic, lambda code: {"code": code, "name_zh": "题"}),
]


@pytest.mark.parametrize(("model", "values"), CODES, ids=lambda value: getattr(value, "__name__", ""))
def test_codes_that_read_alike_are_listed(model, values, capsys):
    one, two = (model.objects.create(**values(code)) for code in ("ZZ9", "ｚｚ９"))
    label = model._meta.label_lower
    assert f"“zz9”: {label} {one.pk} as 'ZZ9', {label} {two.pk} as 'ｚｚ９'" in told(capsys)


def test_keys_of_questions_that_read_alike_are_listed(capsys):
    one, two = make_question(key="brakes-1"), make_question("number", key="x")
    Question.objects.filter(pk=two.pk).update(key="Brakes-1")
    assert f"“brakes-1”: questions.question {one.pk} as 'brakes-1', questions.question {two.pk} as 'Brakes-1'" in told(capsys)


def test_what_reads_apart_is_not_listed():
    make_employee(number="A103")
    make_employee(number="A104")
    make_topic()
    make_question()
    call_command("check_integrity")


# -- the same folding on the side of the form and on that of the import


def people_of_two_spellings():
    """Two who came in before numbers were compared without their capitals."""
    small = make_employee("service_manager", number="x9", name="小写", sign_in=False)
    large = make_employee("service_manager", number="Q", name="大写", sign_in=False)
    Employee.objects.filter(pk=large.pk).update(number="X9")
    return small, Employee.objects.get(pk=large.pk)


def test_of_two_spellings_the_one_that_is_typed_is_meant_in_a_form_as_in_an_import():
    small, large = people_of_two_spellings()
    hr = make_employee("hr_officer")
    field = EmployeeField(label="x")
    field.by = hr.user
    assert (field.clean("x9"), field.clean(" Ｘ９\u200b")) == (small, large)
    assert (numbered(Employee.objects.all(), "x9"), numbered(Employee.objects.all(), "")) == (small, None)


HEADER = ["工号", "姓名", "门店", "岗位", "直属上级", "入职日期"]


@pytest.mark.parametrize("typed", ["aB1", "AB1", "ａｂ１", "a\u200bb1"])
def test_a_manager_is_found_however_the_number_is_spelled(typed):
    for post in ("advisor", "service_supervisor"):
        make_position(post)
    make_dealer("YT01")
    hr = make_employee("hr_officer")
    rows = [["aB1", "王总", "YT01", "服务主管", "", "2024-03-01"], ["C1", "李四", "YT01", "服务顾问", typed, "2024-03-01"]]
    outcome = import_employees(table(*rows, header=HEADER), "p.csv", by=hr.user, at=hr.user.date_joined, apply=True)
    assert (outcome.created + outcome.waiting, outcome.refused) == (2, [])
    person = Employee.objects.get(number="C1")
    assert person.manager is None or person.manager.number == "aB1"


@pytest.mark.parametrize(
    ("on_record", "typed"), [("Ｗａｎｇ", "Wang"), ("Wang", "Ｗａｎｇ"), ("Ａnna Wang", "Ａnna Wang"), ("Zoë", "Zoe\u0308")]
)
def test_a_manager_is_found_by_name_however_wide_it_is_written(on_record, typed):
    make_position("advisor")
    manager = make_employee("service_supervisor", name=on_record)
    hr = make_employee("hr_officer")
    row = ["C1", "李四", "YT01", "服务顾问", typed, "2024-03-01"]
    outcome = import_employees(table(row, header=HEADER), "p.csv", by=hr.user, at=hr.user.date_joined, apply=True)
    assert outcome.refused == []
    assert Employee.objects.get(number="C1").manager == manager


def test_a_number_is_looked_up_by_an_index():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        found = spelled(Employee.objects.filter(group__in=[1, 2]), ["a1", "B2"])
        assert "people_employee_spelled" in found.order_by().explain()
