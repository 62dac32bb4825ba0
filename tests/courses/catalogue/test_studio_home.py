"""The first page of the course studio says what there is to do, in the author's language."""

import pytest
from django.urls import reverse

from assessments.questions.models import Question
from tests.factories import make_bank, make_course, make_employee, make_lesson

pytestmark = pytest.mark.django_db
HOME = reverse("wagtailadmin_home")


@pytest.fixture
def author(sign_in):
    return sign_in(make_employee("course_author"))


def home(client, language="en"):
    return client.get(HOME, headers={"accept-language": language}).content.decode()


def test_with_nothing_to_do_it_says_so_in_chinese_too(author):
    assert "Everything that was written is published." in home(author)
    page = home(author, "zh-hans")
    assert "已写好的内容均已发布。" in page
    assert "搜索全部页面…" in page
    assert "Search all pages" not in page


def test_a_draft_and_what_was_changed_since_lead_to_their_forms(author):
    draft, changed, done = (make_course(title=title) for title in ("草稿课", "改过的课", "发布的课"))
    draft.unpublish()
    changed.title = "改过的课 二"
    changed.save_revision()
    page = home(author)
    assert reverse("wagtailadmin_pages:edit", args=[draft.pk]) in page
    assert reverse("wagtailadmin_pages:edit", args=[changed.pk]) in page
    assert "changed since it was published" in page
    assert reverse("wagtailadmin_pages:edit", args=[done.pk]) not in page


def test_questions_in_review_stand_there_with_their_state(author):
    make_bank()
    question = Question.objects.first()
    assert question.stem_zh not in home(author, "zh-hans")
    Question.objects.non_polymorphic().filter(pk=question.pk).update(status="in_review")
    page = home(author, "zh-hans")
    assert question.stem_zh in page
    assert "审核中" in page


def test_a_lesson_whose_check_lost_its_question_is_named(author):
    make_bank()
    question = Question.objects.first()
    lesson = make_lesson(make_course(), "greeting", questions=[question])
    assert "Every lesson check finds its questions." in home(author)
    Question.objects.non_polymorphic().filter(pk=question.pk).update(status="retired")
    page = home(author)
    assert lesson.title in page
    assert "1 question is not approved" in page
