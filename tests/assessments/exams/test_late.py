"""What a device still held when the time was over: kept and shown, never deleted, and counted by nobody yet (§4)."""

import json

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.exams.actions.attempts import TooLate, submit_attempt
from assessments.exams.actions.late import keep_late_answers, late_answers, late_numbers
from assessments.exams.actions.marks import mark_attempt
from assessments.exams.actions.saving import NoSuchAttempt, save_answers
from assessments.exams.models import Attempt, AttemptEvent, Sitting
from lms.common.states import Refused
from tests.assessments.exams.test_attempts import MINUTE
from tests.factories import make_employee
from tests.factories.assessments import NINE, RIGHT, WRONG, items_of, make_attempt, responses

pytestmark = pytest.mark.django_db
AFTER = NINE + 300 * MINUTE


@pytest.fixture
def over():
    """Handed in by the clock, with everything answered wrong at sequence 5."""
    attempt = make_attempt()
    wrong = [(item, 5, response) for item, response in responses(attempt.paper, WRONG).items()]
    save_answers(attempt_id=attempt.pk, answers=wrong, by=attempt.paper.candidate.user, at=NINE + MINUTE)
    submit_attempt(attempt=attempt, by=None, at=AFTER, by_clock=True)
    return Attempt.objects.get(pk=attempt.pk)


def right(attempt, sequence):
    return [(item, sequence, response) for item, response in responses(attempt.paper, RIGHT).items()]


def keep(attempt, answers, at=AFTER):
    return keep_late_answers(attempt_id=attempt.pk, answers=answers, by=attempt.paper.candidate.user, at=at)


def test_late_answers_are_kept_as_they_were_sent_and_change_no_score(over):
    before = Attempt.objects.values().get(pk=over.pk)
    with pytest.raises(TooLate):
        save_answers(attempt_id=over.pk, answers=right(over, 9), by=over.paper.candidate.user, at=AFTER)
    numbers = keep(over, right(over, 9))
    assert numbers == late_numbers(over) == list(range(1, over.paper.items.count() + 1))
    assert {item: row["response"] for item, row in late_answers(over).items()} == responses(over.paper, RIGHT)
    mark_attempt(attempt=over, at=AFTER)
    assert Attempt.objects.values().get(pk=over.pk) == before


def test_what_counts_already_is_not_late(over):
    assert keep(over, right(over, 5)) == []
    assert not over.events.filter(kind="late").exists()


def test_sent_again_it_is_kept_once_and_what_is_newer_is_added(over):
    keep(over, right(over, 9))
    keep(over, right(over, 9))
    keep(over, right(over, 7))
    assert over.events.filter(kind="late").count() == 1
    item = items_of(over.paper)[0].pk
    keep(over, [(item, 12, ["2"])])
    assert late_answers(over)[item] == {"item": item, "sequence": 12, "response": ["2"]}
    assert over.events.filter(kind="late").count() == 2


@pytest.mark.parametrize("moment", ["sealed_at", "results_at"])
def test_once_results_are_fixed_or_shown_nothing_more_is_taken(over, moment, sign_in):
    """Solutions can be read by then, and the panel signs what there is."""
    first, *others = right(over, 9)
    keep(over, [first])
    Sitting.objects.filter(pk=over.paper.sitting_id).update(**{moment: AFTER})
    assert keep(over, [first]) == late_numbers(over)  # sent again, it is there already
    with pytest.raises(Refused, match=r"nothing more is taken|不再接收"):
        keep(over, others)
    assert list(late_answers(over)) == [first[0]]
    body = [{"item": item, "sequence": sequence, "response": response} for item, sequence, response in others]
    client = sign_in(over.paper.candidate)
    assert client.post(reverse("exam_late", args=[over.pk]), body, content_type="application/json").status_code == 400


def test_the_page_of_an_exam_whose_results_are_fixed_promises_nothing(over, sign_in):
    client, words = sign_in(over.paper.candidate), "这些答案未被接收"
    assert words not in client.get(reverse("exam", args=[over.pk])).text
    Sitting.objects.filter(pk=over.paper.sitting_id).update(sealed_at=AFTER)
    assert words in client.get(reverse("exam", args=[over.pk])).text


def test_while_the_exam_runs_nothing_is_late():
    attempt = make_attempt()
    with pytest.raises(Refused):
        keep(attempt, right(attempt, 1), NINE + MINUTE)
    assert not AttemptEvent.objects.filter(kind="late").exists()


def test_nobody_leaves_late_answers_for_someone_else(over):
    for by in (make_employee().user, None):
        with pytest.raises(NoSuchAttempt):
            keep_late_answers(attempt_id=over.pk, answers=right(over, 9), by=by, at=AFTER)


def test_a_question_of_another_paper_is_left_out(over):
    other = make_attempt()
    assert keep(over, right(other, 9)) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequences=st.lists(st.integers(1, 12), min_size=1, max_size=8))
def test_in_whatever_order_they_come_the_newest_late_answer_stands(over, sequences):
    item = items_of(over.paper)[1].pk
    kept = late_answers(over).get(item, {"sequence": 5})["sequence"]
    for sequence in sequences:
        keep(over, [(item, sequence, [str(sequence)])])
    newest = max([kept, *sequences])
    assert late_answers(over).get(item, {"sequence": 5})["sequence"] == newest


def test_a_log_takes_no_more_than_twenty_of_them(over):
    item = items_of(over.paper)[0].pk
    for sequence in range(10, 40):
        keep(over, [(item, sequence, ["1"])])
    assert over.events.filter(kind="late").count() == 20


def test_by_screen_the_candidate_reads_which_answers_do_not_count(client, over):
    client.force_login(over.paper.candidate.user)
    page, english = reverse("exam", args=[over.pk]), {"accept-language": "en"}
    calm = client.get(page, headers=english)
    assert "Your answers are safe." in calm.text
    assert calm.context["counts"] == {one.pk: [one.number, 5] for one in items_of(over.paper)}
    item = items_of(over.paper)[2]
    body = json.dumps([{"item": item.pk, "sequence": 9, "response": ["x"]}])
    answer = client.post(reverse("exam_late", args=[over.pk]), body, content_type="application/json")
    assert answer.json() == {"numbers": [item.number]}
    told = client.get(page, headers=english).text
    assert f"Your answers to questions {item.number} reached us after the end." in told
    assert "Your answers are safe." not in told


def test_the_invigilator_reads_of_it_in_the_log(client, over):
    keep(over, right(over, 9))
    sitting = over.paper.sitting
    client.force_login(make_employee("hr_officer", dealer=sitting.dealer).user)
    page = client.get(reverse("sitting_paper", args=[over.paper_id]), headers={"accept-language": "en"})
    assert "Sent answers after the end" in page.text
