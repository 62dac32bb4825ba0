from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.answers.models import Response
from assessments.exams.actions.attempts import (
    AttemptOver,
    TooLate,
    note_events,
    start_attempt,
    submit_attempt,
    submit_overdue,
    void_attempt,
)
from assessments.exams.actions.marks import mark_attempt, mark_unmarked, percentage
from assessments.exams.actions.saving import NoSuchAttempt, save_answer, save_answers
from assessments.exams.models import Attempt, AttemptEvent, Sitting
from assessments.exams.queries import theory_scores, unfinished_papers, unmarked_papers
from lms.audit.models import Event
from lms.common.states import Refused, WrongHands, WrongState
from tests.factories import make_employee
from tests.factories.assessments import (
    CODE,
    NINE,
    RIGHT,
    WRONG,
    answers_to,
    items_of,
    make_attempt,
    make_bank,
    make_blueprint,
    make_papers,
    make_sitting,
    make_topic,
    responses,
    responses_given,
)

pytestmark = pytest.mark.django_db
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def save(attempt, item, response, *, sequence=1, at=NINE + MINUTE, by=None):
    by = by or attempt.paper.candidate.user
    return save_answer(attempt_id=attempt.pk, item_id=item, sequence=sequence, response=response, by=by, at=at)


def answer_all(attempt, table=RIGHT, at=NINE + MINUTE):
    answers = [(item, 1, response) for item, response in responses(attempt.paper, table).items()]
    return save_answers(attempt_id=attempt.pk, answers=answers, by=attempt.paper.candidate.user, at=at)


def submit(attempt, at=NINE + 30 * MINUTE):
    return submit_attempt(attempt=attempt, by=attempt.paper.candidate.user, at=at)


# -- to begin


def test_the_clock_ends_after_the_minutes_allowed_and_the_extra_time():
    paper = make_papers()[0]
    paper.extra_minutes = 10
    assert make_attempt(paper, at=NINE + MINUTE).ends_at == NINE + 71 * MINUTE


def test_who_begins_late_has_until_the_closing():
    assert make_attempt(at=NINE + 100 * MINUTE).ends_at == NINE + 120 * MINUTE


@pytest.mark.parametrize(("at", "word"), [(NINE - SECOND, "opens"), (NINE + 120 * MINUTE, "closed")])
def test_outside_the_window_nobody_begins(at, word):
    paper = make_papers()[0]
    with translation.override("en"), pytest.raises(match=word):
        make_attempt(paper, at=at)


@pytest.mark.parametrize("code", ["", None, "7K2P9", "7K2P9N", "000000"])
def test_a_wrong_access_code_is_refused(code):
    paper = make_papers()[0]
    with pytest.raises(Refused):
        start_attempt(paper=paper, access_code=code, by=paper.candidate.user, at=NINE)
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("typed", [f" {CODE.lower()} ", f"\u200b{CODE}", CODE.replace("7", "７")])
def test_the_code_may_be_typed_small_wide_and_with_spaces_around(typed):
    paper = make_papers()[0]
    assert start_attempt(paper=paper, access_code=typed, by=paper.candidate.user, at=NINE).pk


def guess(paper, code, at):
    """Whether the door opens, and what it says where it does not."""
    try:
        start_attempt(paper=paper, access_code=code, by=paper.candidate.user, at=at)
    except Refused as refusal:
        return str(refusal)
    return "open"


def test_a_wrong_code_is_on_record_without_the_code():
    paper = make_papers()[0]
    guess(paper, "GUESS1", NINE)
    event = Event.objects.get(verb="paper.wrong_code")
    assert (event.actor, event.target_id, event.at) == (paper.candidate.user, str(paper.pk), NINE)
    assert "GUESS1" not in f"{event.before}{event.after}{event.target_label}"


def test_whoever_guesses_the_code_must_wait_even_with_the_right_one():
    paper = make_papers()[0]
    with translation.override("en"):
        answers = [guess(paper, f"GUESS{number}", NINE + number * SECOND) for number in range(5)]
        assert all("not the access code" in answer for answer in answers)
        assert "wait two minutes" in guess(paper, CODE, NINE + 5 * SECOND)
    assert Event.objects.filter(verb="paper.wrong_code").count() == 5
    assert not Attempt.objects.exists()


def test_after_two_minutes_the_right_code_opens_again():
    paper = make_papers()[0]
    for number in range(5):
        guess(paper, f"GUESS{number}", NINE + number * SECOND)
    assert guess(paper, CODE, NINE + 2 * MINUTE) != "open"
    assert guess(paper, CODE, NINE + 2 * MINUTE + SECOND) == "open"


def test_one_candidates_guesses_keep_nobody_else_outside():
    first, second = make_papers([make_employee("technician"), make_employee("technician")])
    for _number in range(6):
        guess(first, "GUESS1", NINE)
    assert guess(second, CODE, NINE) == "open"


def test_nobody_begins_the_paper_of_someone_else():
    paper = make_papers()[0]
    with pytest.raises(Refused):
        start_attempt(paper=paper, access_code=CODE, by=make_employee("technician").user, at=NINE)


def test_coming_back_gives_the_same_attempt_without_a_code_and_is_logged():
    attempt = make_attempt()
    again = start_attempt(paper=attempt.paper, access_code="", by=attempt.paper.candidate.user, at=NINE + 5 * MINUTE)
    assert (again.pk, again.ends_at) == (attempt.pk, attempt.ends_at)
    assert list(attempt.events.values_list("kind", flat=True)) == ["started", "resumed"]


# -- to save


def test_an_answer_is_kept_and_acknowledged_with_its_time_and_the_end():
    attempt = make_attempt()
    item = items_of(attempt.paper)[0].pk
    saved = save(attempt, item, "2", sequence=5)
    assert (saved.saved_at, saved.ends_at, saved.sequences) == (NINE + MINUTE, attempt.ends_at, {item: 5})
    answer = Response.objects.get()
    assert (answer.response, answer.sequence, answer.saved_at) == (["2"], 5, NINE + MINUTE)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(order=st.permutations(list(range(1, 7))))
def test_in_whatever_order_messages_arrive_the_newest_stands(attempt_and_item, order):
    """Once more for each order, above what was there before; what came twice stands once."""
    attempt, item = attempt_and_item
    before = answers_to(attempt)[item].sequence if answers_to(attempt) else 0
    rows = Response.objects.count()
    for sequence in order:
        save(attempt, item, f"{sequence}", sequence=before + sequence)
        save(attempt, item, f"{sequence}", sequence=before + sequence)  # a repeated message
    answer = answers_to(attempt)[item]
    assert (answer.response, answer.sequence) == (["6"], before + 6)
    risen = [place for place, sequence in enumerate(order) if sequence == max(order[: place + 1])]
    assert Response.objects.count() == rows + len(risen), "what was overtaken before it came is not written"


@pytest.fixture
def attempt_and_item():
    attempt = make_attempt()
    return attempt, items_of(attempt.paper)[0].pk


def test_another_answer_of_the_same_sequence_is_neither_kept_nor_acknowledged():
    """Two devices in the same millisecond: the second hears that its answer is not the one that stands."""
    attempt = make_attempt()
    item, other = [one.pk for one in items_of(attempt.paper)][:2]
    save(attempt, item, "1", sequence=7)
    with pytest.raises(Refused, match="另一"):
        save(attempt, item, "2", sequence=7)
    both, by = [(other, 8, "2"), (item, 7, "3")], attempt.paper.candidate.user
    with pytest.raises(Refused, match="另一"):
        save_answers(attempt_id=attempt.pk, answers=both, by=by, at=NINE + MINUTE)
    assert responses_given(attempt) == {item: ["1"], other: ["2"]}
    assert save(attempt, item, "1", sequence=7).sequences == {item: 7}, "the same message again is fine"
    assert save(attempt, item, "2", sequence=8).sequences == {item: 8}
    with pytest.raises(Refused):
        save_answers(attempt_id=attempt.pk, answers=[(item, 9, "1"), (item, 9, "2")], by=by, at=NINE + MINUTE)
    assert responses_given(attempt)[item] == ["2"]


def test_another_answer_of_the_same_sequence_after_the_end_is_too_late():
    attempt = make_attempt()
    item = items_of(attempt.paper)[0].pk
    save(attempt, item, "1", sequence=7)
    submit(attempt)
    with pytest.raises(TooLate):
        save(attempt, item, "2", sequence=7, at=NINE + 31 * MINUTE)


def test_an_overtaken_message_is_acknowledged_with_what_stands():
    attempt = make_attempt()
    item = items_of(attempt.paper)[0].pk
    save(attempt, item, "2", sequence=9)
    assert save(attempt, item, "1", sequence=3).sequences == {item: 9}


def test_what_was_kept_offline_comes_in_one_message_and_of_one_question_the_newest_counts():
    attempt = make_attempt()
    one, two = [item.pk for item in items_of(attempt.paper)[:2]]
    answers = [(one, 4, "x"), (two, 5, True), (one, 6, "y"), (one, 5, "z")]
    saved = save_answers(attempt_id=attempt.pk, answers=answers, by=attempt.paper.candidate.user, at=NINE + MINUTE)
    assert saved.sequences == {one: 6, two: 5}
    assert responses_given(attempt) == {one: ["y"], two: ["true"]}


@pytest.mark.parametrize("blank", [None, "", "  ", []])
def test_a_question_can_be_left_open_again(blank):
    attempt = make_attempt()
    item = items_of(attempt.paper)[0].pk
    save(attempt, item, "2")
    save(attempt, item, blank, sequence=2)
    assert responses_given(attempt) == {item: None}


def test_what_was_under_way_at_the_end_is_kept_and_what_comes_after_the_grace_is_not():
    attempt = make_attempt()
    one, two = [item.pk for item in items_of(attempt.paper)[:2]]
    save(attempt, one, "1", at=attempt.ends_at + 20 * SECOND)
    with pytest.raises(TooLate):
        save(attempt, two, "1", at=attempt.ends_at + 21 * SECOND)
    assert list(responses_given(attempt)) == [one]


def test_after_handing_in_nothing_is_kept_but_a_repeated_message_is_acknowledged():
    attempt = make_attempt()
    item = items_of(attempt.paper)[0].pk
    save(attempt, item, "1")
    submit(attempt)
    assert save(attempt, item, "1", at=NINE + 31 * MINUTE).sequences == {item: 1}
    with pytest.raises(TooLate):
        save(attempt, item, "2", sequence=2, at=NINE + 31 * MINUTE)
    assert responses_given(attempt) == {item: ["1"]}


def test_nobody_writes_into_the_attempt_of_someone_else_nor_answers_a_question_of_another_paper():
    first, second = make_papers([make_employee("technician"), make_employee("technician")])
    attempt, other = make_attempt(first), make_attempt(second)
    item, foreign = items_of(first)[0].pk, items_of(second)[0].pk
    with pytest.raises(NoSuchAttempt):
        save(attempt, item, "1", by=other.paper.candidate.user)
    with pytest.raises(Refused):
        save(attempt, foreign, "1")
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    ("item", "sequence", "response"),
    [
        ("1", 1, "1"),
        (None, 1, "1"),
        (True, 1, "1"),
        (1, "1", "1"),
        (1, 0, "1"),
        (1, 2**63, "1"),
        (1, 1.5, "1"),
        (1, 1, "x" * 2001),
        (1, 1, "a\0b"),
        (1, 1, {"a": 1}),
        (1, 1, [["1"]]),
    ],
)
def test_a_message_that_makes_no_sense_is_refused(item, sequence, response):
    attempt = make_attempt()
    with pytest.raises(Refused):
        save_answers(attempt_id=attempt.pk, answers=[(item, sequence, response)], by=attempt.paper.candidate.user, at=NINE)


def test_an_empty_message_and_one_of_too_many_answers_are_refused():
    attempt = make_attempt()
    for answers in ([], [(number, 1, "1") for number in range(1, 400)]):
        with pytest.raises(Refused):
            save_answers(attempt_id=attempt.pk, answers=answers, by=attempt.paper.candidate.user, at=NINE)


def test_saving_is_one_statement():
    attempt = make_attempt()
    by = attempt.paper.candidate.user
    assert by.employee
    with CaptureQueriesContext(connection) as queries:
        save(attempt, items_of(attempt.paper)[0].pk, "1", by=by)
    assert len(queries) == 2  # one of them reads the items for this test


def test_what_is_no_number_is_kept_and_said_while_it_can_be_mended():
    attempt = make_attempt()
    item = next(item.pk for item in items_of(attempt.paper) if item.version.content["kind"] == "number")
    with translation.override("en"):
        assert "no number" in save(attempt, item, "abc").notes[item]
        assert responses_given(attempt) == {item: ["abc"]}
        assert "no number" in save(attempt, item, "abc").notes[item], "a repeated message is told too"
    assert save(attempt, item, "3.2", sequence=2).notes == {}


# -- to hand in


def test_all_right_is_a_hundred_and_all_wrong_is_nothing():
    first, second = make_papers([make_employee("technician"), make_employee("technician")])
    attempt, other = make_attempt(first), make_attempt(second)
    answer_all(attempt)
    answer_all(other, WRONG)
    assert submit(attempt).score == 100
    assert submit(other).score == 0


def test_points_weigh_and_an_unanswered_question_earns_nothing():
    topic = make_topic()
    paper = make_papers(blueprint=make_blueprint([(topic, 1, "single", 1, 2), (topic, 1, "number", 1, 4)]))[0]
    attempt = make_attempt(paper)
    single = next(item for item in items_of(paper) if item.version.content["kind"] == "single")
    save(attempt, single.pk, "1")
    assert submit(attempt).score == Decimal("33.33")
    assert answers_to(attempt)[single.pk].share == 1


@pytest.mark.parametrize(
    ("reached", "total", "score"), [(1, 3, "33.33"), (2, 3, "66.67"), (Decimal("61.675"), 100, "61.68"), (0, 7, "0"), (0, 0, "0")]
)
def test_a_score_is_rounded_half_up_to_two_digits(reached, total, score):
    assert percentage(reached, total) == Decimal(score)


def test_handing_in_twice_is_handing_in_once():
    attempt = make_attempt()
    first = submit(attempt)
    again = submit(attempt, at=NINE + 40 * MINUTE)
    assert again.submitted_at == first.submitted_at == NINE + 30 * MINUTE
    assert attempt.events.filter(kind=AttemptEvent.Kind.SUBMITTED).count() == 1


def test_a_press_after_the_end_counts_as_the_clock_s():
    attempt = make_attempt()
    assert submit(attempt, at=attempt.ends_at + 5 * SECOND).by_clock


def test_nobody_hands_in_for_someone_else():
    with pytest.raises(WrongHands, match="别人"):
        submit_attempt(attempt=make_attempt(), by=make_employee("technician").user, at=NINE)


def test_time_s_end_hands_in_and_marks_whoever_is_left_after_the_grace():
    first, second = make_papers([make_employee("technician"), make_employee("technician")])
    early, late = make_attempt(first), make_attempt(second, at=NINE + 30 * MINUTE)
    answer_all(early)
    assert submit_overdue(at=early.ends_at + 20 * SECOND) == 0
    assert submit_overdue(at=early.ends_at + 21 * SECOND) == 1
    assert submit_overdue(at=early.ends_at + 21 * SECOND) == 0
    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.status, early.by_clock, early.score) == (Attempt.Status.MARKED, True, 100)
    assert late.status == Attempt.Status.IN_PROGRESS


def test_what_a_failure_left_unmarked_is_marked_by_the_sweep():
    attempt = make_attempt()
    answer_all(attempt)
    Attempt.objects.update(status=Attempt.Status.SUBMITTED, submitted_at=NINE)
    assert unmarked_papers([attempt.paper_id]).count() == 1
    assert mark_unmarked(at=NINE) == 1
    assert mark_unmarked(at=NINE) == 0
    assert mark_attempt(attempt=attempt, at=NINE).score == 100


def test_the_statements_of_handing_in_do_not_grow_with_the_questions():
    topic = make_topic()
    make_bank(40)

    def cost(count):
        lines = [(topic, 1, kind, count) for kind in RIGHT]
        attempt = make_attempt(make_papers(sitting=make_sitting(blueprint=make_blueprint(lines)), bank=False)[0])
        answers = [(item, 1, response if number % 2 else "9") for number, (item, response) in enumerate(responses(attempt.paper).items())]
        save_answers(attempt_id=attempt.pk, answers=answers, by=attempt.paper.candidate.user, at=NINE)
        with CaptureQueriesContext(connection) as queries:
            submit(attempt)
        return len(queries)

    assert cost(2) == cost(20) <= 22


# -- to void, and what is told of it


def test_a_voided_attempt_counts_as_not_sat_and_stays_on_record_with_its_reason():
    attempt = make_attempt()
    hr = make_employee("hr_officer").user
    void_attempt(attempt=attempt, reason="两次使用手机。", by=hr, at=NINE + MINUTE)
    assert theory_scores([attempt.paper_id]) == {attempt.paper_id: None}
    with pytest.raises(AttemptOver, match="手机"):
        save(attempt, items_of(attempt.paper)[0].pk, "1")
    with pytest.raises(AttemptOver, match="手机"):
        submit(attempt)
    with pytest.raises(AttemptOver, match="手机"):
        make_attempt(attempt.paper)
    with pytest.raises(WrongState):
        void_attempt(attempt=attempt, reason="x", by=hr, at=NINE + MINUTE)


def test_voiding_asks_for_a_reason_another_person_and_unpublished_results():
    attempt = make_attempt()
    hr = make_employee("hr_officer").user
    with pytest.raises(Refused):
        void_attempt(attempt=attempt, reason="  ", by=hr, at=NINE)
    with pytest.raises(Refused):
        void_attempt(attempt=attempt, reason="x", by=attempt.paper.candidate.user, at=NINE)
    Sitting.objects.update(results_at=NINE)
    with pytest.raises(Refused, match="申诉"):
        void_attempt(attempt=attempt, reason="x", by=hr, at=NINE)
    attempt.refresh_from_db()
    assert attempt.status == Attempt.Status.IN_PROGRESS


def test_the_log_takes_what_the_page_tells_and_only_that():
    attempt = make_attempt()
    note_events(attempt=attempt, kinds=["focus_lost", "reconnected", "submitted", "voided", "nonsense"], at=NINE)
    assert list(attempt.events.values_list("kind", flat=True)) == ["started", "focus_lost", "reconnected"]
    note_events(attempt=attempt, kinds=["focus_lost"] * 600, at=NINE)
    assert attempt.events.count() == 500


def test_scores_and_what_is_unmarked_or_unfinished_are_told_by_paper():
    sat, working, absent = make_papers([make_employee("technician") for _ in range(3)])
    attempt = make_attempt(sat)
    answer_all(attempt)
    submit(attempt)
    make_attempt(working)
    ids = [sat.pk, working.pk, absent.pk]
    assert theory_scores(ids) == {sat.pk: 100, working.pk: None, absent.pk: None}
    assert set(unmarked_papers(ids)) == {working}
    assert set(unfinished_papers(ids, NINE)) == {working, absent}
    assert set(unfinished_papers(ids, NINE + timedelta(days=1))) == {working}
