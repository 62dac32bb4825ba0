"""Students: brought in once, moved, let in by the right hands, and no longer known by their date of birth than a rule asks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction

from courses.learning.models import Enrolment
from lms.audit.models import Event
from lms.common.states import Refused, WrongHands
from lms.people.models import Employee
from lms.people.roles import sync_roles
from talent_pool.schools import ages
from talent_pool.schools.actions import students as students_actions
from talent_pool.schools.actions.classes import set_courses
from talent_pool.schools.actions.grades import record_grade
from talent_pool.schools.actions.students import add_student, correct_student, erase_birth_dates, issue_student_password, move_student
from talent_pool.schools.models import Contact, Grade, Student
from talent_pool.schools.queries.grades import grades_of
from talent_pool.schools.queries.visible import agreements_visible_to, classes_visible_to, schools_visible_to, students_visible_to
from tests.each import each
from tests.factories.courses import make_course
from tests.factories.people import make_dealer, make_employee
from tests.factories.pipeline import make_agreement, make_coordinator, make_school, make_student, make_targeted_class

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)


@pytest.fixture
def hr():
    return make_employee("hr_officer").user


def add(hr, targeted_class=None, code="20240101", **values):
    school = targeted_class.agreement.school if targeted_class else make_school()
    given = {"name": "李明", "entered_on": date(2024, 9, 1), "born_on": date(2009, 5, 4), "dealer": make_dealer()}
    return add_student(school=school, code=code, targeted_class=targeted_class, by=hr, at=AT, **given | values)


# --- Bringing in --------------------------------------------------------------------------------------------------------------


def test_a_student_is_one_person_who_signs_in_by_the_student_code(hr):
    one, course = make_targeted_class(major="汽修"), make_course()
    set_courses(targeted_class=one, courses=[course], by=hr, at=AT)
    student = add(hr, one)
    person = student.person
    assert (person.kind, person.number, person.user.username) == ("student", "", "20240101")
    assert (student.major, student.graduates_on) == ("汽修", one.graduates_on)
    assert Enrolment.objects.get().employee == person
    assert "2009" not in str(list(Event.objects.values("before", "after")))


def test_where_someone_signs_in_by_the_code_already_the_schools_code_stands_before_it(hr):
    add(hr)
    other = make_school("HH", name_zh="滨湖职院")
    student = add_student(school=other, code="20240101", name="王芳", entered_on=date(2024, 9, 1), dealer=make_dealer(), by=hr, at=AT)
    assert student.person.user.username == "HH-20240101"


@pytest.mark.parametrize("code", ["有 空格", "x" * 21, ""])
def test_a_code_that_cannot_be_signed_in_with_is_refused_at_its_field(hr, code):
    with pytest.raises(Refused) as refusal:
        add(hr, code=code)
    assert refusal.value.field == "code"
    assert not Student.objects.exists()


def test_a_code_stands_once_at_a_school(hr):
    add(hr)
    with pytest.raises(Refused) as refusal:
        add(hr, name="王芳")
    assert refusal.value.field == "code"
    assert Employee.objects.filter(kind="student").count() == 1


def test_a_code_in_other_letters_is_the_same_code(hr):
    add(hr, code="qx24b01")
    with pytest.raises(Refused) as refusal:
        add(hr, code="QX24B01")
    assert refusal.value.field == "code"
    with pytest.raises(IntegrityError), transaction.atomic():
        make_student(school=make_school(), code="QX24B01")


def test_a_class_of_another_school_takes_nobody(hr):
    elsewhere = make_targeted_class(make_agreement(make_school("HH")))
    with pytest.raises(Refused) as refusal:
        add_student(school=make_school(), code="1", name="李明", entered_on=date(2024, 9, 1), targeted_class=elsewhere, by=hr, at=AT)
    assert refusal.value.field == "targeted_class"


def test_whoever_moves_to_a_class_follows_its_courses_and_keeps_the_old_ones(hr):
    agreement = make_agreement()
    old, new = make_targeted_class(agreement), make_targeted_class(agreement)
    for one in (old, new):
        set_courses(targeted_class=one, courses=[make_course()], by=hr, at=AT)
    student = add(hr, old)
    move_student(student=student, targeted_class=new, by=hr, at=AT)
    assert Enrolment.objects.filter(employee=student.person).count() == 2
    with pytest.raises(Refused):
        move_student(student=student, targeted_class=new, by=hr, at=AT)
    move_student(student=student, targeted_class=None, by=hr, at=AT)
    assert Student.objects.get().targeted_class is None


def test_a_correction_says_what_changed_but_never_the_date_of_birth(hr):
    student = add(hr, born_on=None)
    correct_student(student=student, major="机电", born_on=date(2009, 1, 2), by=hr, at=AT)
    event = Event.objects.get(verb="schools.student_corrected")
    assert event.after == {"major": "机电", "has_birth_date": True}
    with pytest.raises(Refused) as refusal:
        correct_student(student=student, graduates_on=date(2024, 8, 1), by=hr, at=AT)
    assert refusal.value.field == "graduates_on"


def test_another_date_of_birth_leaves_a_trace_and_is_checked_at_once(hr, monkeypatch):
    """Or somebody too young could be made old enough, and nobody would know."""
    student = add(hr, born_on=date(2012, 1, 2))
    asked = []
    monkeypatch.setattr(students_actions, "recheck", lambda **values: asked.append(values))
    correct_student(student=student, born_on=date(2009, 1, 2), by=hr, at=AT)
    event = Event.objects.get(verb="schools.student_corrected")
    assert (event.before, event.after) == ({}, {"birth_date_changed": True})
    assert asked == [{"people": [student.person_id]}]


# --- Letting in ---------------------------------------------------------------------------------------------------------------


def test_hr_and_the_schools_own_coordinator_hand_over_a_first_password(hr):
    student = add(hr)
    coordinator = make_coordinator(student.school)
    for by in each([hr, coordinator.user]):
        password = issue_student_password(student=student, by=by, at=AT)
        assert authenticate(None, username="20240101", password=password) == student.person.user
    assert Event.objects.filter(verb="person.first_password_issued").count() == 2


def test_a_coordinator_lets_in_nobody_of_another_school_and_nobody_who_is_staff(hr):
    coordinator = make_coordinator(make_school())
    other = make_student(school=make_school("HH"))
    with pytest.raises(WrongHands):
        issue_student_password(student=other, by=coordinator.user, at=AT)
    own = add(hr)
    Employee.objects.filter(pk=own.person_id).update(kind="staff", number="T9")
    own.person.refresh_from_db()
    with pytest.raises(WrongHands):
        issue_student_password(student=own, by=coordinator.user, at=AT)


def test_a_coordinator_lets_in_no_learner_who_signs_by_a_second_job(hr):
    from tests.architecture.access import with_role

    sync_roles()
    student = add(hr)
    with_role(student.person, "examiner")
    with pytest.raises(WrongHands):
        issue_student_password(student=student, by=make_coordinator(student.school).user, at=AT)


def test_a_contact_who_has_ended_lets_in_nobody_and_sees_nobody(hr):
    student = add(hr)
    coordinator = make_coordinator(student.school)
    assert list(students_visible_to(coordinator.user)) == [student]
    Contact.objects.update(ended_on=date(2026, 11, 1))
    fresh = Employee.objects.get(pk=coordinator.pk).user
    assert not students_visible_to(fresh).exists()
    with pytest.raises(WrongHands):
        issue_student_password(student=student, by=fresh, at=AT)


@pytest.mark.parametrize("position", ["service_manager", "advisor", "student", "intern"])
def test_nobody_else_lets_students_in(hr, position):
    with pytest.raises(WrongHands):
        issue_student_password(student=add(hr), by=make_employee(position).user, at=AT)


# --- Who sees what ------------------------------------------------------------------------------------------------------------


def test_a_coordinator_sees_the_own_schools_classes_and_learners_and_no_agreement_or_school():
    mine, other = make_targeted_class(), make_targeted_class(make_agreement(make_school("HH")))
    student, intern, staff = (make_student(mine, position=position) for position in ("student", "intern", "technician"))
    make_student(other)
    user = make_coordinator(mine.agreement.school).user
    assert set(students_visible_to(user)) == {student, intern}
    assert list(classes_visible_to(user)) == [mine]
    assert not schools_visible_to(user).exists()
    assert not agreements_visible_to(user).exists()
    assert staff.person.kind == "staff"


def test_hr_sees_the_groups_schools_and_its_own_dealers_agreements_classes_and_students():
    ours, theirs = make_targeted_class(), make_targeted_class(make_agreement(dealer=make_dealer("YT02")))
    mine, other = make_student(ours), make_student(theirs)
    hr, group_hr = make_employee("hr_officer").user, make_employee("group_hr").user
    assert list(students_visible_to(hr)) == [mine]
    assert set(students_visible_to(group_hr)) == {mine, other}
    assert list(classes_visible_to(hr)) == [ours]
    assert list(agreements_visible_to(hr)) == [ours.agreement]
    assert schools_visible_to(hr).count() == 1


@pytest.mark.parametrize("position", ["advisor", "student", "intern", "service_supervisor", "information_assistant"])
def test_others_see_no_student_not_even_themselves_as_one(position):
    student = make_student(make_targeted_class(), position="student")
    user = student.person.user if position == "student" else make_employee(position).user
    assert not students_visible_to(user).exists()
    assert not classes_visible_to(user).exists()


# --- Grades -------------------------------------------------------------------------------------------------------------------


def test_the_latest_grade_of_a_kind_holds_and_a_missing_one_is_missing(hr):
    student = add(hr)
    record_grade(student=student, kind="coursework", score=70, by=hr, at=AT)
    record_grade(student=student, kind="coursework", score=0, by=hr, at=AT + timedelta(hours=1))
    latest = grades_of([student.pk])[student.pk]
    assert latest["coursework"].score == 0
    assert "graduation" not in latest
    with pytest.raises(Refused):
        record_grade(student=student, kind="graduation", score=101, by=hr, at=AT)


def test_nobody_records_their_own_grade(hr):
    student = add(hr)
    Student.objects.filter(pk=student.pk).update(person=hr.employee)
    with pytest.raises(WrongHands):
        record_grade(student=student, kind="coursework", score=100, by=hr, at=AT)
    assert not Grade.objects.exists()


# --- Dates of birth -----------------------------------------------------------------------------------------------------------


def test_the_night_erases_the_dates_of_adults_and_of_those_who_left_and_says_so_without_them(hr):
    minor, adult, gone = (
        add(hr, code=code, born_on=born) for code, born in [("1", date(2009, 1, 1)), ("2", date(2008, 11, 26)), ("3", date(2009, 1, 1))]
    )
    Employee.objects.filter(pk=gone.person_id).update(status="left", left_on=date(2026, 11, 1))
    assert erase_birth_dates(at=AT) == 2
    held = dict(Student.objects.values_list("code", "born_on"))
    assert held == {"1": minor.born_on, "2": None, "3": None}
    assert Student.objects.get(code=adult.code).born_erased_at == AT
    erased = Event.objects.filter(verb="schools.birth_date_erased")
    assert [(event.before, event.after) for event in erased] == [({}, {}), ({}, {})]
    assert erase_birth_dates(at=AT) == 0


def test_an_adult_whose_age_a_placement_still_asks_keeps_the_date(hr, monkeypatch):
    monkeypatch.setattr(ages, "_asked", [lambda people, on: people])
    add(hr, born_on=date(2006, 1, 1))
    assert erase_birth_dates(at=AT) == 0
    monkeypatch.setattr(ages, "_asked", [])
    assert erase_birth_dates(at=AT) == 1
