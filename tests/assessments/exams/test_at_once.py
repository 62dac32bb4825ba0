"""What happens to people who press at the same moment: real threads on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from time import perf_counter

import pytest
from django.db import connection, connections

from assessments.answers.integrity import responses_are_chained
from assessments.answers.models import Response
from assessments.exams.actions.attempts import TooLate, start_attempt, submit_attempt
from assessments.exams.actions.saving import save_answer, save_answers
from assessments.exams.models import Attempt, AttemptEvent
from assessments.exams.queries import own_attempts, own_papers
from lms.accounts.models import User
from tests.factories import make_employee
from tests.factories.assessments import CODE, NINE, answers_to, items_of, make_attempt, make_papers, responses, responses_given

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
LATER = NINE + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _on_postgresql(db):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")


def at_once(calls):
    """Runs the calls at the same moment, each on a connection of its own; gives back what they returned or raised."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            connection.ensure_connection()
            barrier.wait(30)
            return call()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def start(paper):
    return start_attempt(paper=paper, access_code=CODE, by=paper.candidate.user, at=NINE)


def test_pressing_start_eight_times_begins_one_attempt():
    paper = make_papers()[0]
    attempts = at_once([lambda: start(paper)] * 8)
    assert {attempt.pk for attempt in attempts} == {Attempt.objects.get().pk}
    assert AttemptEvent.objects.filter(kind=AttemptEvent.Kind.STARTED).count() == 1


def test_handing_in_eight_times_hands_in_and_marks_once():
    attempt = make_attempt()
    by = attempt.paper.candidate.user

    def submit():
        return submit_attempt(attempt=own_attempts(by).get(pk=attempt.pk), by=by, at=LATER)

    results = at_once([submit] * 8)
    assert {result.status for result in results} == {Attempt.Status.MARKED}
    assert AttemptEvent.objects.filter(kind=AttemptEvent.Kind.SUBMITTED).count() == 1


def test_an_answer_acknowledged_while_the_paper_is_handed_in_is_marked():
    for _round in range(12):
        attempt = make_attempt()
        by = attempt.paper.candidate.user
        right = list(responses(attempt.paper).items())

        def save(item, response, attempt=attempt, by=by):
            return save_answer(attempt_id=attempt.pk, item_id=item, sequence=1, response=response, by=by, at=LATER)

        def submit(attempt=attempt, by=by):
            return submit_attempt(attempt=own_attempts(by).get(pk=attempt.pk), by=by, at=LATER)

        calls = [lambda item=item, response=response, save=save: save(item, response) for item, response in right]
        *saved, _submitted = at_once([*calls, submit])
        acknowledged = {item for (item, _response), result in zip(right, saved, strict=True) if not isinstance(result, Exception)}
        assert {type(result) for result in saved if isinstance(result, Exception)} <= {TooLate}, saved
        assert {item for item, one in answers_to(attempt).items() if one.share == 1} == acknowledged
        attempt.refresh_from_db()
        assert attempt.score == 100 * len(acknowledged) / len(right)


def test_two_devices_that_save_one_question_at_once_leave_the_newest():
    attempt = make_attempt()
    item = items_of(attempt.paper)[0].pk
    by = attempt.paper.candidate.user
    calls = [
        lambda n=n: save_answer(attempt_id=attempt.pk, item_id=item, sequence=n, response=str(n), by=by, at=LATER) for n in range(1, 13)
    ]
    results = at_once(calls)
    assert not [result for result in results if isinstance(result, Exception)]
    assert responses_given(attempt) == {item: ["12"]}
    assert list(responses_are_chained()) == []


def test_two_tabs_that_save_all_they_have_at_once_lose_nothing_and_leave_one_chain():
    """Each of many messages in a row from two tabs, to all questions: every one is acknowledged, and the rows follow one another."""
    attempt = make_attempt()
    items, by = [item.pk for item in items_of(attempt.paper)], attempt.paper.candidate.user

    def tab(first):
        def work():
            for step in range(20):
                sequence = first + 2 * step
                answers = [(item, sequence, str(sequence)) for item in items]
                said = save_answers(attempt_id=attempt.pk, answers=answers, by=by, at=LATER)
                assert min(said.sequences.values()) >= sequence

        return work

    results = at_once([tab(1), tab(2)])
    assert not [result for result in results if isinstance(result, Exception)]
    assert responses_given(attempt) == {item: ["40"] for item in items}
    numbers = list(Response.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert list(responses_are_chained()) == []


def test_one_message_that_comes_eight_times_at_once_is_kept_once():
    attempt = make_attempt()
    item, by = items_of(attempt.paper)[0].pk, attempt.paper.candidate.user
    results = at_once([lambda: save_answer(attempt_id=attempt.pk, item_id=item, sequence=5, response="2", by=by, at=LATER)] * 8)
    assert [result.sequences for result in results] == [{item: 5}] * 8
    assert Response.objects.count() == 1
    assert list(responses_are_chained()) == []


def test_a_hundred_press_start_at_once_and_nobody_waits_a_second():
    papers = make_papers([make_employee("technician") for _ in range(100)])

    def start_like_a_request(paper):
        def run():
            begun = perf_counter()
            by = User.objects.select_related("employee__dealer", "employee__position", "employee__group").get(pk=paper.candidate.user_id)
            attempt = start_attempt(paper=own_papers(by).get(pk=paper.pk), access_code=CODE, by=by, at=NINE)
            return attempt.pk, perf_counter() - begun

        return run

    results = []
    for first in range(0, 100, 25):  # as many at a time as the database takes connections for
        results += at_once([start_like_a_request(paper) for paper in papers[first : first + 25]])
    assert not [result for result in results if isinstance(result, Exception)]
    assert Attempt.objects.count() == 100
    assert sorted(seconds for _pk, seconds in results)[94] < 1
