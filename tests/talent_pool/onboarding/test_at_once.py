"""Two people at the same moment: one is first, and the other is told. Real threads on PostgreSQL."""

import pytest
from django.db import connection

from courses.observations.models import Observation
from lms.common.shown import ChangedMeanwhile, Shown
from lms.common.states import Refused
from talent_pool.onboarding.actions.books import close_task_book, open_task_book
from talent_pool.onboarding.actions.naming import name_mentor
from talent_pool.onboarding.actions.signing import correct_sign_off, sign_off
from talent_pool.onboarding.models import Mentor, TaskBook
from tests.assessments.grading.racing import at_once
from tests.factories import (
    BEGINS,
    OPENED_AT,
    hr_of,
    make_checklist,
    make_dealer,
    make_employee,
    make_mentor,
    make_newcomer,
    make_task_book,
    on_day,
    sign,
    tasks_of,
)

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROUNDS = 3


@pytest.fixture(autouse=True)
def _on_postgresql(db):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")


def one_and_a_refusal(results, kind=Refused):
    assert sorted(isinstance(result, kind) for result in results) == [False, True], results


@pytest.mark.parametrize("number", range(ROUNDS))
def test_two_taps_at_once_are_one_sign_off(number):
    book = make_task_book()
    item = tasks_of(book)[1]
    values = {"book": book, "item": item, "step": 3, "by": book.mentor.user, "at": on_day(1), "shown": Shown({f"signs_{item.pk}": [0, ""]})}
    one_and_a_refusal(at_once(lambda: sign_off(**values), lambda: sign_off(**values)), ChangedMeanwhile)
    assert Observation.objects.count() == 1


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_sign_off_is_taken_back_once(number):
    book = make_task_book()
    row, supervisor = sign(book), make_employee("service_supervisor")
    values = {"book": book, "observation": row, "reason": "点错人", "at": on_day(2)}
    one_and_a_refusal(
        at_once(lambda: correct_sign_off(by=book.mentor.user, **values), lambda: correct_sign_off(by=supervisor.user, **values))
    )
    assert Observation.objects.exclude(corrects=None).count() == 1


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_mentor_is_named_once(number):
    person, first, second = make_employee("technician"), make_employee("hr_officer"), make_employee("hr_officer")
    calls = [lambda by=by: name_mentor(employee=person, by=by.user, at=OPENED_AT) for by in (first, second)]
    one_and_a_refusal(at_once(*calls))
    assert Mentor.objects.count() == 1


@pytest.mark.parametrize("number", range(ROUNDS))
def test_the_last_place_with_a_mentor_goes_to_one(number):
    mentor, checklist, by = make_mentor(most_at_once=1), make_checklist(), hr_of(make_dealer())
    values = {"checklist": checklist, "mentor": mentor, "starts_on": BEGINS, "by": by, "at": OPENED_AT}
    newcomers = [make_newcomer(), make_newcomer()]
    one_and_a_refusal(at_once(*(lambda one=one: open_task_book(newcomer=one, **values) for one in newcomers)))
    assert TaskBook.objects.count() == 1


@pytest.mark.parametrize("number", range(ROUNDS))
def test_nothing_is_signed_in_a_book_that_is_closed_meanwhile(number):
    book = make_task_book()
    signed, closed = at_once(
        lambda: sign_off(book=book, item=tasks_of(book)[0], step=1, by=book.mentor.user, at=on_day(1)),
        lambda: close_task_book(book=book, reason="转岗", by=hr_of(book.dealer), at=on_day(1)),
    )
    assert not isinstance(closed, Exception), closed
    assert isinstance(signed, Refused) == (not Observation.objects.exists())
