import pytest
from django.urls import reverse

from assessments.checks.actions import PASS_MARK, score_of, take_check
from assessments.checks.models import Check
from assessments.questions.actions import freeze_versions
from courses.learning.models import Completion, LessonProgress
from lms.common.states import WrongHands
from tests.factories import NINE, RIGHT, WRONG, make_course, make_employee, make_lesson, make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson():
    course = make_course("checked", lessons=0)
    return make_lesson(course, "first", questions=[make_question("single"), make_question("truefalse")])


def form_of(page):
    """What a browser would send back of the hidden fields."""
    context = page.context
    return {"versions": context["versions"], "try": context["number"]}


def answers(lesson, *, right):
    from assessments.questions.models import Question

    found = {}
    questions = Question.objects.in_bulk(lesson.check_question_ids)
    for question in (questions[pk] for pk in lesson.check_question_ids):  # as the page asks them
        key = question.content["key"]
        if question.kind == "truefalse":
            found[f"v{question.current_id}"] = str(key == right).lower()
        else:
            others = [option["id"] for option in question.content["options"] if option["id"] not in key]
            found[f"v{question.current_id}"] = key[0] if right else others[0]
    return found


def take(client, lesson, *, right, **more):
    page = client.get(reverse("lesson_check", args=[lesson.pk]))
    return client.post(reverse("lesson_check", args=[lesson.pk]), {**form_of(page), **answers(lesson, right=right), **more}, follow=True)


def test_passing_the_check_ends_the_lesson_and_the_last_lesson_completes_the_course(lesson, sign_in):
    employee = make_employee()
    take(sign_in(employee), lesson, right=True)
    assert Check.objects.get().score == 100
    assert LessonProgress.objects.get(lesson=lesson).done_at
    assert Completion.objects.get(employee=employee).revision_id


def test_a_failed_check_shows_why_and_may_be_tried_again(lesson, sign_in):
    client = sign_in(make_employee())
    take(client, lesson, right=False)
    assert not Check.objects.get().passed
    assert not Completion.objects.exists()
    take(client, lesson, right=True)
    assert Check.objects.count() == 2
    assert Completion.objects.exists()


def test_sending_the_same_try_twice_counts_once(lesson, sign_in):
    client = sign_in(make_employee())
    page = client.get(reverse("lesson_check", args=[lesson.pk]))
    data = {**form_of(page), **answers(lesson, right=True)}
    for _press in range(2):
        client.post(reverse("lesson_check", args=[lesson.pk]), data)
    assert Check.objects.count() == 1


def test_other_answers_sent_from_an_old_page_are_a_try_of_their_own(lesson, sign_in):
    client, url = sign_in(make_employee()), reverse("lesson_check", args=[lesson.pk])
    page = form_of(client.get(url))
    client.post(url, {**page, **answers(lesson, right=False)})
    client.post(url, {**page, **answers(lesson, right=True)})
    assert list(Check.objects.order_by("number").values_list("number", "passed")) == [(1, False), (2, True)]


def test_what_is_missing_is_named_and_what_was_given_is_kept(lesson, sign_in):
    client = sign_in(make_employee())
    page = client.get(reverse("lesson_check", args=[lesson.pk]))
    given = dict(list(answers(lesson, right=True).items())[:1])
    response = client.post(reverse("lesson_check", args=[lesson.pk]), {**form_of(page), **given})
    assert response.status_code == 200
    assert "2" in str(next(iter(response.context["messages"])))
    assert "checked" in response.content.decode()
    assert not Check.objects.exists()


def test_what_is_no_number_is_said_at_its_question_and_not_marked(sign_in):
    lesson = make_lesson(make_course("measured", lessons=0), "first", questions=[make_question("number")])
    client, url = sign_in(make_employee()), reverse("lesson_check", args=[lesson.pk])
    form, (version,) = form_of(client.get(url)), freeze_versions(lesson.check_question_ids, by=None).values()
    told = client.post(url, {**form, f"v{version.pk}": "abc"})
    (question,) = told.context["questions"]
    assert "abc" in question["note"]
    assert told.content.decode().count(question["note"]) == 2, "at the question and above the form"
    assert 'value="abc"' in told.content.decode()
    assert not Check.objects.exists()
    client.post(url, {**form, f"v{version.pk}": "3.2 mm"})
    assert Check.objects.get().score == 100


@pytest.mark.parametrize("nonsense", [{"versions": "x,9999999999999999999,-1"}, {"try": "many"}, {"versions": ""}])
def test_nonsense_is_no_crash(lesson, sign_in, nonsense):
    response = sign_in(make_employee()).post(reverse("lesson_check", args=[lesson.pk]), nonsense)
    assert response.status_code in (200, 302, 404)


def test_the_page_holds_neither_key_nor_explanation_before_it_is_sent(lesson, sign_in):
    page = sign_in(make_employee()).get(reverse("lesson_check", args=[lesson.pk])).content.decode()
    assert "explanation" not in page
    assert "correct" not in page


def test_the_result_is_for_the_person_alone(lesson, sign_in, client):
    take(sign_in(make_employee()), lesson, right=True)
    url = reverse("lesson_check_result", args=[lesson.pk, Check.objects.get().pk])
    client.force_login(make_employee().user)
    assert client.get(url).status_code == 404


def test_a_lesson_without_questions_has_no_check(sign_in):
    lesson = make_lesson(make_course("plain", lessons=0), "first")
    assert sign_in(make_employee()).get(reverse("lesson_check", args=[lesson.pk])).status_code == 404


@pytest.mark.parametrize(("marks", "score"), [([1, 1, 0], 67), ([1, 0], 50), ([1, *[0] * 7], 13), ([0, 0, 0], 0), ([1], 100)])
def test_scores_are_of_a_hundred_half_points_up(marks, score):
    assert score_of(marks) == score
    assert PASS_MARK == 60


@pytest.mark.parametrize(
    ("right", "questions", "score", "passed"), [(2, 5, 40, False), (13, 22, 59, False), (3, 5, 60, True), (4, 5, 80, True)]
)
def test_sixty_of_a_hundred_passes_the_check(right, questions, score, passed):
    lesson = make_lesson(make_course("many", lessons=0), "first", questions=[make_question("truefalse") for _number in range(questions)])
    reader = make_employee()
    versions = list(freeze_versions(lesson.check_question_ids, by=None).values())
    given = {version.pk: [str(place < right).lower()] for place, version in enumerate(versions)}
    check = take_check(employee=reader, lesson=lesson, versions=versions, responses=given, number=1, by=reader.user, at=NINE)
    assert (check.score, check.passed) == (score, passed)
    assert Completion.objects.filter(employee=reader).exists() == passed


@pytest.mark.parametrize("right", [True, False])
def test_nobody_takes_a_check_for_someone_else_be_it_to_fail_it(lesson, right):
    versions = list(freeze_versions(lesson.check_question_ids, by=None).values())
    given = {version.pk: RIGHT[version.content["kind"]] if right else WRONG[version.content["kind"]] for version in versions}
    reader = make_employee()
    for by in (None, make_employee("hr_officer").user, make_employee().user):
        with pytest.raises(WrongHands):
            take_check(employee=reader, lesson=lesson, versions=versions, responses=given, number=1, by=by, at=NINE)
    assert not Check.objects.exists()
