"""The pages of this room: what they show to whom, and in how many statements."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from courses.learning.models import Completion, Enrolment
from lms.audit.models import Event
from lms.common.spreadsheets import csv_bytes
from lms.jobs.models import Job
from talent_pool.schools.actions.classes import set_courses
from talent_pool.schools.models import Agreement, Contact, Duty, Grade, School, Student, TargetedClass
from talent_pool.schools.views.students import StudentList
from tests.each import each
from tests.factories.courses import make_course
from tests.factories.people import make_dealer, make_employee
from tests.factories.pipeline import make_agreement, make_coordinator, make_grade, make_school, make_student, make_targeted_class

pytestmark = pytest.mark.django_db
MOST = 15


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def hr():
    return make_employee("hr_officer")


@pytest.fixture
def world(hr):
    """A class of three with two courses."""
    one = make_targeted_class(make_agreement(), name="甲班", code="A")
    students = [make_student(one, name=name) for name in ("李明", "王芳", "赵强")]
    courses = [make_course(lessons=2), make_course()]
    set_courses(targeted_class=one, courses=courses, by=hr.user, at=timezone.now())
    return one, students, courses


def page(client, name, *args, **query):
    return client.get(reverse(name, args=args), query)


# --- What stands where --------------------------------------------------------------------------------------------------------


def test_the_list_shows_agreements_in_force_and_places_of_the_next_to_graduate(sign_in, hr, world):
    make_agreement(make_school(), starts_on=date(2020, 9, 1), ends_on=date(2023, 8, 31), signed_on=date(2020, 6, 1))
    text = page(sign_in(hr), "schools").text
    assert "Linjiang" in text
    assert "3 / 20" in text
    assert f"{reverse('students')}?school={School.objects.get().pk}&amp;year=2027" in text


def test_the_places_open_to_the_students_who_take_them(sign_in, hr, world):
    text = page(sign_in(hr), "students", school=School.objects.get().pk, year=2027).text
    assert all(name in text for name in each(["李明", "王芳", "赵强"]))
    assert "李明" not in page(sign_in(hr), "students", year=2028).text


def test_a_schools_page_shows_agreements_in_their_state_obligations_and_contacts(sign_in, hr, world):
    today = timezone.localdate()
    old = make_agreement(number="OLD", starts_on=date(2020, 9, 1), ends_on=date(2023, 8, 31))
    make_agreement(number="SOON", ends_on=today)
    make_agreement(number="STOPPED", ended_on=date(2026, 1, 1), ended_reason="停招")
    Duty.objects.create(agreement=old, side="school", words="提交名单", due_on=date(2026, 1, 1))
    make_coordinator()
    text = page(sign_in(hr), "school", School.objects.get().pk).text
    assert all(
        words in text for words in each(["Expired", "Ends soon", "Ended early", "In force", "提交名单", "Overdue", "周老师", "甲班"])
    )


def test_a_class_page_shows_how_far_each_is_and_each_figure_opens_their_page(sign_in, hr, world):
    one, students, courses = world
    first = Enrolment.objects.get(employee=students[0].person, course=courses[1])
    lesson = courses[1].get_children().first().specific
    first.lessons.create(lesson=lesson, done_at=timezone.now())
    Completion.objects.create(employee=students[0].person, course=courses[1], language="zh-hans", completed_at=timezone.now())
    text = page(sign_in(hr), "targeted_class", one.pk).text
    assert "0 / 2" in text
    assert "1 / 1" in text
    assert f"{reverse('student', args=[students[0].pk])}#course-" in text


def test_a_students_page_says_that_a_grade_is_missing_and_not_that_it_is_0(sign_in, hr, world):
    student = world[1][0]
    make_grade(student, "coursework", "0")
    text = page(sign_in(hr), "student", student.pk).text
    assert text.count("missing") == 1
    assert "甲班" in text


def test_a_coordinators_page_shows_the_own_classes_and_students_and_nothing_else(sign_in, world):
    one, students, _courses = world
    make_student(make_targeted_class(make_agreement(make_school("HH")), name="别的班"), name="外人")
    colleague = make_employee("advisor", name="员工甲")
    client = sign_in(make_coordinator(one.agreement.school))
    text = page(client, "my_students").text
    assert "甲班" in text
    assert all(student.person.name in text for student in each(students))
    assert "外人" not in text
    assert reverse("my_students") in page(client, "today").text
    assert page(client, "student", students[0].pk).status_code == 200
    for person in each([students[0].person, colleague]):
        assert page(client, "person", person.pk).status_code == 404
    assert {page(client, name).status_code for name in each(["schools", "students", "people", "training_board"])} == {403}


@pytest.mark.parametrize("position", ["student", "intern"])
def test_a_learner_opens_no_page_about_others(sign_in, world, position):
    one, students, _courses = world
    client = sign_in(make_employee(position))
    assert page(client, "targeted_class", one.pk).status_code == 403
    assert page(client, "person", students[0].person.pk).status_code == 404


def test_hr_finds_the_school_record_on_the_persons_page(sign_in, hr, world):
    student = world[1][0]
    assert reverse("student", args=[student.pk]) in page(sign_in(hr), "person", student.person_id).text


# --- Statements ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [1, 12])
def test_every_page_asks_as_much_for_many_as_for_one(sign_in, hr, world, many, django_assert_max_num_queries):
    one, students, _courses = world
    for _more in range(many):
        make_student(one)
        Duty.objects.create(agreement=one.agreement, side="dealer", words="授课", due_on=date(2026, 1, 1))
        make_targeted_class(make_agreement())
    school = one.agreement.school
    pages = [
        ("schools", ()), ("students", ()), ("school", (school.pk,)), ("agreement", (one.agreement_id,)), ("targeted_class", (one.pk,)),
        ("student", (students[0].pk,)), ("student_new", (school.pk,)), ("class_courses", (one.pk,)),
    ]  # fmt: skip
    client = sign_in(hr)
    for name, args in each(pages):
        with django_assert_max_num_queries(MOST):
            assert page(client, name, *args).status_code == 200
    client = sign_in(make_coordinator(school))
    for name, args in each([("my_students", ()), ("targeted_class", (one.pk,)), ("student", (students[0].pk,))]):
        with django_assert_max_num_queries(MOST):
            assert page(client, name, *args).status_code == 200


# --- What HR does -------------------------------------------------------------------------------------------------------------


def test_from_a_school_to_a_class_that_follows_a_course_by_the_pages_alone(sign_in, hr):
    client, course = sign_in(hr), make_course()
    client.post(reverse("school_new"), {"code": "LJ", "name_zh": "临江职院"})
    school = School.objects.get()
    term = {
        "dealer": make_dealer().code, "number": "DX-9", "signed_on": "2026-06-01", "starts_on": "2026-09-01", "ends_on": "2029-08-31",
        "quota": 10, "majors": "汽修，机电", "weight_internship": 50, "weight_coursework": 30, "weight_graduation": 20,
        "file": SimpleUploadedFile("../a.html", b"%PDF-1.7 x"), "duty-TOTAL_FORMS": 2, "duty-INITIAL_FORMS": 0,
        "duty-0-side": "dealer", "duty-0-words": "授课两次", "duty-0-due_on": "2027-01-10", "duty-1-side": "dealer",
    }  # fmt: skip
    client.post(reverse("agreement_new", args=[school.pk]), term)
    agreement = Agreement.objects.get()
    assert (agreement.majors, [duty.words for duty in agreement.duties.all()]) == (["汽修", "机电"], ["授课两次"])
    answer = page(client, "agreement_file", agreement.pk)
    assert (b"".join(answer.streaming_content), answer["Content-Disposition"]) == (b"%PDF-1.7 x", 'attachment; filename="DX-9.pdf"')
    client.post(
        reverse("class_new", args=[agreement.pk]), {"code": "A", "name": "甲班", "entered_on": "2026-09-01", "graduates_on": "2029-06-30"}
    )
    one = TargetedClass.objects.get()
    client.post(reverse("class_courses", args=[one.pk]), {"courses": [course.pk]})
    student = {"targeted_class": one.pk, "code": "001", "name": "李明", "entered_on": "2026-09-01", "born_on": "2010-01-01"}
    client.post(reverse("student_new", args=[school.pk]), student)
    assert Enrolment.objects.get().employee == Student.objects.get().person
    client.post(reverse("duty_done", args=[agreement.duties.get().pk]))
    assert Duty.objects.get().done_on == timezone.localdate()
    renewal = term | {"number": "DX-10", "starts_on": "2029-09-01", "ends_on": "2032-08-31", "file": "", "duty-TOTAL_FORMS": 0}
    client.post(reverse("agreement_renew", args=[agreement.pk]), renewal)
    text = page(client, "agreement", agreement.pk).text
    assert "DX-10" in text
    assert "DX-9" in text


@pytest.mark.parametrize(
    "changes", [{"file": SimpleUploadedFile("a.pdf", b"<html>")}, {"weight_graduation": 30}, {"duty-0-due_on": "gestern"}]
)
def test_what_cannot_be_recorded_is_shown_again_as_it_was_typed(sign_in, hr, changes):
    term = {
        "dealer": make_dealer().code, "number": "DX-9", "signed_on": "2026-06-01", "starts_on": "2026-09-01", "ends_on": "2029-08-31",
        "quota": 10, "weight_internship": 50, "weight_coursework": 30, "weight_graduation": 20, "duty-TOTAL_FORMS": 1,
        "duty-INITIAL_FORMS": 0, "duty-0-side": "dealer", "duty-0-words": "授课两次",
    }  # fmt: skip
    answer = sign_in(hr).post(reverse("agreement_new", args=[make_school().pk]), term | changes)
    assert answer.status_code == 200
    assert "授课两次" in answer.text
    assert not Agreement.objects.exists()


def test_what_someone_else_changed_meanwhile_is_told_and_what_was_typed_stays(sign_in, hr):
    student = make_student(make_targeted_class(), major="汽修")
    client = sign_in(hr)
    shown = page(client, "student_correct", student.pk).context["form"]["shown"].value()
    Student.objects.update(major="机电")
    data = {"major": "钣金", "entered_on": "2024-09-01", "shown": shown}
    answer = client.post(reverse("student_correct", args=[student.pk]), data)
    assert "机电" in answer.text
    assert "钣金" in answer.text
    assert Student.objects.get().major == "机电"


# --- Passwords ----------------------------------------------------------------------------------------------------------------


def test_the_sheet_says_how_a_student_signs_in(sign_in, world):
    one, students, _courses = world
    client = sign_in(make_coordinator(one.agreement.school))
    answer = client.post(reverse("student_password", args=[students[0].pk]))
    assert students[0].person.user.username in answer.text
    assert "http://testserver/sign-in/" in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert Event.objects.filter(verb="person.first_password_issued").count() == 1


def test_a_coordinator_gets_no_further_than_the_own_schools_students(sign_in, world):
    client = sign_in(make_coordinator(make_school("HH")))
    assert client.post(reverse("student_password", args=[world[1][0].pk])).status_code == 404
    assert client.post(reverse("person_first_password", args=[world[1][0].person_id])).status_code == 403


def test_hr_lets_a_contact_in_and_gets_the_sheet_at_once(sign_in, hr):
    contact = Contact.objects.create(school=make_school(), name="周老师", email="zhou@school.example")
    answer = sign_in(hr).post(reverse("contact_let_in", args=[contact.pk]), {"dealer": make_dealer().code})
    assert "zhou@school.example" in answer.text
    contact.refresh_from_db()
    assert contact.person.user.has_usable_password()
    again = sign_in(hr).post(reverse("contact_password", args=[contact.pk]))
    assert "zhou@school.example" in again.text


# --- Files --------------------------------------------------------------------------------------------------------------------


def upload(client, what, head, *rows):
    file = SimpleUploadedFile(f"{what}.csv", csv_bytes(head, rows))
    return client.post(reverse("schools_import", args=[what]), {"file": file})


@pytest.fixture
def at_once(django_capture_on_commit_callbacks):
    """What is announced after the commit, done by the end of the block."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_students_come_by_file_and_their_grades_after_them(sign_in, hr, at_once):
    make_school()
    client = sign_in(hr)
    with at_once():
        upload(client, "students", ["学号", "姓名", "院校代码", "入学日期"], ["001", "李明", "LJ", "2024-09-01"])
    job = Job.objects.get()
    assert not Student.objects.exists()
    assert "李明" in page(client, "schools_import_result", "students", job.pk).text
    with at_once():
        client.post(reverse("schools_import_apply", args=["students", job.pk]))
    assert Student.objects.get().person.name == "李明"
    with at_once():
        upload(client, "grades", ["学号", "院校代码", "课程成绩"], ["001", "LJ", "120"])
    refused = page(client, "schools_import_result", "grades", Job.objects.latest("pk").pk)
    assert "120" in refused.text
    assert not Grade.objects.exists()


@pytest.mark.parametrize("what", ["students", "grades"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_template_is_there_for_each_table(sign_in, hr, what, kind):
    client = sign_in(hr)
    assert page(client, "schools_import", what).status_code == 200
    assert page(client, "schools_import_template", what, kind).status_code == 200
    assert page(client, "schools_import", "nonsense").status_code == 404


def test_the_list_of_students_is_exported_without_dates_of_birth(sign_in, hr, world):
    content = b"".join(page(sign_in(hr), "students", export="csv").streaming_content).decode("utf-8-sig")
    assert "李明" in content
    assert "2006" not in content
    assert StudentList.records(hr.user).count() == 3
