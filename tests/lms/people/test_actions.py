from datetime import date, timedelta

import pytest
from django.utils import timezone

from lms.audit.models import Event
from lms.common.days import day as shown
from lms.common.states import Refused, WrongHands
from lms.people import actions
from lms.people.models import Employee
from tests.factories import make_dealer, make_employee, make_group, make_position

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture
def hr():
    return make_employee("hr_officer", name="何静").user


def who(user):
    return {"by": user, "at": timezone.now()}


def hire(user, **values):
    given = {"dealer": make_dealer(), "position": make_position("advisor"), "number": "N1", "name": "李四", "hired_on": date(2024, 3, 1)}
    return actions.hire_employee(**{**given, **values}, **who(user))


def roles(employee):
    employee.refresh_from_db()
    return sorted(group.name for group in employee.user.groups.all())


# -- coming ---------------------------------------------------------------------------------------


def test_whoever_is_hired_starts_at_level_0_with_history_audit_event_and_a_sign_in_by_number(hr):
    person = hire(hr, email="li@example.com")
    assert (person.level, person.user.username, person.user.email) == (0, "N1", "li@example.com")
    assert not person.user.has_usable_password()
    assert roles(person) == ["staff"]
    assert [(line.kind, line.on, line.recorded_by) for line in person.history.all()] == [("hired", date(2024, 3, 1), hr)]
    event = Event.objects.get(verb="person.hired")
    assert (event.actor, event.target_label, event.after["position"]) == (hr, "李四", "advisor")


@pytest.mark.parametrize("number", ["", "A B", "a@b.cn", "x" * 21, "一/二"])
def test_a_number_that_nobody_could_sign_in_with_is_refused(hr, number):
    with pytest.raises(Refused):
        hire(hr, number=number)


def test_a_number_is_given_once_in_a_group_whatever_its_spelling(hr):
    hire(hr, number="n1")
    with pytest.raises(Refused, match="n1"):
        hire(hr, number="N1")


def test_a_number_taken_in_another_group_signs_in_with_the_groups_code_before_it(hr):
    hire(None, number="7", dealer=make_dealer("Z1", group=make_group("zz")))
    assert hire(hr, number="7").user.username == "yt-7"


def test_two_people_never_share_an_address(hr):
    hire(hr, email="same@example.com")
    with pytest.raises(Refused):
        hire(hr, number="N2", email="Same@Example.com")


def test_only_group_hr_gives_the_post_that_sees_every_dealer(hr):
    with pytest.raises(Refused):
        hire(hr, position=make_position("group_hr"))
    assert hire(make_employee("group_hr").user, position=make_position("group_hr"))


# -- moving ---------------------------------------------------------------------------------------


def test_a_transfer_goes_into_history_and_the_role_follows_the_position(hr):
    person = make_employee("advisor", number="N1")
    actions.transfer_employee(employee=person, position=make_position("service_supervisor"), reason="做得好", **who(hr))
    assert roles(person) == ["supervisor"]
    line = person.history.get()
    assert (line.kind, line.on, line.reason, line.position.code) == ("promoted", TODAY, "做得好", "service_supervisor")
    event = Event.objects.get(verb="person.moved")
    assert (event.before, event.after) == ({"position": "advisor"}, {"position": "service_supervisor"})


def test_a_role_given_besides_stays_when_the_position_changes(hr):
    from django.contrib.auth.models import Group

    person = make_employee("advisor")
    person.user.groups.add(Group.objects.get(name="watcher"))
    actions.transfer_employee(employee=person, position=make_position("service_supervisor"), **who(hr))
    assert roles(person) == ["supervisor", "watcher"]


def test_group_hr_transfers_to_another_dealer_of_the_group_and_nobody_to_one_of_another_group(hr):
    person, group_hr = make_employee("advisor"), make_employee("group_hr").user
    for user, dealer in ((hr, make_dealer("YT02")), (group_hr, make_dealer("Z1", group=make_group("zz")))):
        with pytest.raises(WrongHands):
            actions.transfer_employee(employee=person, dealer=dealer, **who(user))
    actions.transfer_employee(employee=person, dealer=make_dealer("YT02"), **who(group_hr))
    assert person.history.get().kind == "transferred"


def test_nobody_is_put_under_their_own_team(hr):
    top = make_employee("service_manager")
    middle = make_employee("service_supervisor", manager=top)
    low = make_employee("advisor", manager=middle)
    with pytest.raises(Refused):
        actions.transfer_employee(employee=top, manager=low, **who(hr))
    with pytest.raises(Refused):
        actions.transfer_employee(employee=top, manager=top, **who(hr))


def test_a_move_that_moves_nothing_or_lies_years_ahead_is_refused(hr):
    person = make_employee("advisor")
    with pytest.raises(Refused):
        actions.transfer_employee(employee=person, **who(hr))
    with pytest.raises(Refused):
        actions.transfer_employee(employee=person, position=make_position("technician"), on=TODAY + timedelta(days=400), **who(hr))
    assert not person.history.exists()


def test_hr_does_not_promote_itself(hr):
    with pytest.raises(Refused):
        actions.transfer_employee(employee=hr.employee, position=make_position("general_manager"), **who(hr))


# -- leaving and returning ------------------------------------------------------------------------


def test_whoever_leaves_cannot_sign_in_and_their_team_goes_to_the_manager_above(hr):
    top = make_employee("service_manager")
    middle = make_employee("service_supervisor", manager=top)
    low = make_employee("advisor", manager=middle)
    actions.record_departure(employee=middle, left_on=TODAY, reason="回老家", **who(hr))
    middle.refresh_from_db()
    low.refresh_from_db()
    assert (middle.status, middle.left_on, middle.user.is_active, low.manager) == ("left", TODAY, False, top)
    assert middle.history.get().kind == "left"
    assert Event.objects.get(verb="person.moved", target_id=low.pk).after == {"manager": top.number}


def test_the_team_may_go_to_one_of_its_own(hr):
    top = make_employee("workshop_supervisor")
    first, second = make_employee("technician", manager=top), make_employee("technician", manager=top)
    actions.record_departure(employee=top, left_on=TODAY, hand_over_to=first, **who(hr))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.manager, second.manager) == (None, first)


def test_a_team_without_anyone_above_must_be_handed_over(hr):
    top = make_employee("workshop_supervisor", name="王总")
    make_employee("technician", manager=top)
    with pytest.raises(Refused, match="王总"):
        actions.record_departure(employee=top, left_on=TODAY, **who(hr))
    top.refresh_from_db()
    assert top.user.is_active


@pytest.mark.parametrize("day", [date(2024, 2, 29), TODAY + timedelta(days=400)])
def test_a_departure_lies_between_hiring_and_a_year_ahead(hr, day):
    with pytest.raises(Refused):
        actions.record_departure(employee=make_employee(), left_on=day, **who(hr))


def test_nobody_leaves_twice_and_nobody_records_their_own_departure(hr):
    person = make_employee()
    actions.record_departure(employee=person, left_on=TODAY, **who(hr))
    with pytest.raises(Refused):
        actions.record_departure(employee=person, left_on=TODAY, **who(hr))
    with pytest.raises(Refused):
        actions.record_departure(employee=hr.employee, left_on=TODAY, **who(hr))


def test_whoever_returns_has_their_old_number_and_may_sign_in_again(hr):
    person = make_employee()
    actions.record_departure(employee=person, left_on=TODAY, **who(hr))
    with pytest.raises(Refused):
        actions.transfer_employee(employee=person, position=make_position("technician"), **who(hr))
    actions.return_employee(employee=person, on=TODAY, position=make_position("technician"), **who(hr))
    person.refresh_from_db()
    assert (person.status, person.left_on, person.user.is_active) == ("probation", None, True)
    assert [line.kind for line in person.history.all()] == ["left", "returned"]


# -- leave, status, details -----------------------------------------------------------------------


def test_leave_is_recorded_once_and_may_be_withdrawn(hr):
    person = make_employee()
    first, last = TODAY + timedelta(days=2), TODAY + timedelta(days=6)
    leave = actions.record_leave(employee=person, starts_on=first, ends_on=last, **who(hr))
    with pytest.raises(Refused, match=shown(first)):
        actions.record_leave(employee=person, starts_on=last, ends_on=last + timedelta(days=3), **who(hr))
    actions.withdraw_leave(leave=leave, **who(hr))
    assert not person.leaves.exists()
    assert Event.objects.get(verb="person.leave_withdrawn").before["from"] == first.isoformat()


def test_leave_does_not_end_before_it_starts(hr):
    with pytest.raises(Refused):
        actions.record_leave(employee=make_employee(), starts_on=date(2026, 3, 6), ends_on=date(2026, 3, 5), **who(hr))


def test_probation_ends_by_a_change_of_status_and_leaving_is_not_one(hr):
    person = make_employee(status="probation")
    actions.change_status(employee=person, status="active", **who(hr))
    assert Event.objects.get(verb="person.status_changed").after == {"status": "active"}
    with pytest.raises(Refused):
        actions.change_status(employee=person, status="left", **who(hr))


def test_a_corrected_address_is_the_one_to_sign_in_with(hr):
    person = make_employee(email="old@example.com")
    actions.correct_details(employee=person, email="new@example.com", **who(hr))
    person.user.refresh_from_db()
    assert person.user.email == "new@example.com"
    with pytest.raises(Refused):
        actions.correct_details(employee=make_employee(), email="NEW@example.com", **who(hr))


# -- first password -------------------------------------------------------------------------------


def test_a_first_password_works_for_a_week_and_is_stored_nowhere_readable(hr):
    person = make_employee()
    password = actions.issue_first_password(employee=person, **who(hr))
    person.user.refresh_from_db()
    assert person.user.check_password(password)
    assert person.user.temporary_until - timezone.now() > timedelta(days=6)
    assert password not in str(list(Event.objects.values()))
    assert actions.issue_first_password(employee=person, **who(hr)) != password


def test_whoever_had_no_sign_in_gets_one_with_the_first_password(hr):
    person = make_employee(sign_in=False, number="N9")
    actions.issue_first_password(employee=person, **who(hr))
    assert Employee.objects.get(number="N9").user.username == "N9"


def test_nobody_hands_a_password_to_themselves_or_to_who_has_left(hr):
    with pytest.raises(Refused):
        actions.issue_first_password(employee=hr.employee, **who(hr))
    person = make_employee(status="left", left_on=TODAY)
    with pytest.raises(Refused):
        actions.issue_first_password(employee=person, **who(hr))
