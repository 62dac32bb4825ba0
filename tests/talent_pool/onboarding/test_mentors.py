from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from lms.audit.models import Event
from lms.common.integrity import findings
from lms.common.shown import ChangedMeanwhile, Shown
from lms.common.states import WrongHands, WrongState
from lms.people.actions import record_departure, transfer_employee
from lms.people.choices import Role
from lms.people.models import ComingChange, Leave
from talent_pool.onboarding.actions.naming import CannotName, change_load, end_mentor, name_mentor
from talent_pool.onboarding.models import Mentor
from talent_pool.onboarding.permissions import acting_mentors
from talent_pool.onboarding.queries.mentors import mentors_free, mentors_with_reasons, why_not
from tests.factories import (
    BEGINS,
    OPENED_AT,
    hr_of,
    leave_now,
    make_dealer,
    make_employee,
    make_mentor,
    make_position,
    make_task_book,
)

pytestmark = pytest.mark.django_db
LAST = BEGINS + timedelta(days=30)


def broken():
    return [rule.name for rule, _culprit in findings() if rule.name.startswith("onboarding.")]


def has_role(employee):
    return employee.user.groups.filter(name=Role.MENTOR).exists()


# -- naming -------------------------------------------------------------------------------------------------------------------


def test_hr_names_a_mentor_whose_role_comes_besides_that_of_the_post():
    mentor = make_mentor()
    assert has_role(mentor.employee)
    assert mentor.employee.user.groups.filter(name=Role.STAFF).exists()
    event = Event.objects.get(verb="mentor.named")
    assert (event.about, event.after) == (mentor.employee_id, {"most_at_once": 2})


@pytest.mark.parametrize("post", ["service_manager", "general_manager", "technician"])
def test_nobody_else_names_mentors(post):
    with pytest.raises(WrongHands, match="named by HR"):
        name_mentor(employee=make_employee("technician"), by=make_employee(post).user, at=OPENED_AT)


def test_hr_of_another_dealer_names_nobody_here_and_group_hr_does():
    person, theirs = make_employee("technician"), make_dealer("YT02")
    with pytest.raises(WrongHands):
        name_mentor(employee=person, by=hr_of(theirs), at=OPENED_AT)
    assert name_mentor(employee=person, by=make_employee("group_hr", dealer=theirs).user, at=OPENED_AT).dealer == person.dealer


def test_nobody_names_themselves():
    hr = make_employee("hr_officer")
    with pytest.raises(WrongHands, match="nobody names themselves"):
        name_mentor(employee=hr, by=hr.user, at=OPENED_AT)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"status": "left", "left_on": BEGINS}, "has left"),
        ({"kind": "intern"}, "not a staff member"),
        ({"sign_in": False}, "no sign-in"),
    ],
)
def test_only_staff_who_are_here_and_sign_in_are_named(values, words):
    with pytest.raises(CannotName, match=words):
        make_mentor(**values)


@pytest.mark.parametrize("number", [0, 21])
def test_a_mentor_has_from_one_to_twenty_newcomers(number):
    with pytest.raises(CannotName, match="from 1 to 20"):
        make_mentor(most_at_once=number)


def test_a_mentor_is_named_once():
    mentor = make_mentor()
    with pytest.raises(CannotName, match="already"):
        name_mentor(employee=mentor.employee, by=hr_of(mentor.dealer), at=OPENED_AT)


def test_who_moved_is_named_anew_and_the_former_appointment_ends():
    mentor, there = make_mentor(make_dealer("YT01")), make_dealer("YT02")
    group_hr = make_employee("group_hr").user
    transfer_employee(employee=mentor.employee, dealer=there, manager=None, by=group_hr, at=OPENED_AT)
    anew = name_mentor(employee=mentor.employee, by=hr_of(there), at=OPENED_AT)
    mentor.refresh_from_db()
    assert (anew.dealer, mentor.is_open, mentor.ended_by) == (there, False, hr_of(there))
    assert has_role(anew.employee)
    assert not broken()


# -- the number, the end ---------------------------------------------------------------------------------------------------------


def test_hr_changes_how_many_at_once():
    mentor = change_load(mentor=make_mentor(), most_at_once=4, by=hr_of(make_dealer()), at=OPENED_AT)
    assert mentor.most_at_once == 4
    assert Event.objects.get(verb="mentor.changed").before == {"most_at_once": 2}


def test_a_page_behind_the_times_changes_nothing():
    mentor, hr = make_mentor(), hr_of(make_dealer())
    shown = Shown({"most_at_once": [2, "2"]})
    change_load(mentor=mentor, most_at_once=4, by=hr, at=OPENED_AT, shown=shown)
    with pytest.raises(ChangedMeanwhile):
        change_load(mentor=mentor, most_at_once=1, by=hr, at=OPENED_AT, shown=shown)


def test_an_appointment_ends_with_a_reason_and_its_role():
    mentor = make_mentor()
    with pytest.raises(CannotName, match="why"):
        end_mentor(mentor=mentor, reason=" ", by=hr_of(mentor.dealer), at=OPENED_AT)
    end_mentor(mentor=mentor, reason="调岗", by=hr_of(mentor.dealer), at=OPENED_AT)
    assert not has_role(mentor.employee)
    with pytest.raises(WrongState):
        end_mentor(mentor=mentor, reason="调岗", by=hr_of(mentor.dealer), at=OPENED_AT)
    assert not broken()


def test_a_role_without_an_appointment_is_found():
    person = make_employee("technician")
    person.user.groups.add(Group.objects.get(name=Role.MENTOR))
    assert broken() == ["onboarding.mentors_are_named"]


# -- who is free --------------------------------------------------------------------------------------------------------------------


def test_who_has_the_fewest_newcomers_comes_first():
    busy, idle = make_mentor(), make_mentor()
    make_task_book(mentor=busy)
    found = mentors_free(make_dealer(), BEGINS, LAST)
    assert [(mentor, mentor.load) for mentor in found] == [(idle, 0), (busy, 1)]


def test_a_full_mentor_is_not_free_until_a_book_is_closed():
    mentor = make_mentor(most_at_once=1)
    make_task_book(mentor=mentor)
    assert mentors_free(mentor.dealer, BEGINS, LAST) == []
    assert "has 1 newcomers already" in why_not(mentor, BEGINS, LAST)


def test_books_that_begin_after_the_time_are_no_load_in_it():
    mentor = make_mentor(most_at_once=1)
    make_task_book(mentor=mentor, starts_on=LAST + timedelta(days=1))
    assert mentors_free(mentor.dealer, BEGINS, LAST) == [mentor]


def test_who_left_moved_or_is_no_mentor_any_more_is_not_free():
    dealer = make_dealer()
    gone, moved, ended, stays = (make_mentor(dealer) for _number in range(4))
    leave_now(gone.employee, BEGINS)
    moved.employee.dealer = make_dealer("YT02")
    moved.employee.save()
    end_mentor(mentor=ended, reason="调岗", by=hr_of(dealer), at=OPENED_AT)
    assert mentors_free(dealer, BEGINS, LAST) == [stays]
    assert all(why_not(one, BEGINS, LAST) for one in (gone, moved, ended))


def test_a_coming_departure_and_leave_for_all_of_the_time_are_in_the_way():
    dealer = make_dealer()
    leaves, away, partly = (make_mentor(dealer) for _number in range(3))
    ComingChange.objects.create(
        kind="departure", employee=leaves.employee, on=LAST - timedelta(days=3), planned_at=OPENED_AT, planned_by=hr_of(dealer)
    )
    Leave.objects.create(employee=away.employee, starts_on=BEGINS, ends_on=LAST)
    Leave.objects.create(employee=partly.employee, starts_on=BEGINS, ends_on=LAST - timedelta(days=9))
    assert mentors_free(dealer, BEGINS, LAST) == [partly]
    assert "only until" in why_not(leaves, BEGINS, LAST)
    assert "on leave" in why_not(away, BEGINS, LAST)


@pytest.mark.parametrize(("where", "is_free"), [("here", True), ("there", False)])
def test_a_coming_move_is_in_the_way_only_where_it_leads_to_another_dealer(where, is_free):
    mentor = make_mentor()
    to = mentor.dealer if where == "here" else make_dealer("YT02")
    ComingChange.objects.create(
        kind="move", employee=mentor.employee, on=BEGINS, particulars={"to": to.pk, "position": make_position("technical_supervisor").pk},
        planned_at=OPENED_AT, planned_by=hr_of(mentor.dealer),
    )  # fmt: skip
    assert bool(mentors_free(mentor.dealer, BEGINS, LAST)) == is_free


def test_track_and_level_are_asked_of_who_must_have_them():
    mentor = make_mentor()
    assert mentors_free(mentor.dealer, BEGINS, LAST, track="technical") == [mentor]
    assert mentors_free(mentor.dealer, BEGINS, LAST, track="service") == []
    assert mentors_free(mentor.dealer, BEGINS, LAST, track="technical", least_level=1) == []


def test_the_number_of_statements_does_not_grow(django_assert_num_queries):
    dealer = make_dealer()
    for _number in range(5):
        make_mentor(dealer)
    with django_assert_num_queries(4):
        assert len(mentors_with_reasons(dealer, BEGINS, LAST)) == 5


def test_a_departure_takes_a_mentor_out_of_those_who_act():
    mentor = make_mentor()
    record_departure(employee=mentor.employee, left_on=OPENED_AT.date(), by=hr_of(mentor.dealer), at=OPENED_AT)
    assert Mentor.objects.get().is_open
    assert not acting_mentors().exists()
