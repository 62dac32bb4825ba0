from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from courses.learning.actions import enrol, enrol_by_rule, enrol_people, open_lesson, record_check_passed, record_lesson_done
from courses.learning.models import Completion, Enrolment, LessonProgress
from lms.audit.models import Event
from lms.common.states import Refused
from lms.notifications.kinds import kinds
from lms.notifications.models import Notice
from tests.factories import make_employee
from tests.factories.assessments import make_question
from tests.factories.courses import make_course, make_lesson

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def read(employee, lesson, at=AT):
    progress = open_lesson(employee=employee, lesson=lesson, by=employee.user, at=at)
    return record_lesson_done(enrolment=progress.enrolment, lesson=lesson, by=employee.user, at=at)


def lessons_of(course):
    return list(course.get_children().specific())


def test_opening_a_first_lesson_enrols_and_remembers_the_place():
    ann, course = make_employee(), make_course(lessons=2)
    first, second = lessons_of(course)
    open_lesson(employee=ann, lesson=first, by=ann.user, at=AT)
    open_lesson(employee=ann, lesson=second, by=ann.user, at=AT)
    enrolment = Enrolment.objects.get(employee=ann)
    assert (enrolment.course, enrolment.last_lesson, enrolment.source) == (course, second, "self")


def test_a_course_is_completed_only_when_all_its_live_lessons_are_done():
    ann, course = make_employee(), make_course(lessons=3)
    make_lesson(course, "draft", publish=False)
    first, second, third, _draft = lessons_of(course)
    assert read(ann, third) is None
    assert read(ann, first) is None
    assert not Completion.objects.exists()
    assert read(ann, second).completed_at == AT


def test_a_completion_remembers_its_revision_when_the_course_is_edited_later():
    ann, course = make_employee(), make_course(lessons=1)
    read(ann, lessons_of(course)[0])
    learnt = course.live_revision_id
    course.title = "新标题"
    course.save_revision().publish()
    course.refresh_from_db()
    read(ann, lessons_of(course)[0], at=AT + timedelta(days=9))
    completion = Completion.objects.get()
    assert completion.revision_id == learnt != course.live_revision_id
    assert completion.completed_at == AT


def test_a_completion_in_translation_remembers_the_translations_revision_and_language():
    ann, course = make_employee(), make_course(lessons=1, translated=True)
    english = course.get_translations().get()
    read(ann, lessons_of(english)[0])
    completion = Completion.objects.get()
    assert (completion.course, completion.language, completion.revision_id) == (course, "en", english.live_revision_id)


def test_reading_a_lesson_twice_is_recorded_once():
    ann, course = make_employee(), make_course(lessons=1)
    (lesson,) = lessons_of(course)
    read(ann, lesson)
    read(ann, lesson, at=AT + timedelta(seconds=1))
    assert LessonProgress.objects.get().done_at == AT
    assert Completion.objects.count() == 1
    assert Event.objects.filter(verb="learning.completed").count() == 1


def test_a_lesson_with_a_check_is_not_done_by_saying_so():
    ann, course = make_employee(), make_course(lessons=0)
    lesson = make_lesson(course, "brakes", questions=[make_question()])
    with pytest.raises(Refused, match="Pass it"), translation.override("en"):
        read(ann, lesson)


def test_the_best_score_of_several_tries_is_kept():
    ann, course = make_employee(), make_course(lessons=0)
    lesson = make_lesson(course, "brakes", questions=[make_question()])
    for score in (67, 100, 70):
        record_check_passed(employee=ann, lesson=lesson, score=score, by=ann.user, at=AT)
    assert LessonProgress.objects.get().score == 100
    assert Completion.objects.get().employee == ann


def test_enrolling_again_changes_only_the_due_date():
    ann, chief, course = make_employee(), make_employee("service_supervisor"), make_course()
    enrol(employee=ann, course=course, by=ann.user, at=AT)
    enrol(employee=ann, course=course, by=chief.user, at=AT, due_on=date(2026, 12, 1))
    enrolment = Enrolment.objects.get()
    assert (enrolment.source, enrolment.due_on) == ("self", date(2026, 12, 1))


def test_a_course_cannot_be_due_in_the_past():
    with pytest.raises(Refused, match="in the past"), translation.override("en"):
        enrol(employee=make_employee(), course=make_course(), by=None, at=AT, due_on=date(2026, 11, 19))


def test_a_course_may_be_due_today_as_the_refusal_says():
    assert enrol(employee=make_employee(), course=make_course(), by=None, at=AT, due_on=date(2026, 11, 20)).due_on == date(2026, 11, 20)


def test_nobody_is_enrolled_in_a_draft():
    with pytest.raises(Refused, match="not published"), translation.override("en"):
        enrol(employee=make_employee(), course=make_course(live=False, publish=False), by=None, at=AT)


def test_someone_who_left_is_not_enrolled():
    gone = make_employee(status="left", left_on=date(2026, 1, 1))
    with pytest.raises(Refused, match="has left"), translation.override("en"):
        enrol(employee=gone, course=make_course(), by=None, at=AT)


def test_a_manager_enrols_all_or_nobody_and_each_new_one_is_told_once():
    ann, bob, course = make_employee(), make_employee(), make_course(translated=True)
    gone = make_employee(status="left", left_on=date(2026, 1, 1))
    with pytest.raises(Refused, match="has left"), translation.override("en"):
        enrol_people(employees=[ann, gone], course=course, by=None, at=AT)
    assert not Enrolment.objects.exists()
    enrol(employee=ann, course=course, by=ann.user, at=AT)
    assert enrol_people(employees=[ann, bob], course=course, by=None, at=AT, due_on=date(2026, 12, 1)) == 1
    assert enrol_people(employees=[ann, bob], course=course, by=None, at=AT) == 0
    assert [notice.recipient for notice in Notice.objects.all()] == [bob.user]


def test_whoever_has_completed_a_course_is_not_asked_to_by_a_late_mail_and_others_are():
    ann, bob, course = make_employee(), make_employee(), make_course(lessons=1)
    enrol_people(employees=[ann, bob], course=course, by=None, at=AT)
    read(ann, lessons_of(course)[0])
    notices = list(Notice.objects.filter(kind="course_assigned"))
    assert kinds()["course_assigned"].done_when(notices) == {notice.pk for notice in notices if notice.recipient == ann.user}


# --- By rule ------------------------------------------------------------------------------------------------------------------


def test_a_rule_enrols_whoever_is_here_and_tells_each_of_them_once():
    here, other, gone = make_employee(), make_employee(), make_employee(status="left", left_on=date(2026, 11, 1))
    course = make_course()
    enrol(employee=other, course=course, by=other.user, at=AT)
    assert enrol_by_rule(employees=[here, other, gone], course=course, due_on=date(2026, 12, 1), at=AT) == 1
    assert dict(Enrolment.objects.values_list("employee", "source")) == {here.pk: "rule", other.pk: "self"}
    assert set(Enrolment.objects.values_list("due_on", flat=True)) == {date(2026, 12, 1)}
    assert [notice.recipient for notice in Notice.objects.filter(kind="course_by_rule")] == [here.user]
    assert enrol_by_rule(employees=[here, other, gone], course=course, due_on=date(2026, 12, 1), at=AT) == 0


def test_a_rule_that_was_due_before_sets_no_date_that_has_passed():
    late, early = make_employee(), make_employee()
    course = make_course()
    enrol_by_rule(employees=[early], course=course, due_on=date(2026, 11, 21), at=AT)
    enrol_by_rule(employees=[late, early], course=course, due_on=date(2026, 11, 21), at=AT + timedelta(days=10))
    assert dict(Enrolment.objects.values_list("employee", "due_on")) == {late.pk: None, early.pk: date(2026, 11, 21)}
