"""Schools, contacts, agreements with what is owed under them, classes with their courses."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.learning.models import Enrolment
from lms.audit.models import Event
from lms.common.shown import ChangedMeanwhile, Shown
from lms.common.states import Refused, WrongHands
from lms.notifications.models import Notice
from lms.people.models import Employee
from talent_pool.schools.actions import agreements, classes, schools
from talent_pool.schools.actions.students import issue_student_password
from talent_pool.schools.models import Agreement, ClassCourse, Contact, Duty, School
from talent_pool.schools.queries.agreements import chain_of, places_by_agreement
from tests.each import each
from tests.factories.courses import make_course
from tests.factories.people import make_dealer, make_employee, make_group
from tests.factories.pipeline import make_agreement, make_coordinator, make_school, make_student, make_targeted_class

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
TERM = {
    "number": "DX-1", "signed_on": date(2026, 11, 1), "starts_on": date(2026, 12, 1), "ends_on": date(2029, 8, 31), "quota": 20,
    "majors": ["汽修"], "weight_internship": 50, "weight_coursework": 30, "weight_graduation": 20,
}  # fmt: skip


@pytest.fixture
def hr():
    return make_employee("hr_officer").user


def sign(hr, **changes):
    return agreements.sign_agreement(school=make_school(), by=hr, at=AT, **{"dealer": make_dealer(), **TERM, **changes})


# --- Schools and contacts -----------------------------------------------------------------------------------------------------


def test_hr_adds_a_school_once_a_code_and_group(hr):
    made = schools.make_school(group=make_group(), code="LJ", name_zh="临江职院", by=hr, at=AT)
    assert Event.objects.get(verb="schools.school_made").target_id == str(made.pk)
    with pytest.raises(Refused) as refusal:
        schools.make_school(group=make_group(), code="LJ", name_zh="另一所", by=hr, at=AT)
    assert refusal.value.field == "code"
    assert School.objects.count() == 1


@pytest.mark.parametrize("position", ["service_manager", "general_manager", "advisor", "school_coordinator", "student", "intern"])
def test_nobody_but_hr_keeps_schools(position):
    by = make_employee(position).user
    with pytest.raises(WrongHands):
        schools.make_school(group=make_group(), code="LJ", name_zh="临江职院", by=by, at=AT)
    with pytest.raises(WrongHands):
        sign(by)


def test_hr_of_another_group_keeps_no_school_of_ours():
    stranger = make_employee("hr_officer", dealer=make_dealer("ZZ01", group=make_group("zz"))).user
    with pytest.raises(WrongHands):
        schools.correct_school(school=make_school(), by=stranger, at=AT, city="别处")


def test_a_correction_that_does_not_know_what_changed_meanwhile_is_told(hr):
    school = make_school()
    shown = Shown({"city": ["别处", "别处"]})
    with pytest.raises(ChangedMeanwhile):
        schools.correct_school(school=school, by=hr, at=AT, shown=shown, city="江边")
    schools.correct_school(school=school, by=hr, at=AT, city="江边")
    assert Event.objects.get(verb="schools.school_corrected").after == {"city": "江边"}


def test_a_contact_gets_a_sign_in_and_sees_the_own_students_alone(hr):
    contact = schools.make_contact(school=make_school(), name="周老师", email="zhou@school.example", by=hr, at=AT)
    schools.let_coordinator_in(contact=contact, by=hr, at=AT)
    person = Contact.objects.get().person
    assert (person.kind, person.number, person.position.code) == ("coordinator", "", "school_coordinator")
    assert person.user.has_perm("schools.coordinate_students")
    assert not person.user.has_perm("people.view_dealer_people")
    with pytest.raises(Refused):
        schools.let_coordinator_in(contact=contact, by=hr, at=AT)


def test_a_contact_without_an_address_needs_a_name_to_sign_in_by(hr):
    contact = schools.make_contact(school=make_school(), name="周老师", by=hr, at=AT)
    with pytest.raises(Refused):
        schools.let_coordinator_in(contact=contact, by=hr, at=AT)
    schools.let_coordinator_in(contact=contact, sign_in_name="zhou.lj", by=hr, at=AT)
    assert Contact.objects.get().person.user.username == "zhou.lj"


def test_a_contact_who_ends_signs_in_no_more(hr):
    person = make_coordinator(hired_on=date(2026, 1, 1))
    contact = Contact.objects.get()
    with pytest.raises(Refused):
        schools.end_contact(contact=contact, ended_on=date(2026, 11, 27), by=hr, at=AT)
    schools.end_contact(contact=contact, ended_on=date(2026, 11, 25), by=hr, at=AT)
    person.refresh_from_db()
    assert (person.status, person.user.is_active) == (Employee.Status.LEFT, False)
    with pytest.raises(Refused):
        schools.end_contact(contact=contact, ended_on=date(2026, 11, 25), by=hr, at=AT)


# --- Agreements ---------------------------------------------------------------------------------------------------------------


def test_an_agreement_is_recorded_with_what_both_sides_owe_and_its_file(hr):
    duties = [
        {"side": "dealer", "words": "每学期授课两次", "due_on": date(2027, 1, 15)},
        {"side": "school", "words": "提交学生名单", "due_on": None},
    ]
    made = sign(hr, duties=duties, file=ContentFile(b"%PDF-1.4", "a.pdf"))
    assert [one.words for one in made.duties.order_by("pk")] == ["每学期授课两次", "提交学生名单"]
    with made.file.open("rb") as file:
        assert file.read() == b"%PDF-1.4"
    assert Event.objects.get(verb="schools.agreement_signed").dealer == made.dealer_id


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weight_graduation": 21}, "weight_graduation"),
        ({"ends_on": date(2026, 11, 30)}, "ends_on"),
        ({"signed_on": date(2026, 11, 27)}, "signed_on"),
    ],
)
def test_an_agreement_that_cannot_be_is_refused_at_its_field(hr, changes, field):
    with pytest.raises(Refused) as refusal:
        sign(hr, **changes)
    assert refusal.value.field == field
    assert not Agreement.objects.exists()


def test_a_number_is_given_once_at_a_dealer(hr):
    sign(hr)
    with pytest.raises(Refused) as refusal:
        sign(hr)
    assert refusal.value.field == "number"


def test_hr_of_one_dealer_signs_for_no_other(hr):
    with pytest.raises(WrongHands):
        sign(hr, dealer=make_dealer("YT02"))
    group_hr = make_employee("group_hr").user
    assert agreements.sign_agreement(school=make_school(), dealer=make_dealer("YT02"), by=group_hr, at=AT, **TERM)


def test_a_renewal_keeps_the_old_one_and_names_it(hr):
    old = sign(hr)
    new = agreements.renew_agreement(
        agreement=old, by=hr, at=AT, **TERM | {"number": "DX-2", "starts_on": date(2029, 9, 1), "ends_on": date(2032, 8, 31)}
    )
    old.refresh_from_db()
    assert (old.ends_on, old.ended_on, new.renews) == (date(2029, 8, 31), None, old)
    assert chain_of(old) == chain_of(new) == [new, old]
    with pytest.raises(Refused, match=r"newest|最新"):
        agreements.renew_agreement(agreement=old, by=hr, at=AT, **TERM | {"number": "DX-3"})


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(gap=st.integers(-400, 400))
def test_a_renewal_begins_after_the_old_ones_last_day_or_not_at_all(hr, gap):
    old = make_agreement()
    starts_on = old.ends_on + timedelta(days=gap)
    number = f"R-{old.pk}"
    term = TERM | {"number": number, "starts_on": starts_on, "ends_on": starts_on + timedelta(days=365)}
    try:
        agreements.renew_agreement(agreement=old, by=hr, at=AT, **term)
    except Refused as refusal:
        refused_at = refusal.field
    else:
        refused_at = ""
    assert refused_at == ("starts_on" if gap <= 0 else "")
    assert Agreement.objects.filter(number=number).exists() == (gap > 0)


def test_an_agreement_ends_early_once_with_a_reason_and_is_renewed_no_more(hr):
    old = make_agreement()
    with pytest.raises(Refused):
        agreements.end_agreement_early(agreement=old, ended_on=old.ends_on, reason="停招", by=hr, at=AT)
    agreements.end_agreement_early(agreement=old, ended_on=date(2027, 1, 31), reason="停招", by=hr, at=AT)
    old.refresh_from_db()
    assert (old.last_day, old.ended_reason, old.ends_on) == (date(2027, 1, 31), "停招", date(2028, 8, 31))
    with pytest.raises(Refused):
        agreements.end_agreement_early(agreement=old, ended_on=date(2027, 2, 1), reason="再停", by=hr, at=AT)
    with pytest.raises(Refused):
        agreements.renew_agreement(agreement=old, by=hr, at=AT, **TERM)


def test_an_obligation_is_done_once(hr):
    duty = agreements.add_duty(agreement=make_agreement(), side="dealer", words="授课", due_on=date(2026, 12, 1), by=hr, at=AT)
    with pytest.raises(Refused):
        agreements.mark_duty_done(duty=duty, done_on=date(2026, 11, 27), by=hr, at=AT)
    agreements.mark_duty_done(duty=duty, by=hr, at=AT)
    duty.refresh_from_db()
    assert (duty.done_on, duty.done_by) == (date(2026, 11, 26), hr)
    with pytest.raises(Refused):
        agreements.mark_duty_done(duty=duty, by=hr, at=AT)
    assert Duty.objects.exclude(done_at=None).count() == 1


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(sizes=st.lists(st.tuples(st.integers(2026, 2028), st.integers(0, 3)), min_size=1, max_size=3))
def test_places_are_taken_by_those_in_a_class_by_the_year_they_graduate_in(sizes):
    agreement = make_agreement(quota=2)
    for year, size in sizes:
        one = make_targeted_class(agreement, entered_on=date(year - 3, 9, 1), graduates_on=date(year, 6, 30))
        for _student in range(size):
            make_student(one, graduates_on=None)
    wanted = {year: sum(size for of, size in sizes if of == year) for year, _size in sizes}
    found = {one.year: one.taken for one in places_by_agreement([agreement])[agreement.pk]}
    assert found == {year: taken for year, taken in wanted.items() if taken}


# --- Classes and courses ------------------------------------------------------------------------------------------------------


def test_a_class_has_a_code_of_its_own_and_graduates_after_it_began(hr):
    agreement = make_agreement()
    days = {"entered_on": date(2025, 9, 1), "graduates_on": date(2028, 6, 30)}
    classes.make_class(agreement=agreement, code="A", name="甲班", by=hr, at=AT, **days)
    with pytest.raises(Refused) as again:
        classes.make_class(agreement=agreement, code="A", name="乙班", by=hr, at=AT, **days)
    with pytest.raises(Refused) as backwards:
        classes.make_class(
            agreement=agreement, code="B", name="乙班", entered_on=date(2028, 6, 30), graduates_on=date(2025, 9, 1), by=hr, at=AT
        )
    assert (again.value.field, backwards.value.field) == ("code", "graduates_on")


def test_everybody_in_the_class_is_enrolled_by_rule_and_told(hr):
    one = make_targeted_class()
    students = [make_student(one), make_student(one)]
    gone = make_student(one)
    Employee.objects.filter(pk=gone.person_id).update(status="left", left_on=date(2026, 11, 1))
    course = make_course()
    assert classes.set_courses(targeted_class=one, courses=[course], due_on=date(2026, 12, 31), by=hr, at=AT) == 2
    assert {row.source for row in each(Enrolment.objects.all())} == {"rule"}
    assert set(Enrolment.objects.values_list("employee", "due_on")) == {(student.person_id, date(2026, 12, 31)) for student in students}
    assert {notice.kind for notice in each(Notice.objects.all())} == {"course_by_rule"}
    assert classes.set_courses(targeted_class=one, courses=[course], due_on=date(2027, 1, 31), by=hr, at=AT) == 0
    assert ClassCourse.objects.get().due_on == date(2027, 1, 31)


def test_what_is_not_published_or_due_in_the_past_is_set_for_nobody(hr):
    one, hidden = make_targeted_class(), make_course()
    hidden.unpublish()
    with pytest.raises(Refused):
        classes.set_courses(targeted_class=one, courses=[hidden], by=hr, at=AT)
    with pytest.raises(Refused):
        classes.set_courses(targeted_class=one, courses=[make_course()], due_on=date(2026, 11, 25), by=hr, at=AT)
    assert not ClassCourse.objects.exists()


def test_the_sweep_enrols_whoever_was_left_out_and_changes_nothing_the_second_time(hr):
    one, course = make_targeted_class(), make_course()
    classes.set_courses(targeted_class=one, courses=[course], due_on=date(2026, 12, 31), by=hr, at=AT)
    late = make_student(one)  # whose enrolment got lost
    make_student()
    assert classes.make_up_enrolments(at=AT) == 1
    assert Enrolment.objects.get().employee == late.person
    assert Enrolment.objects.get().due_on == date(2026, 12, 31)
    assert classes.make_up_enrolments(at=AT) == 0


def test_a_due_date_that_has_passed_binds_nobody_who_comes_later(hr):
    one, course = make_targeted_class(), make_course()
    classes.set_courses(targeted_class=one, courses=[course], due_on=date(2026, 11, 27), by=hr, at=AT)
    make_student(one)
    assert classes.make_up_enrolments(at=AT + timedelta(days=30)) == 1
    assert Enrolment.objects.get().due_on is None


def test_a_course_that_is_dropped_is_given_to_nobody_new_and_taken_from_nobody(hr):
    one, course = make_targeted_class(), make_course()
    make_student(one)
    classes.set_courses(targeted_class=one, courses=[course], by=hr, at=AT)
    classes.drop_course(class_course=ClassCourse.objects.get(), by=hr, at=AT)
    make_student(one)
    assert classes.make_up_enrolments(at=AT) == 0
    assert Enrolment.objects.count() == 1


def test_hr_of_another_dealer_sets_no_course(hr):
    stranger = make_employee("hr_officer", dealer=make_dealer("YT02")).user
    one = make_targeted_class()
    with pytest.raises(WrongHands):
        classes.set_courses(targeted_class=one, courses=[make_course()], by=stranger, at=AT)
    with pytest.raises(WrongHands):
        issue_student_password(student=make_student(one), by=stranger, at=AT)
