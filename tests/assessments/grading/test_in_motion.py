"""Someone leaves or moves in the middle of a cycle (§1): the page says what becomes of it, and no seat blocks the cycle for good."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.grading.actions.panels import sign_results
from assessments.grading.actions.results import return_to_marking
from assessments.grading.actions.seats import confirm_seat, propose_seat
from assessments.grading.due import due_for
from assessments.grading.models import Cycle
from assessments.grading.queries.guards import missing_for
from assessments.grading.queries.motion import candidates_in_motion
from lms.common.states import Refused
from lms.people.actions import confirm_proposal, record_departure, transfer_employee
from lms.people.models import Employee
from tests.factories import make_cycle, make_dealer, make_employee, make_panel, make_position

pytestmark = pytest.mark.django_db
STATES = ["locked", "sitting", "marking", "ratified"]


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def group():
    return make_employee("group_hr").user


def person_of(cycle):
    return cycle.candidacies.select_related("employee").first().employee


def yesterday():
    return timezone.localdate() - timedelta(days=1)


def leave(person, by, on=None):
    record_departure(employee=person, left_on=on or yesterday(), by=by, at=timezone.now())


def move(person, by, **to):
    transfer_employee(employee=person, by=by, at=timezone.now(), **to)


@pytest.mark.parametrize("state", STATES)
def test_who_left_is_named_with_what_becomes_of_the_candidacy(state, group):
    cycle = make_cycle(state)
    assert candidates_in_motion(cycle) == []
    leave(person_of(cycle), group)
    (said,) = candidates_in_motion(cycle)
    assert "publication withdraws the candidacy" in said


@pytest.mark.parametrize("state", STATES)
def test_who_moved_keeps_the_candidacy_and_it_is_said_who_gives_what(state, group):
    cycle, there = make_cycle(state), make_dealer("YT02", name_en="Laizhou")
    move(person_of(cycle), group, dealer=there)
    (said,) = candidates_in_motion(cycle)
    assert "to Laizhou: keeps the candidacy; Yitong gives the certificate, Laizhou proposes the pay" in said


def test_who_changed_track_gets_the_certificate_and_no_pay(group):
    cycle = make_cycle("locked")
    move(person_of(cycle), group, position=make_position("advisor"))
    (said,) = candidates_in_motion(cycle)
    assert "no pay is proposed" in said


def test_who_is_to_leave_is_named_too(group):
    cycle = make_cycle("locked")
    leave(person_of(cycle), group, on=timezone.localdate() + timedelta(days=9))
    (said,) = candidates_in_motion(cycle)
    assert "published after that day, the candidacy is withdrawn" in said


def test_it_stands_on_the_cycle_s_page(group, sign_in):
    cycle = make_cycle("locked")
    leave(person_of(cycle), group)
    assert "Left or moved since the lock" in sign_in(group.employee).get(reverse("cycle", args=[cycle.pk])).text


# --- examiners --------------------------------------------------------------------------------------------


def gone(cycle, by):
    """The service manager, who has left without signing; two people have confirmed it."""
    member = cycle.panel.select_related("cycle__dealer", "examiner").get(seat="service_manager")
    proposal = record_departure(employee=member.examiner, left_on=yesterday(), by=by, at=timezone.now())
    confirm_proposal(proposal=proposal, by=make_employee("group_hr").user, at=timezone.now())
    member = cycle.panel.select_related("cycle__dealer", "examiner").get(seat="service_manager")
    assert not member.examiner.is_here
    return member


def titles(hr):
    return [item["title"] for item in due_for(hr.employee, timezone.now()) if item["title"].startswith("Give a seat again")]


@pytest.mark.parametrize("state", ["open", *STATES])
def test_the_seat_of_an_examiner_who_left_stands_on_hr_s_today_until_it_is_given_again(state, group):
    cycle = make_cycle(state)
    if state == "open":
        make_panel(cycle)
    hr = cycle.opened_by
    assert titles(hr) == []
    gone(cycle, group)
    assert len(titles(hr)) == 1


@pytest.mark.parametrize("state", STATES)
def test_in_every_state_the_seat_is_given_again_with_a_reason_and_the_cycle_goes_on(state, group):
    cycle = make_cycle(state)
    hr = cycle.opened_by
    member, new = gone(cycle, group), make_employee("service_manager", dealer=cycle.dealer)
    if state == "ratified":
        return_to_marking(cycle=cycle, reason="考官离职", by=hr, at=timezone.now())
        cycle.refresh_from_db()
        member = cycle.panel.select_related("cycle__dealer", "examiner").get(pk=member.pk)
    with pytest.raises(Refused, match="Say why"):
        propose_seat(member=member, examiner=new, reason=" ", by=hr, at=timezone.now())
    change = propose_seat(member=member, examiner=new, reason="考官离职", by=hr, at=timezone.now())
    assert titles(hr) == []
    confirm_seat(change=change, by=group, at=timezone.now())
    member.refresh_from_db()
    assert (member.examiner, member.signed_at) == (new, None)
    assert not [words for words in missing_for(Cycle.objects.get(pk=cycle.pk)) if "has left" in words]


def test_what_a_leaver_has_not_signed_they_sign_no_more(group):
    cycle = make_cycle("ratified")
    member = gone(cycle, group)
    by = Employee.objects.select_related("user").get(pk=member.examiner_id).user
    with pytest.raises(Refused):
        sign_results(member=member, by=by, at=timezone.now())


def test_an_examiner_who_went_to_another_dealer_hands_the_seat_on_too(group):
    cycle = make_cycle("marking")
    member = cycle.panel.select_related("examiner").get(seat="service_manager")
    move(member.examiner, group, dealer=make_dealer("YT02"))
    # The post signs, so a second person confirms it; until then nothing is handed on.
    assert titles(cycle.opened_by) == []
    Employee.objects.filter(pk=member.examiner_id).update(dealer=make_dealer("YT02"))
    assert len(titles(cycle.opened_by)) == 1
