from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import Error, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from assessments.questions.actions import freeze_versions
from assessments.questions.models import Question, QuestionVersion
from lms.demo.questions import load_questions
from tests.each import each
from tests.factories.assessments import make_bank, make_question

pytestmark = pytest.mark.django_db


def test_a_question_is_frozen_as_it_reads_and_the_version_is_used_again():
    question = make_question("number")
    first = freeze_versions([question], by=None)[question.pk]
    again = freeze_versions([question], by=None)[question.pk]
    assert first == again
    assert first.content == question.content
    assert first.content["key"] == "3.2"
    assert Question.objects.get(pk=question.pk).current == first


def test_an_edited_question_gets_a_new_version_and_the_old_one_stays():
    question = make_question()
    first = freeze_versions([question], by=None)[question.pk]
    question.stem_zh = "改过的题干？"
    question.save()
    second = freeze_versions([question.pk], by=None)[question.pk]
    assert (first.number, second.number) == (1, 2)
    assert QuestionVersion.objects.get(pk=first.pk).content["stem"]["zh"] != "改过的题干？"
    assert second.content["stem"]["zh"] == "改过的题干？"


def test_the_statements_do_not_grow_with_the_number_of_questions():
    def cost(questions):
        with CaptureQueriesContext(
            connection,
        ) as frozen:
            freeze_versions(questions, by=None)
        with CaptureQueriesContext(connection) as reused:
            freeze_versions(questions, by=None)
        return len(frozen), len(reused)

    few, many = cost(make_bank(1)), cost(make_bank(25))
    assert few == many
    assert many[0] <= 22


def test_the_database_refuses_to_change_a_version():
    question = make_question()
    version = freeze_versions([question], by=None)[question.pk]
    with pytest.raises(Error, match="only ever added"), transaction.atomic():
        QuestionVersion.objects.filter(pk=version.pk).update(number=9)


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_two_who_freeze_the_same_questions_at_once_share_the_versions():
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    questions = make_bank(5)

    def freeze(_):
        try:
            return {pk: version.pk for pk, version in freeze_versions(questions, by=None).items()}
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(freeze, range(4)))
    assert all(result == results[0] for result in each(results))
    assert QuestionVersion.objects.count() == len(questions)


def test_the_demo_bank_loads_once_approved_and_sound():
    added = load_questions(by=None)
    assert added >= 240
    assert load_questions(by=None) == 0
    bank = list(Question.objects.all())
    assert {question.status for question in bank} == {Question.Status.APPROVED}
    for question in each(bank):
        question.full_clean()
        assert question.content["stem"]["zh"]
        assert question.content["stem"]["en"]
