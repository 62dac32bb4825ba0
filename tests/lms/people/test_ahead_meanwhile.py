"""A move that waits, for its day or for a second person, changes what it asked to change and nothing else (§1)."""

from datetime import date

import pytest
from django.utils import timezone, translation

from lms.common.states import Refused
from lms.people.actions import record_departure
from lms.people.ahead import going_on
from lms.people.models import ComingChange, Position
from lms.people.queries import standings_on
from tests.factories import make_dealer, make_employee, make_position
from tests.lms.people.ahead import by_two, hired, moves, now, swept

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-26T10:00+08:00")]
ON = date(2026, 12, 20)


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def hr():
    return make_employee("hr_officer").user


@pytest.fixture
def group():
    return make_employee("group_hr").user


def the_day_comes(time_machine):
    time_machine.move_to("2026-12-20T10:00+08:00")
    return swept()


def test_a_change_of_manager_keeps_the_post_that_was_given_meanwhile(hr, time_machine):
    person, first = hired("advisor"), hired("advisor")
    moves(person, hr, on=ON, manager=first)
    time_machine.move_to("2026-12-01T10:00+08:00")
    moves(person, hr, on=None)
    assert going_on([person.pk]) == {}, "only the manager changes"
    assert standings_on([person.pk], ON)[person.pk].position == make_position("technician").pk
    assert (the_day_comes(time_machine), now(person).manager, now(person).position.code) == (1, first, "technician")


def test_a_new_post_keeps_the_manager_of_the_day(hr, time_machine):
    first, second = hired("advisor"), hired("advisor")
    person = hired("advisor", manager=first)
    moves(person, hr, on=ON)
    time_machine.move_to("2026-12-01T10:00+08:00")
    moves(person, hr, on=None, manager=second)
    assert going_on([person.pk]) == {person.pk: ON}
    assert (the_day_comes(time_machine), now(person).position.code, now(person).manager) == (1, "technician", second)


def test_what_was_changed_otherwise_meanwhile_holds_it_up(hr, group, time_machine):
    person = hired("advisor")
    moves(person, hr, on=ON)
    time_machine.move_to("2026-12-01T10:00+08:00")
    moves(person, hr, on=None, position=make_position("information_assistant"))
    assert going_on([person.pk]) == {}
    assert standings_on([person.pk], ON)[person.pk].position == make_position("information_assistant").pk
    assert (the_day_comes(time_machine), now(person).position.code) == (0, "information_assistant")
    assert "was changed meanwhile" in ComingChange.objects.get().held_up


def test_a_manager_who_has_left_by_the_day_holds_it_up(hr, time_machine):
    boss, person = hired("advisor"), hired("advisor")
    moves(person, hr, on=ON, position=make_position("technician"), manager=boss)
    record_departure(employee=boss, left_on=date(2026, 11, 26), by=hr, at=timezone.now())
    assert (the_day_comes(time_machine), now(person).position.code) == (0, "advisor")
    assert "has left and cannot be anyone's manager" in ComingChange.objects.get().held_up


def test_one_that_cannot_be_read_stops_no_other(hr, time_machine, caplog):
    one, two, like = hired("advisor"), hired("advisor"), make_position("technician")
    post = Position.objects.create(code="extra", name_zh="临时", name_en="Extra", department=like.department, role=like.role)
    moves(one, hr, on=ON, position=post)
    moves(two, hr, on=ON)
    post.delete()
    assert (the_day_comes(time_machine), now(two).position) == (1, like)
    assert "could not be carried out" in ComingChange.objects.get(employee=one).held_up
    assert "could not be carried out" in caplog.text


# --- while it waits for a second person ----------------------------------------------------------------


def test_what_is_confirmed_later_keeps_the_manager_of_that_day(group, hr):
    first, second = hired("advisor"), hired("advisor")
    person = hired("advisor", manager=first)
    proposal = moves(person, group, on=None, position=make_position("hr_officer"))
    moves(person, hr, on=None, manager=second)
    by_two(proposal, make_employee("group_hr").user)
    assert (now(person).position.code, now(person).manager) == ("hr_officer", second)


def test_what_was_changed_before_it_was_confirmed_is_not_put_back(group):
    person = hired("advisor")
    proposal = moves(person, group, on=None, position=make_position("hr_officer"))
    moves(person, group, on=None)
    with pytest.raises(Refused, match="was changed meanwhile"):
        by_two(proposal, make_employee("group_hr").user)
    assert now(person).position.code == "technician"


def test_a_manager_who_left_before_it_was_confirmed_is_not_silently_nobody(group, hr):
    boss, person = hired("advisor"), hired("advisor")
    proposal = moves(person, group, on=None, position=make_position("hr_officer"), manager=boss)
    record_departure(employee=boss, left_on=date(2026, 11, 26), by=hr, at=timezone.now())
    with pytest.raises(Refused, match="cannot be anyone's manager"):
        by_two(proposal, make_employee("group_hr").user)


def test_a_move_to_another_dealer_ahead_says_where_they_work_then(group):
    person, there = hired("advisor"), make_dealer("YT02")
    moves(person, group, on=ON, dealer=there)
    standing = standings_on([person.pk], ON)[person.pk]
    assert (standing.dealer, standing.position, going_on([person.pk])) == (there.pk, person.position_id, {person.pk: ON})
