"""A mentor leaves, goes on leave, loses the level: who is told of it, before and after."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from assessments.certification.models import OEMCertificate
from courses.learning.models import Completion
from lms.common.registries import Change
from lms.people.models import Employee, Leave
from talent_pool.interns.actions.rotating import plan_rotations
from talent_pool.interns.due import for_the_workshop
from talent_pool.interns.effects import mentored
from talent_pool.interns.models import Rotation, Station
from talent_pool.interns.queries.planning import ground_of
from talent_pool.interns.queries.rotation_words import words_of
from tests.factories import make_course, make_dealer, make_employee, make_newcomer, make_task_book
from tests.talent_pool.interns.rotations.ground import AT, FIRST, make_ground

pytestmark = pytest.mark.django_db
DURING = AT + timedelta(days=14)
TODAY = FIRST + timedelta(days=7)


@pytest.fixture
def here():
    here = make_ground(2, 2, 2)
    plan_rotations(batch=here.batch, by=here.by, at=AT)
    here.mentor = Rotation.objects.order_by("pk").first().mentor
    return here


def effects(here, kind, **values):
    change = Change(kind, here.mentor, values.pop("first", TODAY), **values)
    return [(str(one.title), one.url) for one in mentored(change, here.by)]


def due(here):
    return [one["title"] for one in for_the_workshop(here.supervisor, DURING)]


def test_a_departure_names_the_interns_it_leaves_without_a_mentor(here):
    ((title, url),) = effects(here, Change.Kind.DEPARTURE)
    assert "学员" in title
    assert url == reverse("rotations", args=[here.batch.pk])


def test_a_leave_names_those_of_its_days_alone(here):
    assert effects(here, Change.Kind.LEAVE, last=TODAY + timedelta(days=3))
    assert not effects(here, Change.Kind.LEAVE, first=FIRST - timedelta(days=9), last=FIRST - timedelta(days=2))


def test_a_move_to_another_dealer_or_post_leaves_interns(here):
    values = {"dealer": make_dealer("L77"), "position": here.mentor.position}
    assert effects(here, Change.Kind.MOVE, **values)
    assert not effects(here, Change.Kind.MOVE, dealer=here.dealer, position=here.mentor.position)


def test_the_workshop_has_nothing_to_do_while_all_is_well(here):
    assert due(here) == []


def test_the_workshop_is_told_when_a_mentor_has_left(here):
    Employee.objects.filter(pk=here.mentor.pk).update(status="left", left_on=TODAY)
    assert due(here) == ["Another mentor for 学员1"] or due(here) == ["Another mentor for 学员2"]


def test_the_workshop_is_told_when_the_appointment_ends(here):
    here.mentor.mentorships.update(ended_at=DURING, ended_by=here.by)
    assert len(due(here)) == 1


@pytest.mark.parametrize(("days", "told"), [(2, 0), (3, 1), (40, 1)])
def test_the_workshop_is_told_of_a_long_leave_and_not_of_two_days(here, days, told):
    Leave.objects.create(employee=here.mentor, starts_on=TODAY, ends_on=TODAY + timedelta(days=days - 1))
    assert len(due(here)) == told


def test_newcomers_who_are_no_interns_take_a_mentor_s_time_as_well(here):
    named = here.mentor.mentorships.get()
    make_task_book(here.dealer, mentor=named, newcomer=make_newcomer(here.dealer, kind="staff"))
    make_task_book(here.dealer, mentor=named, newcomer=make_newcomer(here.dealer))
    busy = {one.pk: one.busy for one in ground_of(here.batch, TODAY).floor.mentors}
    assert busy == {one.pk: int(one == here.mentor) for one in here.mentors}


def test_the_workshop_is_told_when_a_level_is_too_low(here):
    Station.objects.update(mentor_level=2)
    assert len(due(here)) == 1
    assert {one.rule for one in ground_of(here.batch, TODAY).broken} == {"mentor_level"}


def test_nobody_else_has_it_to_do(here, django_assert_num_queries):
    here.mentor.mentorships.update(ended_at=DURING, ended_by=here.by)
    for one in (make_employee("general_manager", dealer=here.dealer), here.mentor, make_ground(code="L09").supervisor):
        assert for_the_workshop(one, DURING) == []
    here.by.has_perm("interns.manage_stations")
    with django_assert_num_queries(1):
        for_the_workshop(here.supervisor, DURING)


def test_each_rule_has_its_words(here):
    ground = ground_of(here.batch, TODAY)
    Leave.objects.create(employee=here.mentor, starts_on=TODAY, ends_on=TODAY + timedelta(days=9))
    found = ground_of(here.batch, TODAY).broken
    assert ground.broken == []
    assert words_of(found[0], ground).endswith("Name another mentor for these days.")


def test_certificates_and_courses_are_read(here):
    course = make_course("hv", lessons=1)
    Station.objects.filter(pk=here.stations[0].pk).update(asks_certificate="HV　授权", asks_course=course)
    asked = {("asks_certificate", one.pk) for one in here.placements} | {("asks_course", one.pk) for one in here.placements}
    assert {(one.rule, one.intern) for one in ground_of(here.batch, TODAY).broken} == asked
    for one in here.placements:
        values = {"level": 1, "number": f"N{one.pk}", "issued_on": FIRST, "expires_on": date(2027, 12, 31)}
        OEMCertificate.objects.create(employee=one.person, name="hv 授权", **values)
        Completion.objects.create(employee=one.person, course=course, language="zh-hans", completed_at=AT)
    assert ground_of(here.batch, TODAY).broken == []
