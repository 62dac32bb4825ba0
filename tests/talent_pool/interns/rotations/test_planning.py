from datetime import date, timedelta

import pytest
from django.utils import timezone

from lms.audit.models import Event
from lms.common.states import WrongHands
from lms.people.models import Holiday, Leave
from talent_pool.interns.actions.rotating import CannotRotate, digest_of, plan_rotations
from talent_pool.interns.models import Pause, Placement, Rotation
from talent_pool.interns.queries.planning import ground_of, plan_for
from tests.each import each
from tests.factories import hr_of, make_batch, make_employee, make_placement, make_rotation, make_student
from tests.talent_pool.interns.rotations.ground import AT, FIRST, LAST, make_ground

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(AT)


def rows(batch):
    found = Rotation.objects.filter(placement__batch=batch).order_by("placement", "starts_on")
    return list(found.values_list("placement", "station", "starts_on", "ends_on"))


def test_planning_writes_who_is_where_with_whom_for_how_many_hours():
    here = make_ground()
    plan_rotations(batch=here.batch, by=here.by, at=AT)
    one, two = (place.pk for place in here.stations)
    first, second = (placement.pk for placement in here.placements)
    half = date(2026, 11, 30)
    before = half - timedelta(days=1)
    assert rows(here.batch) == [
        (first, one, FIRST, before),
        (first, two, half, LAST),
        (second, two, FIRST, before),
        (second, one, half, LAST),
    ]
    assert each(one.planned_hours == 160 and one.mentor in here.mentors and one.made_by == here.by for one in Rotation.objects.all())
    assert Event.objects.filter(verb="interns.rotations_planned", actor=here.by).count() == 1


def test_planning_twice_changes_nothing():
    here = make_ground()
    plan_rotations(batch=here.batch, by=here.by, at=AT)
    before = list(Rotation.objects.values_list("pk", flat=True))
    plan_rotations(batch=here.batch, by=here.by, at=AT + timedelta(days=1))
    assert list(Rotation.objects.values_list("pk", flat=True)) == before
    assert Event.objects.filter(verb="interns.rotations_planned").count() == 1


def test_the_plan_that_was_looked_at_is_the_one_that_is_written():
    here = make_ground()
    seen = digest_of(plan_for(ground_of(here.batch, TODAY)))
    Leave.objects.create(employee=here.mentors[0], starts_on=FIRST, ends_on=LAST)
    with pytest.raises(CannotRotate, match="another one now"):
        plan_rotations(batch=here.batch, seen=seen, by=here.by, at=AT)
    assert not Rotation.objects.exists()


def test_what_has_begun_and_what_was_arranged_by_hand_stays():
    here = make_ground(1)
    begun = make_rotation(here.placements[0], here.stations[0], mentor=here.mentors[0], starts_on=FIRST, ends_on=FIRST + timedelta(days=6))
    last_week = {"starts_on": LAST - timedelta(days=6), "ends_on": LAST}
    by_hand = make_rotation(here.placements[0], here.stations[0], mentor=here.mentors[0], reason="工位空着", **last_week)
    planned = make_rotation(here.placements[0], here.stations[0], mentor=here.mentors[0], starts_on=FIRST + timedelta(days=21))
    plan_rotations(batch=here.batch, anew=True, by=here.by, at=AT + timedelta(days=8))
    there = set(Rotation.objects.values_list("pk", flat=True))
    assert {begun.pk, by_hand.pk} < there
    assert planned.pk not in there


def test_what_is_planned_and_still_fits_stays_when_it_is_planned_again_while_it_goes_on():
    here = make_ground(5, 3, 2)
    plan_rotations(batch=here.batch, by=here.by, at=AT)
    before = rows(here.batch)
    plan_rotations(batch=here.batch, by=here.by, at=AT + timedelta(days=10))
    assert rows(here.batch) == before


def test_what_fits_no_longer_is_planned_anew_and_the_rest_stays():
    here = make_ground(2, 2, 2)
    plan_rotations(batch=here.batch, by=here.by, at=AT)
    gone = here.mentors[0]
    kept = set(Rotation.objects.exclude(mentor=gone).values_list("pk", flat=True))
    gone.mentorships.update(ended_at=AT, ended_by=here.by)
    plan_rotations(batch=here.batch, by=here.by, at=AT)
    assert kept <= set(Rotation.objects.values_list("pk", flat=True))
    assert not Rotation.objects.filter(mentor=gone).exists()
    assert ground_of(here.batch, TODAY).broken == []


def test_other_batches_keep_their_places():
    here = make_ground(1, 1)
    other = make_batch(here.batch.targeted_class, starts_on=FIRST, ends_on=LAST)
    theirs = make_placement(other, make_student(other.targeted_class), stage="under_way")
    make_rotation(theirs, here.stations[0], mentor=here.mentors[0], ends_on=LAST - timedelta(days=7))
    plan = plan_for(ground_of(here.batch, TODAY))
    assert [(stay.first, stay.last) for stay in plan.stays] == [(LAST - timedelta(days=6), LAST)]
    assert plan.gaps[0].reasons == ((here.stations[0].pk, "full"),)


def test_a_place_is_free_again_where_an_internship_ended_early():
    here = make_ground(1, 1)
    other = make_batch(here.batch.targeted_class, starts_on=FIRST, ends_on=LAST)
    values = {"ended_on": FIRST + timedelta(days=6), "ended_reason": "家中有事"}
    theirs = make_placement(other, make_student(other.targeted_class), stage="ended", **values)
    make_rotation(theirs, here.stations[0], mentor=here.mentors[0], ends_on=LAST)
    plan = plan_for(ground_of(here.batch, TODAY))
    assert plan.stays[0].first == FIRST + timedelta(days=7)


def test_leave_breaks_holidays_and_birthdays_are_read():
    here = make_ground(1, 2, 1)
    student = here.placements[0].person.student
    type(student).objects.filter(pk=student.pk).update(born_on=date(2008, 11, 30))
    here.stations[0].is_high_risk = True
    here.stations[0].save()
    Pause.objects.create(
        placement=here.placements[0], starts_on=FIRST, ends_on=FIRST + timedelta(days=6), reason="考试", recorded_at=AT, recorded_by=here.by
    )
    Leave.objects.create(employee=here.mentors[0], starts_on=date(2026, 11, 16), ends_on=date(2026, 11, 22))
    Holiday.objects.create(on=date(2026, 11, 10), name="店庆")
    plan = plan_for(ground_of(here.batch, TODAY))
    first, second, *_rest = plan.stays
    assert (first.place, first.first, first.last, first.hours) == (here.stations[1].pk, date(2026, 11, 9), date(2026, 11, 15), 32)
    assert second.first == date(2026, 11, 23)
    risky = [one for one in plan.stays if one.place == here.stations[0].pk]
    assert each(one.first >= date(2026, 11, 30) for one in risky)


def test_the_statements_are_the_same_for_two_as_for_ten(django_assert_num_queries):
    here, more = make_ground(2), make_ground(10, 4, 5, code="L02")
    with django_assert_num_queries(9):
        ground_of(here.batch, TODAY)
    with django_assert_num_queries(9):
        ground_of(more.batch, TODAY)


@pytest.mark.parametrize("position", ["technician", "general_manager", "information_assistant"])
def test_it_is_planned_by_the_workshop_and_hr(position):
    here = make_ground()
    with pytest.raises(WrongHands):
        plan_rotations(batch=here.batch, by=make_employee(position, dealer=here.dealer).user, at=AT)
    with pytest.raises(WrongHands):
        plan_rotations(batch=here.batch, by=make_ground(code="L09").by, at=AT)
    plan_rotations(batch=here.batch, by=hr_of(here.dealer), at=AT)
    assert Rotation.objects.exists()


def test_whoever_is_out_of_the_batch_is_not_planned():
    here = make_ground()
    Placement.objects.filter(pk=here.placements[0].pk).update(stage="declined")
    plan_rotations(batch=here.batch, by=here.by, at=AT)
    assert set(Rotation.objects.values_list("placement", flat=True)) == {here.placements[1].pk}
