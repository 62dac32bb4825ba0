"""Marks are added, never changed: the newest mark of the newest answer counts, and a score is what they make."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import Error, IntegrityError, transaction

from assessments.answers.models import Mark
from assessments.answers.queries import given, reached
from assessments.exams.actions.attempts import submit_attempt
from assessments.exams.actions.marks import mark_unmarked
from assessments.exams.actions.saving import save_answers
from assessments.exams.actions.sealing import seal_sittings
from assessments.exams.models import Attempt
from assessments.questions.kinds import registry
from assessments.questions.kinds.single.kind import Single
from tests.factories import make_employee
from tests.factories.assessments import NINE, WRONG, answers_to, items_of, make_attempt, make_blueprint, make_papers, make_topic, responses

pytestmark = pytest.mark.django_db
LATER = NINE + timedelta(minutes=5)


@pytest.fixture
def attempt():
    return make_attempt()


def give(attempt, answers):
    save_answers(attempt_id=attempt.pk, answers=answers, by=attempt.paper.candidate.user, at=LATER)


def submit(attempt):
    return submit_attempt(attempt=attempt, by=attempt.paper.candidate.user, at=LATER)


def mark_by_hand(response, earned, possible):
    said = {"earned": earned, "possible": possible, "reason": "The key was wrong", "marked_at": LATER}
    return Mark.objects.create(response_id=response.id, key_id=items_version(response), marker=make_employee("oem_technical_coach"), **said)


def items_version(response):
    from assessments.answers.models import Response

    return Response.objects.get(pk=response.id).version_id


def test_only_the_newest_answer_is_marked_and_the_rule_and_the_key_are_named(attempt):
    wrong, right = responses(attempt.paper, WRONG), responses(attempt.paper)
    give(attempt, [(item, 1, response) for item, response in wrong.items()])
    give(attempt, [(item, 2, response) for item, response in right.items()])
    assert submit(attempt).score == 100
    assert Mark.objects.count() == 4
    marks = list(Mark.objects.values_list("key", "response__version"))
    assert [key for key, _version in marks] == [version for _key, version in marks]
    assert set(Mark.objects.values_list("rule", flat=True)) == {kind.rule for kind in registry.kinds()}


def test_marking_again_adds_nothing(attempt):
    give(attempt, [(item, 1, response) for item, response in responses(attempt.paper).items()])
    submit(attempt)
    Attempt.objects.filter(pk=attempt.pk).update(status="submitted", score=None)
    assert mark_unmarked(at=LATER) == 1
    attempt.refresh_from_db()
    assert (Mark.objects.count(), attempt.score) == (4, 100)


def test_a_later_mark_counts_and_the_earlier_one_stays(attempt):
    give(attempt, [(item, 1, response) for item, response in responses(attempt.paper, WRONG).items()])
    submit(attempt)
    one = next(iter(answers_to(attempt).values()))
    mark_by_hand(one, 1, 3)
    points = {item.version_id: 3 for item in items_of(attempt.paper)}
    assert reached(given([attempt.sheet_id])[attempt.sheet_id], points) == Fraction(1)
    assert Mark.objects.filter(response=one.id).count() == 2


@pytest.fixture
def essay(monkeypatch):
    """A kind that only a person can mark."""
    monkeypatch.setattr(Single, "mark", lambda kind, content, response: None)


def test_an_attempt_waits_for_the_marks_that_only_a_person_can_give(essay):
    paper = make_papers(blueprint=make_blueprint([(make_topic(), 1, kind, 1, 4) for kind in ("single", "number")]))[0]
    attempt = make_attempt(paper)
    give(attempt, [(item, 1, response) for item, response in responses(paper).items()])
    assert submit(attempt).status == Attempt.Status.SUBMITTED
    assert mark_unmarked(at=LATER) == 0
    assert Mark.objects.count() == 1, "the rule has marked what it can, once"
    (open_one,) = [one for one in answers_to(attempt).values() if one.share is None]
    mark_by_hand(open_one, 7, 8)
    assert mark_unmarked(at=LATER) == 1
    attempt.refresh_from_db()
    assert (attempt.status, str(attempt.score)) == (Attempt.Status.MARKED, "93.75")


@pytest.mark.parametrize("wrong", [{"earned": 3, "possible": 2}, {"possible": 0, "earned": 0}, {"rule": "single-1"}, {"marker": None}])
def test_a_mark_is_a_share_by_a_rule_or_by_a_person(attempt, wrong):
    give(attempt, [(item, 1, response) for item, response in responses(attempt.paper).items()])
    one = next(iter(answers_to(attempt).values()))
    said = {"earned": 1, "possible": 2, "marker": attempt.paper.candidate, "marked_at": LATER, "key_id": items_version(one)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(response_id=one.id, **said | wrong)


def test_no_mark_is_added_while_the_results_are_with_the_panel(attempt):
    give(attempt, [(item, 1, response) for item, response in responses(attempt.paper).items()])
    submit(attempt)
    seal_sittings(sittings=[attempt.paper.sitting_id], at=LATER)
    with pytest.raises(Error, match="fixed for signing"), transaction.atomic():
        mark_by_hand(next(iter(answers_to(attempt).values())), 1, 2)
