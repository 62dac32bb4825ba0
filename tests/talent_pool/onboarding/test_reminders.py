from datetime import timedelta

import pytest
from django.utils import translation

from lms.notifications.models import Notice
from lms.notifications.wording import words_of
from talent_pool.onboarding.actions.books import close_task_book
from talent_pool.onboarding.actions.reminders import tell_of_books_behind
from talent_pool.onboarding.notices import closed
from tests.each import each
from tests.factories import hr_of, make_employee, make_task_book, on_day, sign, sign_all_alone

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor():
    return make_employee("service_supervisor")


@pytest.fixture
def book(supervisor):
    return make_task_book(by=supervisor.user)


def told():
    return Notice.objects.filter(kind="task_book_behind")


def test_mentor_and_opener_are_told_the_day_after_a_mark_and_once(book, supervisor):
    assert tell_of_books_behind(at=on_day(30)) == 0
    assert tell_of_books_behind(at=on_day(31)) == 2
    assert tell_of_books_behind(at=on_day(32)) == 0
    assert {notice.recipient.employee for notice in told()} == {book.mentor, supervisor}


def test_the_words_say_how_many_tasks_are_late(book):
    tell_of_books_behind(at=on_day(31))
    subject, body = words_of(told().first())
    assert subject == f"Task book of {book.newcomer.name}: behind day 30"
    assert body.startswith("In “Reception tasks”, 1 task planned by day 30 is not done alone yet.")


def test_each_mark_is_told(book):
    tell_of_books_behind(at=on_day(31))
    tell_of_books_behind(at=on_day(61))
    assert set(told().values_list("key", flat=True)) == {f"{book.pk}:30", f"{book.pk}:60"}


def test_what_keeps_to_its_plan_is_told_to_nobody(book):
    sign(book, 0, day=30)
    assert tell_of_books_behind(at=on_day(31)) == 0


def test_what_was_closed_or_is_all_alone_is_told_to_nobody(book):
    sign_all_alone(make_task_book())
    close_task_book(book=book, reason="转岗", by=hr_of(book.dealer), at=on_day(3))
    assert tell_of_books_behind(at=on_day(31)) == 0


def test_a_mark_that_is_long_past_is_not_made_up_for(book):
    assert tell_of_books_behind(at=on_day(44)) == 2
    told().delete()
    assert tell_of_books_behind(at=on_day(45)) == 0


def test_a_notice_about_a_closed_book_asks_for_nothing(book):
    close_task_book(book=book, reason="转岗", by=hr_of(book.dealer), at=on_day(3))
    assert set(closed({book.pk, make_task_book().pk})) == {book.pk}


def test_opening_and_behind_are_said_in_both_languages(book):
    tell_of_books_behind(at=on_day(31) + timedelta(hours=1))
    for notice in each(Notice.objects.filter(kind__startswith="task_book")):
        with translation.override("zh-hans"):
            subject, body = words_of(notice)
        assert "任务书" in subject
        assert body
