from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.learning.models import Completion, Enrolment, LessonProgress
from tests.each import each
from tests.factories import make_dealer, make_employee
from tests.factories.assessments import make_question
from tests.factories.courses import make_course, make_lesson, translate_page

pytestmark = pytest.mark.django_db


def statements(client, url):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_signed_out_visitors_are_asked_to_sign_in(client):
    make_course("greeting")
    for url in ("/learn/", "/learn/greeting/", "/learn/greeting/lesson-1/", "/learn/assign/greeting/"):
        assert client.get(url).url.startswith("/")
        assert client.get(url).status_code == 302


def test_someone_who_takes_no_courses_is_refused(sign_in):
    make_course("greeting")
    client = sign_in(make_employee("oem_service_coach"))
    for url in ("/learn/", "/learn/greeting/", "/learn/greeting/lesson-1/"):
        assert client.get(url).status_code == 403
    assert client.post("/learn/join/greeting/").status_code == 403
    assert client.post("/learn/greeting/lesson-1/").status_code == 403


def test_drafts_and_strange_addresses_are_not_found(sign_in):
    course = make_course("greeting")
    make_lesson(course, "draft", publish=False)
    make_course("hidden", publish=False, live=False)
    client = sign_in(make_employee())
    for url in ("/learn/hidden/", "/learn/hidden/lesson-1/", "/learn/greeting/draft/", "/learn/greeting/none/", "/learn/none/"):
        assert client.get(url).status_code == 404
    assert client.post("/learn/join/hidden/").status_code == 404


def test_one_reads_a_course_from_the_shelf_to_its_completion(sign_in):
    course = make_course("greeting", lessons=2)
    ann = make_employee()
    client = sign_in(ann)
    assert course.title in client.get("/learn/").content.decode()
    assert client.post("/learn/join/greeting/").url == "/learn/greeting/lesson-1/"
    client.get("/learn/greeting/lesson-1/")
    assert client.post("/learn/greeting/lesson-1/").url == "/learn/greeting/lesson-2/"
    assert client.post("/learn/greeting/lesson-2/").url == "/learn/greeting/"
    assert client.post("/learn/greeting/lesson-2/").status_code == 302
    assert Completion.objects.get(employee=ann).course == course


def test_a_person_reads_in_their_own_language(sign_in):
    course = make_course("greeting", title="迎接客户")
    translate_page(course, "Greeting the customer")
    ann = make_employee()
    client = sign_in(ann)
    for language, title in (("en", "Greeting the customer"), ("zh-hans", "迎接客户")):
        ann.user.language = language
        ann.user.save()
        assert f"<h1>{title}</h1>" in client.get("/learn/greeting/").content.decode()


def test_looking_at_a_course_enrols_nobody(sign_in):
    make_course("greeting")
    client = sign_in(make_employee())
    client.get("/learn/greeting/")
    client.head("/learn/greeting/lesson-1/")
    assert not Enrolment.objects.exists()
    client.get("/learn/greeting/lesson-1/")
    assert Enrolment.objects.count() == LessonProgress.objects.count() == 1


@pytest.mark.parametrize("query", ["", "?track=technical", "?level=1", "?state=begun", "?track=sales&level=x&state=%00"])
def test_the_shelf_is_filtered_and_bears_any_query(sign_in, query):
    make_course("greeting")
    assert sign_in(make_employee()).get(f"/learn/{query}").status_code == 200


def test_the_shelf_costs_the_same_for_1_and_30_courses(sign_in):
    client = sign_in(make_employee())
    make_course(lessons=1)
    few = statements(client, "/learn/")
    for _number in range(29):
        make_course(lessons=1)
    assert statements(client, "/learn/") == few <= 15


@pytest.mark.parametrize("position", ["advisor", "service_supervisor", "course_author"])
def test_a_course_page_costs_at_most_ten_statements(sign_in, position):
    course, ann = make_course("greeting", lessons=3, translated=True), make_employee(position)
    client = sign_in(ann)
    client.get("/learn/greeting/lesson-1/")
    assert statements(client, "/learn/greeting/") <= 10
    for number in range(4, 20):
        make_lesson(course, f"lesson-{number}")
    assert statements(client, "/learn/greeting/") <= 10


def test_a_lesson_with_a_check_sends_its_reader_there(sign_in):
    lesson = make_lesson(make_course("greeting", lessons=0), "first", questions=[make_question()])
    client = sign_in(make_employee())
    assert f"/learn/check/{lesson.pk}/" in client.get("/learn/greeting/first/").content.decode()
    assert client.post("/learn/greeting/first/").url == "/learn/greeting/first/"
    assert not LessonProgress.objects.filter(done_at__isnull=False).exists()


class TestEnrollingOthers:
    def test_a_supervisor_enrols_the_people_of_the_dealer(self, sign_in):
        make_course("greeting")
        ann, chief = make_employee(), make_employee("service_supervisor")
        due = timezone.localdate() + timedelta(days=14)
        answer = sign_in(chief).post("/learn/assign/greeting/", {"people": [ann.pk], "due_on": due.isoformat()})
        assert answer.url == "/learn/greeting/"
        assert list(Enrolment.objects.values_list("employee", "source", "due_on")) == [(ann.pk, "manager", due)]

    def test_staff_may_not(self, sign_in):
        make_course("greeting")
        assert sign_in(make_employee()).get("/learn/assign/greeting/").status_code == 403

    @pytest.mark.parametrize(
        "data", [{}, {"people": ["x"]}, {"people": [0]}, {"people": "own", "due_on": "soon"}, {"people": "own", "due_on": "2020-01-01"}]
    )
    def test_bad_input_is_explained_and_enrols_nobody(self, sign_in, data):
        make_course("greeting")
        ann, chief = make_employee(), make_employee("service_supervisor")
        data = {**data, "people": [ann.pk]} if data.get("people") == "own" else data
        answer = sign_in(chief).post("/learn/assign/greeting/", data)
        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert 'role="alert"' in answer.content.decode()
        assert not Enrolment.objects.exists()

    def test_people_of_another_dealer_are_no_choice(self, sign_in):
        make_course("greeting")
        stranger = make_employee(dealer=make_dealer("YT02"))
        assert sign_in(make_employee("service_supervisor")).post("/learn/assign/greeting/", {"people": [stranger.pk]}).status_code == 200


def test_what_the_other_track_requires_is_not_required_of_me(sign_in):
    """Only the own track's grading can be sat; whoever has no track has none to be held to."""
    own, other = make_course(track="service", required=True), make_course(track="technical", required=True)
    for position, required in each([("advisor", own), ("technician", other), ("hr_officer", None)]):
        client = sign_in(make_employee(position))
        shelves = client.get("/learn/").context["shelves"]
        marked = [one.page for shelf in shelves for one in shelf["courses"] if one.is_required]
        assert marked == ([required] if required else [])
        for course in (own, other):
            page = client.get(f"/learn/{course.slug}/")
            assert page.context["course"].is_required == (course == required)
