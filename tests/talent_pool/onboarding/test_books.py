"""Opening, handing on and closing task books."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from courses.observations.models import ChecklistItem
from lms.audit.models import Event
from lms.common.integrity import findings
from lms.common.states import Refused, WrongHands, WrongState
from lms.notifications.models import Notice
from talent_pool.onboarding.actions.books import CannotHandOn, CannotOpen, close_task_book, hand_on
from talent_pool.onboarding.models import TaskBook
from talent_pool.onboarding.queries.books import needing_attention, standing_of, task_books_visible_to
from tests.factories import (
    BEGINS,
    OPENED_AT,
    hr_of,
    leave_now,
    make_checklist,
    make_dealer,
    make_employee,
    make_mentor,
    make_newcomer,
    make_task_book,
    on_day,
    sign_all_alone,
)

pytestmark = pytest.mark.django_db
TODAY = OPENED_AT.date()


def told(kind):
    return {notice.recipient.employee for notice in Notice.objects.filter(kind=kind).select_related("recipient__employee")}


# -- opening --------------------------------------------------------------------------------------------------------------------


def test_a_book_keeps_the_checklist_as_it_stood_and_says_so_to_both():
    checklist = make_checklist()
    book = make_task_book(checklist=checklist, station="快修")
    ChecklistItem.objects.filter(checklist=checklist).delete()
    assert [item.name_zh for item, _task in standing_of(book, OPENED_AT).rows] == ["接待客户", "开具工单", "交车讲解"]
    assert told("task_book_opened") == {book.newcomer, book.mentor}
    event = Event.objects.get(verb="task_book.opened")
    assert (event.about, event.after["mentor"], event.after["station"]) == (book.newcomer_id, book.mentor_id, "快修")
    assert not [rule for rule, _culprit in findings() if rule.name.startswith(("onboarding.", "observations."))]


@pytest.mark.parametrize("post", ["hr_officer", "service_supervisor", "technical_supervisor", "service_manager", "group_hr"])
def test_hr_and_supervisors_of_the_dealer_open_books(post):
    assert make_task_book(by=make_employee(post).user).is_open


@pytest.mark.parametrize("post", ["general_manager", "technician", "information_assistant"])
def test_nobody_else_opens_one(post):
    with pytest.raises(WrongHands, match="HR or a supervisor"):
        make_task_book(by=make_employee(post).user)


def test_a_supervisor_of_another_dealer_opens_none_here():
    with pytest.raises(WrongHands):
        make_task_book(make_dealer(), by=make_employee("service_supervisor", dealer=make_dealer("YT02")).user)


def test_nobody_opens_their_own():
    new = make_newcomer(kind="staff", position="service_supervisor")
    with pytest.raises(WrongHands, match="never one's own"):
        make_task_book(newcomer=new, by=new.user)


@pytest.mark.parametrize("kind", ["intern", "student", "staff"])
def test_newcomers_of_any_kind_have_one(kind):
    assert make_task_book(newcomer=make_newcomer(kind=kind)).newcomer.kind == kind


@pytest.mark.parametrize("kind", ["guest", "examiner"])
def test_outside_people_have_none(kind):
    with pytest.raises(CannotOpen, match="staff, interns and students"):
        make_task_book(newcomer=make_newcomer(kind=kind))


def test_who_has_left_gets_none():
    with pytest.raises(CannotOpen, match="has left"):
        make_task_book(newcomer=make_newcomer(status="left", left_on=TODAY))


@pytest.mark.parametrize(("days", "words"), [(-1, "can't begin before"), (367, "more than a year ahead")])
def test_a_book_begins_in_its_time(days, words):
    with pytest.raises(CannotOpen, match=words):
        make_task_book(starts_on=BEGINS + timedelta(days=days))


@pytest.mark.parametrize("values", [{"in_use": False}, {"dealer": "YT02"}, {"scale": "points", "tasks": [("守时", 1)]}, {"tasks": []}])
def test_the_checklist_is_one_of_tasks_in_use_here(values):
    values = values | ({"dealer": make_dealer(values["dealer"])} if "dealer" in values else {})
    with pytest.raises(CannotOpen, match="in use at this dealer"):
        make_task_book(make_dealer(), checklist=make_checklist(**values))


def test_one_checklist_is_open_once_a_person_and_station():
    book, checklist = None, make_checklist()
    book = make_task_book(checklist=checklist, station="快修")
    with pytest.raises(CannotOpen, match="already"):
        make_task_book(newcomer=book.newcomer, checklist=checklist, station="快修")
    assert make_task_book(newcomer=book.newcomer, checklist=checklist, station="钣金")
    close_task_book(book=book, reason="换岗", by=hr_of(book.dealer), at=OPENED_AT)
    assert make_task_book(newcomer=book.newcomer, checklist=checklist, station="快修")


def test_nobody_mentors_themselves():
    mentor = make_mentor()
    with pytest.raises(CannotOpen, match="mentors themselves"):
        make_task_book(newcomer=mentor.employee, mentor=mentor)


def test_a_mentor_is_of_the_same_dealer():
    with pytest.raises(CannotOpen, match="same dealer"):
        make_task_book(make_dealer(), mentor=make_mentor(make_dealer("YT02")))


def test_a_mentor_who_is_full_takes_nobody_on():
    mentor = make_mentor(most_at_once=1)
    make_task_book(mentor=mentor)
    with pytest.raises(CannotOpen, match="at most 1 at once"):
        make_task_book(mentor=mentor)


def test_the_database_takes_no_book_by_a_checklist_that_can_change():
    book = make_task_book()
    values = {"newcomer": book.newcomer, "dealer": book.dealer, "mentor": book.mentor, "starts_on": TODAY, "opened_at": OPENED_AT}
    with pytest.raises(IntegrityError, match="cannot change any more"), transaction.atomic():
        TaskBook.objects.create(checklist=make_checklist(), opened_by=book.opened_by, **values)


# -- handing on --------------------------------------------------------------------------------------------------------------------


def test_a_book_goes_to_another_mentor_and_keeps_why():
    book, other = make_task_book(), make_mentor()
    before = book.mentor
    book = hand_on(book=book, mentor=other, reason="调店", by=hr_of(book.dealer), at=OPENED_AT)
    row = book.hand_overs.get()
    assert (book.mentor, row.from_mentor, row.to_mentor, row.reason) == (other.employee, before, other.employee, "调店")
    assert told("task_book_handed_on") == {book.newcomer, other.employee}
    assert not [rule for rule, _culprit in findings() if rule.name.startswith("onboarding.")]


def test_handing_on_needs_a_reason_another_mentor_and_the_right_hands():
    book = make_task_book()
    same = book.mentor.mentorships.get()
    hr = hr_of(book.dealer)
    with pytest.raises(CannotHandOn, match="why"):
        hand_on(book=book, mentor=make_mentor(), reason=" ", by=hr, at=OPENED_AT)
    with pytest.raises(CannotHandOn, match="signs this task book already"):
        hand_on(book=book, mentor=same, reason="调店", by=hr, at=OPENED_AT)
    with pytest.raises(WrongHands):
        hand_on(book=book, mentor=make_mentor(), reason="调店", by=book.mentor.user, at=OPENED_AT)


def test_a_book_is_not_handed_on_to_a_full_mentor():
    full = make_mentor(most_at_once=1)
    make_task_book(mentor=full)
    with pytest.raises(CannotOpen, match="at most 1"):
        hand_on(book=make_task_book(), mentor=full, reason="调店", by=hr_of(full.dealer), at=OPENED_AT)


# -- closing ------------------------------------------------------------------------------------------------------------------------


def test_a_book_whose_tasks_are_all_alone_is_closed_without_a_reason():
    book = sign_all_alone(make_task_book())
    assert not close_task_book(book=book, by=hr_of(book.dealer), at=on_day(21)).is_open


def test_closing_one_that_is_not_takes_a_reason():
    book = make_task_book()
    with pytest.raises(Refused, match="not done alone yet"):
        close_task_book(book=book, by=hr_of(book.dealer), at=OPENED_AT)
    assert close_task_book(book=book, reason="转岗", by=hr_of(book.dealer), at=OPENED_AT).closed_reason == "转岗"


def test_a_closed_book_stays_closed():
    book, hr = make_task_book(), hr_of(make_dealer())
    close_task_book(book=book, reason="转岗", by=hr, at=OPENED_AT)
    with pytest.raises(WrongState, match="was closed on 8 Oct 2026"):
        close_task_book(book=book, reason="转岗", by=hr, at=OPENED_AT)
    with pytest.raises(WrongState):
        hand_on(book=book, mentor=make_mentor(), reason="转岗", by=hr, at=OPENED_AT)
    with pytest.raises(IntegrityError, match="closed stays"), transaction.atomic():
        TaskBook.objects.update(station="钣金")


@pytest.mark.parametrize("values", [{"starts_on": BEGINS - timedelta(days=9)}, {"newcomer": "other"}])
def test_a_book_stays_that_of_its_person_and_first_day(values):
    make_task_book()
    values = values | ({"newcomer": make_newcomer()} if "newcomer" in values else {})
    with pytest.raises(IntegrityError, match="stays that of its newcomer"), transaction.atomic():
        TaskBook.objects.update(**values)


def test_no_book_is_deleted():
    book = make_task_book()
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        book.delete()


# -- who sees which, and what somebody has to see to ------------------------------------------------------------------------------------


def test_each_sees_their_own_those_they_sign_and_leaders_the_dealers():
    book, other = make_task_book(make_dealer("YT01")), make_task_book(make_dealer("YT02"))
    assert list(task_books_visible_to(book.newcomer.user)) == [book]
    assert list(task_books_visible_to(book.mentor.user)) == [book]
    assert list(task_books_visible_to(make_employee("technician").user)) == []
    assert list(task_books_visible_to(make_employee("service_supervisor").user)) == [book]
    assert set(task_books_visible_to(make_employee("group_hr").user)) == {book, other}


def attention():
    return [(one.mentor_acts, one.mentor_away, one.newcomer_gone) for one in needing_attention(TaskBook.objects.all(), TODAY)]


def test_a_book_in_good_hands_needs_nobody():
    make_task_book()
    assert attention() == []


def test_a_mentor_who_left_leaves_the_book_to_be_handed_on():
    leave_now(make_task_book().mentor, TODAY)
    assert attention() == [(False, False, False)]


@pytest.mark.parametrize(("days", "found"), [(6, []), (7, [(True, True, False)])])
def test_a_mentor_who_is_not_back_within_a_week_is_stood_in_for(days, found):
    book = make_task_book()
    book.mentor.leaves.create(starts_on=TODAY, ends_on=TODAY + timedelta(days=days))
    assert attention() == found


def test_a_newcomer_who_left_leaves_a_book_to_be_closed():
    book = make_task_book()
    leave_now(book.newcomer, TODAY)
    assert attention() == [(True, False, True)]
    close_task_book(book=book, reason="离职", by=hr_of(book.dealer), at=OPENED_AT)
    assert attention() == []
