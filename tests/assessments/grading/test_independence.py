"""For 30 days, whoever appointed someone or gave them a password is no second signature beside theirs (§1)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.grading.actions.panels import sign_results
from assessments.grading.actions.publication import ask_for_publication, publish_cycle
from assessments.grading.models import LevelDecision
from lms.common.states import WrongHands
from lms.people.actions import confirm_proposal, issue_first_password
from tests.each import each
from tests.factories import make_cycle, make_employee, sign_all

pytestmark = pytest.mark.django_db


def let_in(person, *, first, second):
    """A password for someone who signs, by two people."""
    proposal = issue_first_password(employee=person, by=first, at=timezone.now())
    confirm_proposal(proposal=proposal, by=second, at=timezone.now())


@pytest.fixture
def cycle():
    hr = make_employee("hr_officer").user
    return make_cycle("ratified", track="service", by=hr)


def member_of(cycle, seat):
    return cycle.panel.select_related("examiner__user").get(seat=seat)


def test_hr_who_let_an_examiner_in_does_not_publish_what_they_signed(cycle):
    hr, second = cycle.opened_by, make_employee("group_hr").user
    let_in(member_of(cycle, "service_manager").examiner, first=hr, second=second)
    sign_all(cycle)
    for one in each([hr, second]):
        for act in each([publish_cycle, ask_for_publication]):
            with pytest.raises(WrongHands, match="30"):
                act(cycle=cycle, by=one, at=timezone.now())
    assert not LevelDecision.objects.exists()
    publish_cycle(cycle=cycle, by=make_employee("group_hr").user, at=timezone.now())
    assert LevelDecision.objects.exists()


def test_after_30_days_the_two_signatures_stand_beside_each_other(cycle):
    hr = cycle.opened_by
    let_in(member_of(cycle, "service_manager").examiner, first=hr, second=make_employee("group_hr").user)
    sign_all(cycle)
    publish_cycle(cycle=cycle, by=hr, at=timezone.now() + timedelta(days=31))
    assert LevelDecision.objects.exists()


def test_of_two_on_the_panel_who_let_each_other_in_only_one_signs(cycle):
    """In a group without HR of its own, the general manager confirms the service manager's password."""
    gm, manager = member_of(cycle, "general_manager"), member_of(cycle, "service_manager")
    let_in(manager.examiner, first=cycle.opened_by, second=gm.examiner.user)
    sign_results(member=manager, by=manager.examiner.user, at=timezone.now())
    with pytest.raises(WrongHands, match="30"):
        sign_results(member=gm, by=gm.examiner.user, at=timezone.now())
