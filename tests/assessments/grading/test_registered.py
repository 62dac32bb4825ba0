"""Gradings on Today, on a person's page, and before a leave, a move or a departure."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.grading.effects import is_candidate, is_on_panel
from assessments.grading.figures import cycles, level_table, levels, my_level
from assessments.grading.panels import decisions, reads_gradings
from assessments.grading.panels import my_level as growth
from lms.common.registries import Change
from tests.factories import make_award, make_cycle, make_dealer, make_employee, make_floor, make_position

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def departure(person):
    return Change("departure", person, DAY)


def test_whoever_is_in_no_track_has_no_level_card():
    assert list(my_level(None, make_employee("hr_officer"), timezone.now())) == []
    (card,) = my_level(None, make_employee("technician"), timezone.now())
    assert (card["level"], card["next_level"]) == (0, 1)


def test_the_cycles_under_way_come_with_their_steps():
    cycle = make_cycle("locked", people=1)
    leader = make_employee("service_manager")
    (card,) = cycles(leader.user, leader, timezone.now())
    assert card["cycle"] == cycle
    assert [step["state"] for step in card["steps"]][:3] == ["done", "done", "here"]
    type(cycle).objects.update(status="closed")
    assert list(cycles(leader.user, leader, timezone.now())) == []


def test_levels_are_counted_by_track(django_assert_num_queries):
    floor = make_floor(advisors=2, technicians=3)
    hr = make_employee("hr_officer").user
    hr.has_perm("grading.run_cycles")
    with django_assert_num_queries(1):
        service, technical = level_table(hr)
    assert service[1:] == (3, 0, 0, 0)
    assert technical[1:] == (4, 0, 0, 0)
    (card,) = levels(hr, floor.supervisor, timezone.now())
    assert len(card["headers"]) == len(card["rows"][0]) == 5


@pytest.mark.parametrize("state", ["open", "locked"])
def test_a_candidate_of_a_cycle_under_way_is_named_and_one_of_a_published_is_not(state):
    cycle = make_cycle(state, people=1)
    person, hr = cycle.candidacies.get().employee, cycle.opened_by
    (one,) = is_candidate(departure(person), hr)
    assert one.url == reverse("cycle", args=[cycle.pk])
    assert list(is_candidate(Change("leave", person, DAY, DAY), hr))
    type(cycle).objects.update(status="published")
    assert not list(is_candidate(departure(person), hr))


def test_a_move_names_the_candidacy_only_where_it_leaves_the_track():
    cycle = make_cycle("open", people=1)
    person, hr = cycle.candidacies.get().employee, cycle.opened_by

    def move(**place):
        return Change("move", person, DAY, **{"dealer": person.dealer, "position": person.position, **place})

    assert not list(is_candidate(move(position=make_position("technical_supervisor")), hr))
    assert list(is_candidate(move(position=make_position("advisor")), hr))
    assert list(is_candidate(move(dealer=make_dealer("YT02")), hr))


def test_a_seat_that_has_not_signed_is_named_with_its_cycle(django_assert_num_queries):
    cycle = make_cycle("locked", people=1)
    member = cycle.panel.select_related("examiner").first()
    hr = cycle.opened_by
    hr.get_all_permissions()
    with django_assert_num_queries(1):
        (one,) = is_on_panel(departure(member.examiner), hr)
    assert str(cycle) in one.title
    cycle.panel.update(signed_at=timezone.now(), signed_by=hr)
    assert not list(is_on_panel(departure(member.examiner), hr))


def test_decisions_are_for_oneself_and_for_whoever_reads_gradings():
    award = make_award()
    person, hr = award.employee, make_employee("hr_officer").user
    assert decisions(person, hr, timezone.now()) == {"decisions": [award], "has_page": True}
    assert decisions(person, person.user, timezone.now())["has_page"] is False
    assert decisions(make_employee(), hr, timezone.now()) is None
    assert reads_gradings(person.user, person)
    assert reads_gradings(hr, person)
    assert not reads_gradings(make_employee("information_assistant").user, person)


def test_my_growth_shows_the_own_checklist_while_the_cycle_is_open():
    cycle = make_cycle("open", people=1)
    person = cycle.candidacies.get().employee
    assert growth(person, person.user, timezone.now())["level"] == 0
