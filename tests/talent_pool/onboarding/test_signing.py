"""Signing tasks off, and taking back what was signed by mistake."""

from datetime import timedelta

import pytest

from courses.observations.models import Observation
from lms.audit.models import Event
from lms.common.integrity import findings
from lms.common.shown import ChangedMeanwhile, Shown
from lms.common.states import WrongHands, WrongState
from lms.people.actions import become_staff
from talent_pool.onboarding.actions.books import close_task_book, hand_on
from talent_pool.onboarding.actions.naming import end_mentor
from talent_pool.onboarding.actions.signing import CannotSign, correct_sign_off, sign_off
from talent_pool.onboarding.models import TaskBook
from talent_pool.onboarding.queries.books import standing_of, standings_of
from tests.factories import (
    BEGINS,
    OPENED_AT,
    hr_of,
    leave_now,
    make_employee,
    make_mentor,
    make_newcomer,
    make_task_book,
    on_day,
    sign,
    sign_all_alone,
    tasks_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def book():
    return make_task_book()


def broken():
    return [rule.name for rule, _culprit in findings() if rule.name.startswith(("onboarding.", "observations."))]


def test_a_sign_off_is_an_observation_of_the_mentor(book):
    row = sign(book, 1, 2, day=3, note="工单少一项")
    assert (row.subject, row.observer, row.checklist, row.note) == (book.newcomer, book.mentor.user, book.checklist, "工单少一项")
    assert [(item.item, item.value) for item in row.items.all()] == [(tasks_of(book)[1], 2)]
    event = Event.objects.get(verb="task_book.signed")
    assert (event.about, event.after["step"]) == (book.newcomer_id, 2)


def test_a_task_is_alone_once_it_was_signed_so_often_enough(book):
    sign(book, 1, 1)
    sign(book, 1, 3, day=4)
    assert standing_of(book, on_day(9)).alone == 0
    sign(book, 1, 3, day=6)
    _first, (_item, task), _third = standing_of(book, on_day(9)).rows
    assert task.alone_on == BEGINS + timedelta(days=6)


def test_the_day_on_which_all_is_alone_is_kept(book):
    book = sign_all_alone(book, day=20)
    assert (book.alone_on, book.days_until_alone) == (BEGINS + timedelta(days=20), 20)
    assert not broken()


def test_a_day_is_that_of_the_dealer(book):
    late = OPENED_AT.replace(hour=23, minute=30) + timedelta(days=3)  # 15:30 of the same day in Greenwich
    sign_off(book=book, item=tasks_of(book)[0], step=3, by=book.mentor.user, at=late)
    assert standing_of(book, late).rows[0][1].alone_on == BEGINS + timedelta(days=3)


# -- whose hands ---------------------------------------------------------------------------------------------------------------


def refused(book, by, at=None):
    with pytest.raises(WrongHands, match="signed off by the mentor"):
        sign_off(book=book, item=tasks_of(book)[0], step=3, by=by, at=at or on_day(2))


def test_nobody_but_the_mentor_of_the_book_signs(book):
    for by in (make_mentor().employee, book.newcomer, make_employee("service_supervisor"), make_employee("hr_officer")):
        refused(book, by.user)


def test_a_newcomer_who_is_a_mentor_too_signs_nothing_of_their_own():
    new = make_mentor().employee
    refused(make_task_book(newcomer=new), new.user)


def test_whose_appointment_has_ended_signs_no_more(book):
    end_mentor(mentor=book.mentor.mentorships.get(), reason="调岗", by=hr_of(book.dealer), at=OPENED_AT)
    refused(book, type(book.mentor.user).objects.get(pk=book.mentor.user_id))


def test_who_left_signs_no_more(book):
    leave_now(book.mentor, OPENED_AT.date())
    refused(book, book.mentor.user)


def test_after_a_book_was_handed_on_only_the_new_mentor_signs(book):
    before, other = book.mentor, make_mentor()
    book = hand_on(book=book, mentor=other, reason="请假", by=hr_of(book.dealer), at=OPENED_AT)
    refused(book, before.user)
    assert sign(book).observer == other.employee.user


# -- the right moment ----------------------------------------------------------------------------------------------------------------


def test_nothing_is_signed_before_the_first_day_nor_after_the_end(book):
    with pytest.raises(CannotSign, match="begins on 8 Oct 2026"):
        sign(book, day=-1)
    close_task_book(book=book, reason="转岗", by=hr_of(book.dealer), at=OPENED_AT)
    with pytest.raises(WrongState, match="was closed"):
        sign(book)


def test_nothing_is_signed_of_who_has_left(book):
    leave_now(book.newcomer, OPENED_AT.date())
    with pytest.raises(CannotSign, match="has left"):
        sign(book)


def test_what_is_alone_needs_no_more_sign_offs(book):
    sign(book)
    with pytest.raises(CannotSign, match="done alone already"):
        sign(book)


def test_a_task_of_another_book_is_refused(book):
    other = make_task_book()
    with pytest.raises(CannotSign, match="not in the task book"):
        sign_off(book=book, item=tasks_of(other)[0], step=1, by=book.mentor.user, at=on_day(1))


def test_two_taps_are_one_sign_off(book):
    """The second is of the page that the first was made on."""
    item = tasks_of(book)[1]
    values = {"book": book, "item": item, "step": 3, "by": book.mentor.user, "at": on_day(1), "shown": Shown({f"signs_{item.pk}": [0, ""]})}
    sign_off(**values)
    with pytest.raises(ChangedMeanwhile, match="1 alone"):
        sign_off(**values)
    assert Observation.objects.count() == 1


# -- taking back ------------------------------------------------------------------------------------------------------------------------


def test_a_sign_off_made_by_mistake_counts_no_more_and_stays_on_record(book):
    row = sign(book)
    correct_sign_off(book=book, observation=row, reason="点错人", by=book.mentor.user, at=on_day(2))
    assert standing_of(book, on_day(2)).alone == 0
    assert Observation.objects.count() == 2
    event = Event.objects.get(verb="task_book.corrected")
    assert (event.before["step"], event.after["reason"]) == (3, "点错人")
    assert sign(book)


def test_with_it_the_day_on_which_all_was_alone_goes(book):
    book = sign_all_alone(book)
    row = Observation.objects.filter(reference=str(book.pk)).last()
    correct_sign_off(book=book, observation=row, reason="点错人", by=make_employee("service_supervisor").user, at=on_day(21))
    assert TaskBook.objects.get().alone_on is None
    assert not broken()


def test_nobody_takes_back_what_was_signed_of_themselves(book):
    with pytest.raises(WrongHands, match="never one's own"):
        correct_sign_off(book=book, observation=sign(book), reason="不对", by=book.newcomer.user, at=on_day(2))


def test_a_sign_off_of_another_book_is_not_taken_back_here(book):
    row = sign(make_task_book())
    with pytest.raises(Observation.DoesNotExist):
        correct_sign_off(book=book, observation=row, reason="不对", by=book.mentor.user, at=on_day(2))


# -- becoming staff ------------------------------------------------------------------------------------------------------------------------


def test_who_becomes_staff_keeps_the_book():
    book = make_task_book(newcomer=make_newcomer())
    sign(book)
    become_staff(employee=book.newcomer, number="T90001", by=hr_of(book.dealer), at=on_day(30))
    sign(book, 2, day=31)
    assert TaskBook.objects.get().newcomer.is_staff
    assert standing_of(book, on_day(32)).alone == 2


def test_a_list_of_books_takes_two_statements(django_assert_num_queries):
    books = [make_task_book(mentor=make_mentor(most_at_once=9)) for _number in range(4)]
    for one in books:
        sign(one)
    books = list(TaskBook.objects.select_related("dealer", "checklist"))
    with django_assert_num_queries(2):
        assert [standing.alone for standing in standings_of(books, on_day(5)).values()] == [1] * 4
