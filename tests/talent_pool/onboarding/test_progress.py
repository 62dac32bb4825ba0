from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.observations.choices import Step
from talent_pool.onboarding.progress import DAYS, Sign, Task, all_alone_on, marks_of, median_days
from tests.each import each

FIRST = date(2026, 9, 1)


def on(days):
    return FIRST + timedelta(days=days)


def task(*signs, wanted=1, expected_by=30, item=1):
    """`signs` are (step, day after the first)."""
    return Task(item, wanted, expected_by, tuple(Sign(step, on(days)) for step, days in signs))


SIGNS = st.lists(st.tuples(st.sampled_from([1, 2, 3]), st.integers(0, 200)), max_size=8).map(
    lambda signs: sorted(signs, key=lambda sign: sign[1])
)
TASKS = st.lists(
    st.builds(lambda signs, wanted, by: task(*signs, wanted=wanted, expected_by=by), SIGNS, st.integers(1, 3), st.sampled_from(DAYS)),
    min_size=1,
    max_size=12,
)


def test_a_task_is_alone_once_it_was_so_often_enough():
    assert task((1, 2), (2, 5), (3, 8), (3, 9), wanted=2).alone_on == on(9)
    assert task((3, 8), wanted=2).alone_on is None


def test_only_what_was_done_alone_counts_towards_alone():
    assert not task((1, 1), (1, 2), (2, 3), (2, 4), wanted=2).is_alone


def test_the_step_is_the_furthest_one():
    assert task((2, 1), (1, 2)).step == Step.HELPED
    assert task().step == 0


def test_steps_are_counted_each():
    assert task((1, 1), (2, 2), (2, 3)).counts == {Step.WATCHED: 1, Step.HELPED: 2, Step.ALONE: 0}


def test_a_mark_compares_what_is_alone_by_its_day_with_the_plan():
    tasks = [task((3, 10)), task(), task((3, 40), expected_by=60), task(expected_by=90)]
    day_30, day_60, day_90 = marks_of(tasks, FIRST, on(70))
    assert [(mark.planned_share, mark.share, mark.late, mark.is_behind) for mark in (day_30, day_60)] == [
        (50, 25, 1, True),
        (75, 50, 1, True),
    ]
    assert (day_90.planned_share, day_90.share, day_90.is_past, day_90.is_behind) == (100, 50, False, False)


@pytest.mark.parametrize(("days", "is_past"), [(29, False), (30, False), (31, True)])
def test_a_mark_lies_behind_from_the_day_after_it(days, is_past):
    mark, *_others = marks_of([task()], FIRST, on(days))
    assert (mark.is_past, mark.is_behind) == (is_past, is_past)


@pytest.mark.parametrize(("days", "alone"), [(30, 1), (31, 0)])
def test_what_is_done_alone_on_the_day_itself_is_in_time(days, alone):
    mark, *_others = marks_of([task((3, days))], FIRST, on(35))
    assert mark.alone == alone


def test_what_was_late_and_is_done_now_is_behind_no_more():
    mark, *_others = marks_of([task((3, 33))], FIRST, on(35))
    assert (mark.alone, mark.late, mark.is_behind, mark.is_met) == (0, 0, False, False)


def test_a_mark_is_met_by_what_was_planned_and_not_by_something_else():
    """Two of three are alone, as planned, but one of them was to come later."""
    tasks = [task((3, 10)), task(), task((3, 12), expected_by=90)]
    day_30, *_others = marks_of([tasks[0], task((3, 20)), tasks[2]], FIRST, on(31))
    assert day_30.is_met
    day_30, *_others = marks_of(tasks, FIRST, on(31))
    assert (day_30.share, day_30.planned_share, day_30.is_met, day_30.is_behind) == (66, 66, False, True)


def test_a_book_without_tasks_has_no_marks_and_is_never_all_alone():
    assert marks_of([], FIRST, on(99)) == []
    assert all_alone_on([]) is None


def test_all_is_alone_with_the_last_task():
    assert all_alone_on([task((3, 10)), task((3, 25))]) == on(25)
    assert all_alone_on([task((3, 10)), task()]) is None


def test_the_median_of_days_is_that_of_the_middle():
    assert median_days([(FIRST, on(10)), (FIRST, on(40)), (FIRST, on(12))]) == 12
    assert median_days([(FIRST, on(10)), (FIRST, on(13))]) == 11.5
    assert median_days([]) is None


@given(TASKS, st.integers(0, 250))
def test_shares_only_grow_from_mark_to_mark(tasks, today):
    marks = marks_of(tasks, FIRST, on(today))
    assert [mark.alone for mark in each(marks)] == sorted(mark.alone for mark in marks)
    assert [mark.planned for mark in marks] == sorted(mark.planned for mark in marks)
    assert marks[-1].planned == marks[-1].of


@given(TASKS)
def test_a_book_is_all_alone_just_when_no_task_is_late_after_the_last_mark(tasks):
    marks = marks_of(tasks, FIRST, on(1000))
    assert (all_alone_on(tasks) is None) == (marks[-1].late > 0)


@given(TASKS, SIGNS)
def test_a_further_sign_off_takes_nothing_back(tasks, signs):
    more = [Task(one.item, one.wanted, one.expected_by, (*one.signs, *(Sign(step, on(days)) for step, days in signs))) for one in tasks]
    assert all(after.is_alone or not before.is_alone for before, after in zip(tasks, more, strict=True))
