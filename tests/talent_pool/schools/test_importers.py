"""The school's tables: all of one or nothing, each fault of a row at once, and a second time changes nothing."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.learning.models import Enrolment
from lms.common.spreadsheets import UnreadableFile, csv_bytes, xlsx_bytes
from lms.people.models import Employee
from talent_pool.schools.actions.classes import set_courses
from talent_pool.schools.importers import base
from talent_pool.schools.importers.base import CannotImport
from talent_pool.schools.importers.grades import GradeImporter, import_grades
from talent_pool.schools.importers.students import StudentImporter, import_students
from talent_pool.schools.models import Grade, Student
from talent_pool.schools.queries.grades import grades_of
from tests.each import each
from tests.factories.courses import make_course
from tests.factories.people import make_dealer, make_employee
from tests.factories.pipeline import make_agreement, make_grade, make_school, make_student, make_targeted_class

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
HEAD = ["学号", "姓名", "院校代码", "班级代码", "专业", "入学日期", "毕业日期", "出生日期"]
GRADES = ["school code", "student code", "name", "coursework", "graduation"]


@pytest.fixture
def hr():
    return make_employee("hr_officer").user


def students(hr, *rows, head=HEAD, apply=True, kind=csv_bytes, **options):
    return import_students(kind(head, rows), "students.csv", by=hr, at=AT, apply=apply, **options)


def grades(hr, *rows, head=GRADES, apply=True, **options):
    return import_grades(csv_bytes(head, rows), "grades.csv", by=hr, at=AT, apply=apply, **options)


def line(code, name="李明", school="LJ", cls="", major="汽修", entered="2024-09-01", graduates="2027-06-30", born="2009-05-04"):
    return [code, name, school, cls, major, entered, graduates, born]


def reasons(outcome):
    return {(one["row"], one["column"]) for one in outcome.refused}


# --- Students -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [csv_bytes, xlsx_bytes])
def test_a_table_brings_students_in_and_a_second_time_changes_nothing(hr, kind):
    one = make_targeted_class(code="D24")
    set_courses(targeted_class=one, courses=[make_course()], by=hr, at=AT)
    rows = [line("001", "李明", cls="D24"), line("002", "王芳")]
    first = students(hr, *rows, kind=kind)
    assert (first.created, first.refused) == (2, [])
    assert Student.objects.get(code="001").targeted_class == one
    assert Student.objects.get(code="002").person.user.username == "002"
    assert Enrolment.objects.get().employee.name == "李明"
    again = students(hr, *rows, kind=kind)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 2)
    assert Employee.objects.filter(kind="student").count() == 2


def test_a_dry_run_writes_nothing(hr):
    make_school()
    assert students(hr, line("001"), apply=False).created == 1
    assert not Student.objects.exists()


def test_the_columns_may_be_named_in_english_and_stand_in_any_order(hr):
    make_school()
    head = ["name", "began school on", "school code", "student code"]
    assert students(hr, ["Li Ming", "2024-09-01", "lj", "001"], head=head).created == 1
    assert Student.objects.get().person.name == "Li Ming"


def test_every_fault_of_a_row_is_said_at_once_and_nothing_is_imported(hr):
    make_school()
    outcome = students(
        hr, line("有 空格", "李明", "XX", entered="昨天"), line("002", entered="2024-09-01", graduates="2024-08-01", born="2025-01-01")
    )
    assert reasons(outcome) == {(2, "学号"), (2, "院校代码"), (2, "入学日期"), (3, "毕业日期"), (3, "出生日期")}
    assert not Student.objects.exists()


def test_the_same_student_twice_and_a_class_of_another_school_are_refused(hr):
    make_school()
    make_targeted_class(make_agreement(make_school("HH")), code="H24")
    outcome = students(hr, line("001"), line("001"), line("002", cls="H24"))
    assert reasons(outcome) == {(3, "学号"), (4, "班级代码")}


def test_a_known_student_is_changed_by_what_differs_and_not_by_an_empty_cell(hr):
    one, two = make_targeted_class(code="A"), None
    two = make_targeted_class(one.agreement, code="B")
    student = make_student(one, code="001", name="李明", major="汽修", born_on=date(2009, 5, 4))
    outcome = students(hr, line("001", cls="B", major="", graduates="2028-06-30"))
    assert (outcome.created, outcome.changed, outcome.refused) == (0, 1, [])
    student.refresh_from_db()
    assert (student.targeted_class, student.major, student.graduates_on) == (two, "汽修", date(2028, 6, 30))


def test_another_name_under_a_known_code_is_taken_for_a_mistake(hr):
    make_student(school=make_school(), code="001", name="李明")
    assert reasons(students(hr, line("001", "王芳"))) == {(2, "姓名")}


def test_an_erased_date_of_birth_comes_back_only_for_whom_a_rule_would_ask(hr):
    school = make_school()
    for code, born_on in each([("001", "2006-01-01"), ("002", "2009-05-04")]):
        make_student(school=school, code=code, name="李明", major="汽修", born_on=None, born_erased_at=AT)
        students(hr, line(code, born=born_on))
    assert dict(Student.objects.values_list("code", "born_on")) == {"001": None, "002": date(2009, 5, 4)}


def test_hr_of_another_dealer_changes_nobody_of_ours():
    make_student(school=make_school(), code="001", name="李明")
    stranger = make_employee("hr_officer", dealer=make_dealer("YT02")).user
    assert reasons(students(stranger, line("001"))) == {(2, "学号")}


def test_two_of_one_address_and_one_that_is_taken_are_refused(hr):
    make_school()
    make_employee(email="li@x.example")
    head = [*HEAD, "邮箱"]
    rows = [[*line("001"), "a@x.example"], [*line("002"), "A@x.example"], [*line("003"), "li@x.example"], [*line("004"), "nonsense"]]
    assert reasons(students(hr, *rows, head=head)) == {(3, "邮箱"), (4, "邮箱"), (5, "邮箱")}


def test_a_table_without_what_must_stand_or_with_too_many_rows_is_refused(hr, monkeypatch):
    make_school()
    assert reasons(students(hr, ["001", "李明"], head=["学号", "姓名"])) == {(1, "院校代码"), (1, "入学日期")}
    monkeypatch.setattr(base, "MOST_ROWS", 1)
    outcome = students(hr, line("001"), line("002"))
    assert (outcome.created, len(outcome.refused)) == (0, 1)
    with pytest.raises(UnreadableFile):
        import_students(b"", "empty.csv", by=hr, at=AT)


def test_what_changed_between_the_look_and_the_import_takes_all_of_it_back(hr):
    """Someone signs in by the code, and by the code with the school's before it: only the hand that writes knows."""
    make_school()
    make_employee(number="002")
    make_employee(number="LJ-002")
    with pytest.raises(CannotImport):
        students(hr, line("001"), line("002"))
    assert not Student.objects.exists()


def test_the_template_can_be_filled_in_as_it_is(hr):
    make_school()
    for template in each(StudentImporter.template.values()):
        assert not StudentImporter.heads.find(template).unread
        assert not StudentImporter.heads.find(template).missing
    for template in each(GradeImporter.template.values()):
        assert not GradeImporter.heads.find(template).unread
        assert list(GradeImporter.heads.find(template).places) == list(GradeImporter.heads.names)


# --- Grades -------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def student():
    return make_student(school=make_school(), code="001", name="李明")


def test_grades_are_added_and_the_same_again_changes_nothing(hr, student):
    first = grades(hr, ["LJ", "001", "李明", "81.5", "90"])
    assert (first.created, first.refused) == (1, [])
    held = grades_of([student.pk])[student.pk]
    assert {kind: grade.score for kind, grade in held.items()} == {"coursework": Decimal("81.5"), "graduation": Decimal(90)}
    assert grades(hr, ["LJ", "001", "李明", "81.50", "90"]).unchanged == 1
    assert grades(hr, ["LJ", "001", "李明", "82", ""]).changed == 1
    assert Grade.objects.count() == 3


def test_an_empty_cell_is_a_missing_grade_and_a_zero_is_a_grade(hr, student):
    assert grades(hr, ["LJ", "001", "", "", ""]).unchanged == 1
    assert not Grade.objects.exists()
    grades(hr, ["LJ", "001", "", "0", ""])
    assert Grade.objects.get().score == 0


@pytest.mark.parametrize("score", ["-1", "100.01", "101", "八十", "1e2", "80.123", "NaN", "80%"])
def test_what_is_no_grade_of_0_to_100_is_refused(hr, student, score):
    assert reasons(grades(hr, ["LJ", "001", "", score, "90"])) == {(2, "coursework")}
    assert not Grade.objects.exists()


def test_the_same_student_twice_is_refused_and_the_first_row_named(hr, student):
    outcome = grades(hr, ["LJ", "001", "", "80", ""], ["LJ", "001", "", "80", ""])
    assert reasons(outcome) == {(3, "student code")}
    assert "2" in outcome.refused[0]["reason"]
    assert not Grade.objects.exists()


def test_a_student_of_another_school_or_of_none_is_refused_in_words(hr, student):
    make_student(school=make_school("HH", name_zh="滨湖职院"), code="777")
    outcome = grades(
        hr, ["LJ", "777", "", "80", ""], ["LJ", "888", "", "80", ""], ["", "001", "", "80", ""], ["LJ", "001", "王芳", "80", ""]
    )
    assert reasons(outcome) == {(2, "student code"), (3, "student code"), (4, "school code"), (5, "name")}
    assert "滨湖职院" in str(outcome.refused[0]["reason"])


def test_hr_of_another_dealer_grades_nobody_of_ours(student):
    stranger = make_employee("hr_officer", dealer=make_dealer("YT02")).user
    assert reasons(grades(stranger, ["LJ", "001", "", "80", ""])) == {(2, "student code")}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(scores=st.lists(st.none() | st.decimals(0, 100, places=2), min_size=1, max_size=5))
def test_after_any_files_in_a_row_the_last_grade_said_holds(hr, scores):
    one = make_student(school=make_school())
    make_grade(one, score="50")
    said = [Decimal(50), *(score for score in scores if score is not None)]
    for score in scores:
        grades(hr, ["LJ", one.code, "", "" if score is None else str(score), ""])
    assert grades_of([one.pk])[one.pk]["coursework"].score == said[-1]
