"""Task books on Today, in the coming weeks, on a person's page and *My growth*, and before someone goes."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from lms.common.registries import Change
from talent_pool.onboarding.due import books
from talent_pool.onboarding.effects import task_books
from talent_pool.onboarding.feed import marks
from talent_pool.onboarding.models import TaskBook
from talent_pool.onboarding.panels import books as panel
from talent_pool.onboarding.panels import sees_books
from tests.each import each
from tests.factories import (
    BEGINS,
    hr_of,
    leave_now,
    make_dealer,
    make_employee,
    make_mentor,
    make_position,
    make_task_book,
    on_day,
    sign,
    sign_all_alone,
)

pytestmark = pytest.mark.django_db
LATER = on_day(40)


@pytest.fixture
def book():
    return make_task_book()


# -- Today ------------------------------------------------------------------------------------------------------------------------


def test_the_newcomer_finds_the_book_with_its_next_mark(book):
    sign(book)
    (item,) = books(book.newcomer, on_day(5))
    assert item["title"].startswith("My task book")
    assert "1 of 3 tasks" in item["text"]
    assert item["at"].date() == BEGINS + timedelta(days=30)
    assert item["url"] == reverse("task_book", args=[book.pk])


def test_a_mentor_of_one_goes_straight_to_the_book_and_of_several_to_all(book):
    (item,) = books(book.mentor, on_day(5))
    assert (item["title"], item["url"]) == ("1 person learns with you", reverse("task_book", args=[book.pk]))
    make_task_book(mentor=book.mentor.mentorships.get())
    (item,) = books(book.mentor, on_day(5))
    assert (item["title"], item["url"]) == ("2 people learn with you", reverse("mentees"))


def test_a_mentor_reads_which_are_behind(book):
    assert "Sign off" in books(book.mentor, on_day(30))[0]["text"]
    assert "1 task book is behind" in books(book.mentor, on_day(31))[0]["text"]


def test_what_is_done_or_closed_asks_for_nothing(book):
    book = sign_all_alone(book)
    assert books(book.mentor, LATER) == []
    TaskBook.objects.update(closed_at=LATER, closed_by=hr_of(book.dealer))
    assert books(book.newcomer, LATER) == []


@pytest.mark.parametrize("post", ["technician", "service_supervisor"])
def test_whoever_has_none_costs_one_statement(post, django_assert_num_queries):
    person = make_employee(post)
    person.user.get_all_permissions()
    with django_assert_num_queries(1):
        assert books(person, LATER) == []


def test_a_supervisor_finds_who_has_to_be_handed_on(book):
    supervisor = make_employee("service_supervisor")
    assert books(supervisor, on_day(5)) == []
    leave_now(book.mentor, BEGINS)
    (item,) = books(supervisor, on_day(5))
    assert (item["title"], item["url"]) == (f"Hand on the task book of {book.newcomer.name}", reverse("task_book_hand_on", args=[book.pk]))


def test_a_newcomer_who_left_leaves_a_book_to_close(book):
    leave_now(book.newcomer, BEGINS)
    (item,) = books(make_employee("service_manager"), on_day(5))
    assert item["url"] == reverse("task_book_close", args=[book.pk])


def test_hr_is_asked_nothing_on_a_home_that_asks_for_much(book, django_assert_num_queries):
    hr = make_employee("hr_officer")
    hr.user.get_all_permissions()
    leave_now(book.newcomer, BEGINS)
    with django_assert_num_queries(0):
        assert books(hr, on_day(5)) == []


def test_many_are_one_line(book):
    mentor = make_mentor(most_at_once=9)
    for _number in range(4):
        make_task_book(mentor=mentor)
    leave_now(mentor.employee, BEGINS)
    (item,) = books(make_employee("service_supervisor"), on_day(5))
    assert item["title"] == "4 task books to hand on or close"


@pytest.mark.parametrize(("post", "dealer"), [("technician", "YT01"), ("service_supervisor", "YT02")])
def test_nobody_else_has_to_see_to_it(book, post, dealer):
    leave_now(book.mentor, BEGINS)
    assert books(make_employee(post, dealer=make_dealer(dealer)), on_day(5)) == []


def test_a_supervisor_who_mentors_reads_both():
    mentor = make_mentor(position="service_supervisor", most_at_once=3)
    make_task_book(mentor=mentor)
    leave_now(make_task_book().mentor, BEGINS)
    assert [item["action"] for item in books(mentor.employee, on_day(5))] == ["Sign off", "Hand on"]


# -- the coming weeks -----------------------------------------------------------------------------------------------------------------


def test_marks_stand_in_the_coming_weeks_of_both(book):
    start = datetime(2026, 11, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    for person, words in ((book.newcomer, "your task book"), (book.mentor, book.newcomer.name)):
        entries = list(marks(person, start, start + timedelta(days=42)))
        assert [entry.starts_at.date() for entry in entries] == [date(2026, 11, 7), date(2026, 12, 7)]
        assert all(words in entry.title for entry in each(entries))


# -- a person's page, My growth ---------------------------------------------------------------------------------------------------------


def test_ones_own_books_stand_on_my_growth(book, sign_in):
    page = sign_in(book.newcomer.__class__.objects.get(pk=book.newcomer_id))
    assert panel(book.newcomer, book.newcomer.user, LATER)["standings"][0].book == book
    assert page.get(reverse("task_book", args=[book.pk])).status_code == 200


def test_leaders_see_those_of_their_people_and_colleagues_do_not(book):
    assert sees_books(make_employee("service_supervisor").user, book.newcomer)
    assert not sees_books(make_employee("technician").user, book.newcomer)


def test_a_person_without_a_book_has_a_button_for_who_may_open_one_and_else_nothing():
    person = make_employee("technician")
    assert panel(person, make_employee("service_supervisor").user, LATER)["may_open"]
    assert panel(person, person.user, LATER) is None


def test_the_page_of_a_person_shows_the_panel(book, sign_in):
    page = sign_in(make_employee("service_supervisor")).get(reverse("person", args=[book.newcomer_id])).content.decode()
    assert reverse("task_book", args=[book.pk]) in page


# -- before someone goes ------------------------------------------------------------------------------------------------------------------


def effects(change, post="hr_officer"):
    return [(str(one.title), one.url) for one in task_books(change, make_employee(post).user)]


def test_a_departure_names_the_books_to_hand_on_and_to_close(book):
    day = BEGINS + timedelta(days=9)
    hand_on, close = reverse("task_book_hand_on", args=[book.pk]), reverse("task_book_close", args=[book.pk])
    assert [url for _title, url in effects(Change("departure", book.mentor, day))] == [hand_on]
    assert [url for _title, url in effects(Change("departure", book.newcomer, day))] == [close]


def test_leave_of_the_mentor_is_named_and_that_of_the_newcomer_is_not(book):
    days = (BEGINS, BEGINS + timedelta(days=9))
    assert len(effects(Change("leave", book.mentor, *days))) == 1
    assert effects(Change("leave", book.newcomer, *days)) == []


@pytest.mark.parametrize(("dealer", "count"), [("YT01", 0), ("YT02", 1)])
def test_a_move_is_named_where_it_leads_to_another_dealer(book, dealer, count):
    change = Change("move", book.mentor, BEGINS, dealer=make_dealer(dealer), position=make_position("technical_supervisor"))
    assert len(effects(change)) == count


def test_what_is_closed_is_nobodys_duty(book):
    TaskBook.objects.update(closed_at=LATER, closed_by=hr_of(book.dealer))
    assert effects(Change("departure", book.mentor, BEGINS)) == []
