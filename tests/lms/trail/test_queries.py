"""Whose events whom reaches."""

from datetime import date

import pytest
from django.utils import timezone

from lms.accounts.models import User
from lms.audit.actions import record_event
from lms.audit.models import Event
from lms.people.actions import confirm_proposal, correct_details, decline_proposal, record_departure, record_leave
from lms.trail.queries import events_about, events_visible_to
from talent_pool.pay.queries import record_looks
from tests.factories import make_dealer, make_employee, make_group, make_pay_changes, make_topic

pytestmark = pytest.mark.django_db
PROPOSED = {"proposal.made", "proposal.declined"}


def leave_for(person, by=None):
    record_leave(employee=person, starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 3), by=by, at=None)
    return Event.objects.get(verb="person.leave_recorded", about=person.pk)


def make_root():
    return User.objects.create_superuser("root", password="Steady-hands-42")


def test_hr_reads_what_happens_at_the_own_dealer_and_nowhere_else():
    ours, theirs = make_employee(), make_employee(dealer=make_dealer("YT02"))
    event, _other = leave_for(ours), leave_for(theirs)
    assert list(events_visible_to(make_employee("hr_officer").user)) == [event]


def test_group_hr_reads_the_group_and_no_other_group():
    ours, sister = make_employee(), make_employee(dealer=make_dealer("YT02"))
    strange = make_employee(dealer=make_dealer("ZZ01", make_group("zz")))
    events = {leave_for(ours), leave_for(sister)}
    leave_for(strange)
    assert set(events_visible_to(make_employee("group_hr").user)) == events


def test_what_is_at_no_dealer_is_for_the_group_hr_of_whoever_did_it():
    author, strange = make_employee("course_author"), make_employee("course_author", dealer=make_dealer("ZZ01", make_group("zz")))
    ours = record_event("topic.added", target=make_topic("a"), by=author.user)
    record_event("topic.added", target=make_topic("b"), by=strange.user)
    technical = record_event("topic.added", target=make_topic("c"), by=make_root())
    record_event("topic.added", target=make_topic("d"), by=None)
    assert set(events_visible_to(make_employee("group_hr").user)) == {ours, technical}
    assert not events_visible_to(make_employee("hr_officer").user)


@pytest.mark.parametrize("position", ["advisor", "service_supervisor", "service_manager", "general_manager", "information_assistant"])
def test_nobody_else_reads_the_log(position):
    leave_for(make_employee())
    assert not events_visible_to(make_employee(position).user)


def test_a_technical_account_reads_all_and_an_account_that_was_closed_nothing():
    event, root = leave_for(make_employee()), make_root()
    assert event in events_visible_to(root)
    root.is_active = False
    assert not events_visible_to(root)


def test_everyone_reads_what_concerns_themselves_looks_at_their_pay_included():
    person, hr = make_employee(), make_employee("hr_officer")
    leave_for(make_employee())
    leave_for(person, by=hr.user)
    record_looks([person], by=hr.user, at=None, where="pay")
    assert [event.verb for event in events_about(person.user)] == ["pay.viewed", "person.leave_recorded"]
    assert not events_about(make_root())


def test_a_pay_change_that_is_still_being_signed_is_told_to_nobody_it_concerns():
    change = make_pay_changes()[0]
    assert Event.objects.get(verb="pay.proposed").about == change.employee_id
    assert "pay.proposed" not in {event.verb for event in events_about(change.employee.user)}


def test_who_is_proposed_to_go_reads_of_it_once_it_is_confirmed_and_never_if_it_is_declined():
    hr, group_hr = make_employee("hr_officer").user, make_employee("group_hr").user
    leaving, staying = make_employee("service_manager"), make_employee("service_manager")
    now = timezone.now()
    going = record_departure(employee=leaving, left_on=timezone.localdate(), by=hr, at=now)
    not_going = record_departure(employee=staying, left_on=timezone.localdate(), by=hr, at=now)
    decline_proposal(proposal=not_going, reason="再谈", by=group_hr, at=now)
    assert not {event.verb for person in (leaving, staying) for event in events_about(person.user)} & PROPOSED
    confirm_proposal(proposal=going, by=group_hr, at=now)
    assert {"proposal.confirmed", "person.left"} <= {event.verb for event in events_about(leaving.user)}
    assert {event.verb for event in events_visible_to(hr)} >= PROPOSED


def test_hr_learns_no_more_of_themselves_from_the_log_than_anyone_else():
    hr = make_employee("hr_officer")
    change = make_pay_changes()[0]
    proposed = Event.objects.get(verb="pay.proposed")
    own = Event.objects.create(verb="pay.proposed", about=hr.pk, dealer=hr.dealer_id, target_type=proposed.target_type, target_id="0")
    correct_details(employee=hr, phone="123", by=None, at=None)
    seen = set(events_visible_to(hr.user))
    assert own not in seen
    assert (proposed in seen) == (change.dealer_id == hr.dealer_id)
    assert {event.verb for event in seen if event.about == hr.pk} == {"person.corrected"}
