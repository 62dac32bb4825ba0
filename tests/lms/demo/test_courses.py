import shutil

import pytest
from wagtail.models import Page, Revision

from assessments.questions.models import Question
from courses.catalogue.models import CoursePage, LessonPage, Topic
from lms.demo import courses, questions
from tests.each import each
from tests.factories import make_employee

pytestmark = pytest.mark.django_db
MORE_TOPICS = 3  # of management training, without a course


@pytest.fixture
def author():
    return make_employee("course_author").user


@pytest.fixture
def two_courses(monkeypatch, tmp_path):
    """The content of two courses, one a track: the whole of it takes long."""
    for path in ("courses/01-greeting.toml", "courses/12-brakes.toml", "questions/greeting.toml", "questions/brakes.toml", "topics.toml"):
        target = tmp_path / path
        target.parent.mkdir(exist_ok=True)
        shutil.copy(courses.CONTENT / path, target)
    monkeypatch.setattr(courses, "CONTENT", tmp_path)
    monkeypatch.setattr(questions, "CONTENT", tmp_path)


def load(author):
    return courses.load_topics(), questions.load_questions(by=author), courses.load_courses(by=author)


def test_courses_are_published_in_both_languages_with_their_checks(two_courses, author):
    assert load(author)[0::2] == (2 + MORE_TOPICS, 2)
    for page in (*each(CoursePage.objects.all()), *each(LessonPage.objects.all())):
        assert page.live
        assert page.live_revision.user == author
    chinese, english = CoursePage.objects.filter(slug="greeting").order_by("locale__pk")
    assert (chinese.title, english.title) == ("迎接客户", "Greeting the customer")
    assert english.translation_key == chinese.translation_key
    lesson = LessonPage.objects.child_of(chinese).first()
    keys = Question.objects.filter(pk__in=lesson.check_question_ids).order_by("key").values_list("key", "in_exams", "status")
    assert list(keys) == [(f"greeting-{lesson.slug}-{number}", False, "approved") for number in (1, 2, 3)]
    assert {block.block_type for block in lesson.body} == {"text", "steps", "dialogue", "facts", "note"}


def test_loading_again_changes_nothing(two_courses, author):
    load(author)
    before = Page.objects.count(), Revision.objects.count(), Topic.objects.count(), Question.objects.non_polymorphic().count()
    assert load(author) == (0, 0, 0)
    assert before == (Page.objects.count(), Revision.objects.count(), Topic.objects.count(), Question.objects.non_polymorphic().count())


def test_every_content_file_reads_as_a_course():
    files = courses._files("courses")
    assert len(files) == 14
    assert [one["track"] for one in files].count("service") == 10
    for file in each(files):
        for lesson in each(file["lessons"]):
            assert len(courses._body(lesson["zh"]["blocks"])) == len(courses._body(lesson["en"]["blocks"])) >= 5
            assert len(lesson["check"]) == 3
