"""A mended key and the fixing of results for signing, at the same moment: one before the other, never between. Real threads on PostgreSQL."""

from datetime import timedelta
from decimal import Decimal
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from assessments.answers.models import Mark
from assessments.exams.actions.attempts import _hand_in
from assessments.exams.actions.marks import mark_unmarked
from assessments.exams.actions.mending import confirm_mends, propose_mends
from assessments.exams.integrity import marks_are_what_the_keys_make, scores_are_what_the_marks_make
from assessments.exams.models import Attempt, KeyMend
from assessments.grading.actions.panels import sign_results
from assessments.grading.actions.results import ratify
from assessments.grading.models import Cycle
from lms.common.states import Refused, WrongState
from tests.assessments.exams.test_mending import AFTER, NINE, hr_of, propose, sat
from tests.assessments.grading.racing import at_once
from tests.each import each
from tests.factories import make_cycle, make_dealer, opens_at, result_of
from tests.factories.assessments import items_of

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROUNDS = 5


@pytest.fixture(autouse=True)
def _on_postgresql(db):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")


def asked_in(cycle):
    """A single choice on the paper of the candidate who had everything wrong: the second answer, which the key calls wrong."""
    failed = cycle.candidacies.order_by("pk").last()
    return next(item.version for item in items_of(result_of(failed).paper) if item.version.content["kind"] == "single")


def sound():
    return [*scores_are_what_the_marks_make(), *marks_are_what_the_keys_make()] == []


def test_a_mend_and_the_fixing_of_results_never_pass_each_other():
    outcomes = set()
    for number in range(ROUNDS):
        cycle = make_cycle("marking", people=2, dealer=make_dealer(f"R{number}"))
        at, version = opens_at(cycle) + timedelta(hours=4), asked_in(cycle)
        question = version.question.get_real_instance()
        values = {"way": "another", "answer": ["2"], "reason": "手册改版。"}
        mends = propose_mends(version=version, **values, by=hr_of(cycle.dealer), at=at)
        second = hr_of(cycle.dealer)
        mended, fixed = at_once(
            lambda mends=mends, second=second, at=at: confirm_mends(mends=mends, by=second, at=at),
            lambda cycle=cycle, at=at: ratify(cycle=Cycle.objects.get(pk=cycle.pk), by=cycle.opened_by, at=at),
        )
        assert not isinstance(fixed, Exception), fixed
        outcomes.add(isinstance(mended, Refused))
        is_mended = KeyMend.objects.filter(pk=mends[0].pk, confirmed_at__isnull=False).exists()
        assert is_mended == (not isinstance(mended, Exception)), mended
        # Either way: what the panel is about to sign is what the attempts say.
        for candidacy in each(cycle.candidacies.all()):
            result = result_of(candidacy)
            assert result.score == Attempt.objects.get(paper=result.paper).score
        failed = result_of(cycle.candidacies.order_by("pk").last())
        assert failed.score == (Decimal("25.00") if is_mended else Decimal("0.00"))
        assert sound()
        question.save()  # the bank has the wrong key again, for the next round
    assert outcomes


def while_open(first, second):
    """What `second` gives in a thread of its own that begins while the transaction of `first` is open, and must wait for it."""
    results, done = [], Event()

    def run():
        try:
            results.append(second())
        except Exception as error:
            results.append(error)
        finally:
            done.set()
            connection.close()

    thread = Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        assert not done.wait(2)
    thread.join(30)
    return results[0]


@pytest.mark.parametrize("mend_first", [True, False])
def test_whichever_comes_second_waits_for_the_first(mend_first):
    cycle = make_cycle("marking", people=2)
    at, version = opens_at(cycle) + timedelta(hours=4), asked_in(cycle)
    mends = propose_mends(version=version, way="another", answer=["2"], reason="手册改版。", by=hr_of(cycle.dealer), at=at)
    second = hr_of(cycle.dealer)

    def mend():
        return confirm_mends(mends=mends, by=second, at=at)

    def fix():
        return ratify(cycle=Cycle.objects.get(pk=cycle.pk), by=cycle.opened_by, at=at)

    outcome = while_open(mend, fix) if mend_first else while_open(fix, mend)
    assert isinstance(outcome, Refused) != mend_first, outcome
    failed = result_of(cycle.candidacies.order_by("pk").last())
    assert failed.score == Attempt.objects.get(paper=failed.paper).score == (Decimal("25.00") if mend_first else Decimal("0.00"))
    assert sound()


def test_a_mend_and_a_signature_never_pass_each_other():
    for number in range(ROUNDS):
        cycle = make_cycle("marking", people=2, dealer=make_dealer(f"R{number}"))
        at, version = opens_at(cycle) + timedelta(hours=4), asked_in(cycle)
        mends = propose_mends(version=version, way="everyone", answer=None, reason="题目有误。", by=hr_of(cycle.dealer), at=at)
        second = hr_of(cycle.dealer)
        ratify(cycle=cycle, by=cycle.opened_by, at=at)
        member = cycle.panel.select_related("examiner__user", "cycle").first()
        before = Mark.objects.count()
        mended, signed = at_once(
            lambda mends=mends, second=second, at=at: confirm_mends(mends=mends, by=second, at=at),
            lambda member=member, at=at: sign_results(member=member, by=member.examiner.user, at=at),
        )
        assert isinstance(mended, Refused)
        assert not isinstance(signed, Exception), signed
        assert Mark.objects.count() == before


def test_of_two_who_confirm_one_does():
    version, papers = sat([["1"], ["2"]])
    dealer = papers[0].sitting.dealer
    mends = propose(version, by=hr_of(dealer))
    people = [hr_of(dealer) for _n in range(4)]
    results = at_once(*[lambda by=by: confirm_mends(mends=list(mends), by=by, at=AFTER) for by in people])
    assert sum(not isinstance(result, Exception) for result in results) == 1
    assert not [result for result in results if isinstance(result, Exception) and not isinstance(result, (WrongState, Refused))]
    assert Mark.objects.filter(response__version=version).count() == 4
    assert sound()


def test_what_is_being_marked_at_that_moment_ends_by_the_mended_key():
    for _round in range(ROUNDS):
        version, papers = sat([["1"], ["2"]] * 3, submit=False)
        _hand_in([paper.attempt for paper in papers], None, NINE + timedelta(minutes=30), by_clock=True)
        mends = propose(version, by=hr_of(papers[0].sitting.dealer))
        second = hr_of(papers[0].sitting.dealer)
        at_once(lambda mends=mends, by=second: confirm_mends(mends=mends, by=by, at=AFTER), lambda: mark_unmarked(at=AFTER))
        mark_unmarked(at=AFTER)
        found = Attempt.objects.filter(paper__in=papers).order_by("paper").values_list("score", flat=True)
        assert list(found) == [Decimal("50.00"), Decimal("100.00")] * 3
        assert sound()


def test_two_proposals_of_one_question_at_once_are_one():
    version, papers = sat([["1"], ["2"]])
    dealer = papers[0].sitting.dealer
    people = [hr_of(dealer) for _n in range(4)]
    results = at_once(*[lambda by=by: propose(version, by=by) for by in people])
    assert sum(not isinstance(result, Exception) for result in results) == 1, results
    assert KeyMend.objects.count() == 1
