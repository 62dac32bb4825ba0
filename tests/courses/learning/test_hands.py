"""Who puts whom on a course, and who completes it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from django.utils import translation

from courses.learning.actions import enrol, enrol_people, open_lesson, record_check_passed, record_lesson_done
from courses.learning.models import Completion, Enrolment
from courses.learning.permissions import may_enrol, may_learn
from lms.accounts.models import User
from lms.common.states import WrongHands
from lms.people.choices import Role
from tests.factories import make_course, make_dealer, make_employee

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
DUE = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def ann():
    return make_employee()


@pytest.fixture
def chief():
    return make_employee("service_supervisor")


@pytest.fixture
def course():
    return make_course("greeting", lessons=1)


# --- Enrolling ------------------------------------------------------------------------------


def test_where_an_enrolment_comes_from_is_what_happened(ann, chief, course):
    enrol(employee=ann, course=course, by=ann.user, at=AT)
    enrol_people(employees=[chief], course=course, by=make_employee("service_manager").user, at=AT)
    enrol(employee=make_employee(), course=course, by=None, at=AT)
    assert list(Enrolment.objects.order_by("pk").values_list("source", flat=True)) == ["self", "manager", "rule"]


def test_a_leader_does_not_put_themselves_on_a_course_as_if_assigned(ann, chief, course):
    with pytest.raises(WrongHands, match="To enrol yourself"):
        enrol_people(employees=[ann, chief], course=course, by=chief.user, at=AT, due_on=DUE)
    with pytest.raises(WrongHands, match="To enrol yourself"):
        enrol_people(employees=[chief], course=course, by=chief.user, at=AT)
    assert not Enrolment.objects.exists()
    assert enrol(employee=chief, course=course, by=chief.user, at=AT).source == "self"


def test_nobody_moves_their_own_due_date(ann, chief, course):
    enrol_people(employees=[ann], course=course, by=chief.user, at=AT, due_on=DUE)
    with pytest.raises(WrongHands, match="whoever assigns the course"):
        enrol(employee=ann, course=course, by=ann.user, at=AT, due_on=date(2027, 12, 1))
    assert Enrolment.objects.get().due_on == DUE


def test_a_colleague_enrols_nobody_else(ann, course):
    with pytest.raises(WrongHands, match="You can enrol yourself"):
        enrol(employee=make_employee(), course=course, by=ann.user, at=AT)


def test_whoever_only_watches_the_dealers_people_enrols_none_of_them(ann):
    watcher = make_employee("information_assistant")
    assert watcher.user.has_perm("people.view_dealer_people")
    assert not may_enrol(watcher.user, [ann])
    assert may_enrol(watcher.user, [watcher])


def test_nobody_is_one_of_those_whom_they_enrol(ann, chief):
    assert may_enrol(chief.user, [ann])
    assert not may_enrol(chief.user, [chief, ann])
    assert not may_enrol(ann.user, [ann, chief])


def test_a_leader_enrols_the_own_dealers_people_and_the_own_team_elsewhere(chief, course):
    stranger = make_employee(dealer=make_dealer("YT02"))
    report = make_employee(dealer=make_dealer("YT02"), manager=chief)
    assert not may_enrol(chief.user, [stranger])
    assert may_enrol(chief.user, [report, make_employee()])
    with pytest.raises(WrongHands, match="other people of the own dealer"):
        enrol_people(employees=[report, stranger], course=course, by=chief.user, at=AT)
    assert not Enrolment.objects.exists()
    assert may_enrol(make_employee("group_hr").user, [stranger, report])


def test_someone_whose_account_was_closed_enrols_nobody(chief, ann):
    User.objects.filter(pk=chief.user_id).update(is_active=False)
    assert not may_enrol(User.objects.get(pk=chief.user_id), [ann])


def test_by_screen_a_forged_name_among_the_people_puts_nobody_on_the_course(sign_in, chief, ann, course):
    data = {"people": [ann.pk, chief.pk], "due_on": ""}
    response = sign_in(chief).post("/learn/assign/greeting/", data)
    assert response.status_code == 200
    assert response.context["form"].errors["people"]
    assert response.context["form"]["people"].value() == [str(ann.pk), str(chief.pk)]
    assert not Enrolment.objects.exists()


# --- Learning -------------------------------------------------------------------------------


def test_nobody_reads_or_passes_for_someone_else(ann, chief, course):
    lesson = course.get_children().specific().first()
    progress = open_lesson(employee=ann, lesson=lesson, by=ann.user, at=AT)
    for by in (chief.user, make_employee("hr_officer").user, None):
        with pytest.raises(WrongHands, match="by the person who learns"):
            open_lesson(employee=ann, lesson=lesson, by=by, at=AT)
        with pytest.raises(WrongHands, match="by the person who learns"):
            record_lesson_done(enrolment=progress.enrolment, lesson=lesson, by=by, at=AT)
        with pytest.raises(WrongHands, match="by the person who learns"):
            record_check_passed(employee=ann, lesson=lesson, score=100, by=by, at=AT)
    assert not Completion.objects.exists()


def test_an_author_does_not_complete_a_course_for_an_advisor_whatever_their_roles(ann, course):
    author = make_employee("course_author")
    author.user.groups.add(Group.objects.get(name=Role.GROUP_HR))
    by = User.objects.get(pk=author.user_id)
    assert may_learn(by, author)
    assert not may_learn(by, ann)
    assert may_learn(ann.user, ann)


def test_who_takes_no_courses_opens_no_lesson_by_the_action_either(course):
    coach = make_employee("oem_service_coach")
    with pytest.raises(WrongHands):
        open_lesson(employee=coach, lesson=course.get_children().specific().first(), by=coach.user, at=AT)
