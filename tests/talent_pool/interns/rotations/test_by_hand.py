from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.audit.models import Event
from lms.common.shown import ChangedMeanwhile, Shown
from lms.common.states import WrongHands
from lms.people.models import Leave
from talent_pool.interns.actions.rotating import (
    CannotRotate,
    add_rotation,
    change_rotation,
    drop_rotation,
    hand_over_mentor,
    plan_rotations,
    transfer,
)
from talent_pool.interns.models import Pause, Placement, Rotation
from talent_pool.interns.planning.rotas import plan_of
from talent_pool.interns.queries.planning import ground_of
from talent_pool.interns.verifying import broken
from tests.each import each
from tests.factories import make_mentor, make_station
from tests.talent_pool.interns.floors import planned_floor
from tests.talent_pool.interns.rotations.ground import AT, FIRST, LAST, make_ground

pytestmark = pytest.mark.django_db
WEEK, DAY = timedelta(days=7), timedelta(days=1)
DURING = AT + 2 * WEEK  # in the second week of the batch
TODAY = date(2026, 11, 9)


@pytest.fixture
def here():
    """Two interns, two stations of one place, eight weeks: each is at one for four weeks, then at the other; a third mentor is free."""
    here = make_ground(2, 2, 2)
    plan_rotations(batch=here.batch, by=here.by, at=AT)
    here.third = make_mentor(here.dealer, name="赵师傅").employee
    here.rotations = list(Rotation.objects.order_by("placement", "starts_on"))
    return here


def same(rotation, **values):
    given = {"station": rotation.station, "mentor": rotation.mentor, "starts_on": rotation.starts_on, "ends_on": rotation.ends_on}
    return {"rotation": rotation, "reason": "店里安排", **given, **values}


# --- Changing what is to come -----------------------------------------------------------------------------------------


def test_a_rotation_to_come_is_shortened_and_its_hours_go_with_it(here):
    one = change_rotation(**same(here.rotations[1], ends_on=LAST - WEEK), by=here.by, at=DURING)
    assert (one.ends_on, one.planned_hours, one.reason) == (LAST - WEEK, 120, "店里安排")
    event = Event.objects.get(verb="interns.rotation_changed")
    assert event.before["ends_on"] != event.after["ends_on"]


def test_a_full_station_is_refused_with_its_places_and_the_day(here):
    with pytest.raises(CannotRotate, match=r"Station 1 takes 1 at once and is full on 30 Nov 2026"):
        change_rotation(**same(here.rotations[1], station=here.stations[0]), by=here.by, at=DURING)


def test_nobody_is_at_two_stations_at_once(here):
    free = make_station("free", dealer=here.dealer, name_en="Free")
    with pytest.raises(CannotRotate, match="is at another station"):
        add_rotation(
            placement=here.placements[0], station=free, mentor=here.third, starts_on=FIRST + WEEK, ends_on=FIRST + 2 * WEEK, reason="补位",
            by=here.by, at=DURING,
        )  # fmt: skip


def test_a_minor_is_refused_at_a_high_risk_station(here):
    student = here.placements[0].person.student
    type(student).objects.filter(pk=student.pk).update(born_on=date(2010, 1, 1))
    risky = make_station("paint", dealer=here.dealer, name_en="Paint", is_high_risk=True)
    with pytest.raises(CannotRotate, match="high-risk work"):
        change_rotation(**same(here.rotations[1], station=risky), by=here.by, at=DURING)


def test_a_mentor_on_leave_is_refused_at_the_field_of_the_mentor(here):
    Leave.objects.create(employee=here.third, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 6))
    with pytest.raises(CannotRotate, match="赵师傅 is on leave from 1 Dec 2026") as refused:
        change_rotation(**same(here.rotations[1], mentor=here.third), by=here.by, at=DURING)
    assert refused.value.field == "mentor"


def test_a_mentor_with_enough_is_refused(here):
    here.third.mentorships.update(most_at_once=1)
    change_rotation(**same(here.rotations[1], mentor=here.third), by=here.by, at=DURING)
    with pytest.raises(CannotRotate, match="as many newcomers"):
        change_rotation(**same(here.rotations[3], mentor=here.third), by=here.by, at=DURING)


def test_a_break_and_the_end_of_the_term_are_kept(here):
    Pause.objects.create(
        placement=here.placements[0], starts_on=LAST - DAY, ends_on=LAST, reason="考试", recorded_at=AT, recorded_by=here.by
    )
    with pytest.raises(CannotRotate, match="has a break from 26 Dec 2026"):
        change_rotation(**same(here.rotations[1]), by=here.by, at=DURING)
    with pytest.raises(CannotRotate, match="doesn't cover these days"):
        change_rotation(**same(here.rotations[3], ends_on=LAST + DAY), by=here.by, at=DURING)


def test_what_was_amiss_before_elsewhere_hinders_nobody(here):
    Rotation.objects.filter(pk=here.rotations[2].pk).update(mentor=None)
    change_rotation(**same(here.rotations[1], ends_on=LAST - WEEK), by=here.by, at=DURING)


def test_a_page_behind_the_times_changes_nothing(here):
    shown = Shown({"ends_on": ["2026-01-01", "1 Jan 2026"]})
    with pytest.raises(ChangedMeanwhile):
        change_rotation(**same(here.rotations[1]), shown=shown, by=here.by, at=DURING)


def test_no_change_is_without_a_reason(here):
    with pytest.raises(CannotRotate, match="Say why") as refused:
        change_rotation(**same(here.rotations[1], reason=" "), by=here.by, at=DURING)
    assert refused.value.field == "reason"
    with pytest.raises(CannotRotate, match="Say why"):
        drop_rotation(rotation=here.rotations[1], reason="", by=here.by, at=DURING)


def test_the_last_day_is_not_before_the_first(here):
    with pytest.raises(CannotRotate, match="lies before the first"):
        change_rotation(**same(here.rotations[1], ends_on=FIRST), by=here.by, at=DURING)


def test_one_to_come_is_dropped_and_the_place_is_free(here):
    drop_rotation(rotation=here.rotations[1], reason="学校考试", by=here.by, at=DURING)
    drop_rotation(rotation=here.rotations[3], reason="学校考试", by=here.by, at=DURING)
    assert Event.objects.filter(verb="interns.rotation_dropped", after={"reason": "学校考试"}).count() == 2
    other = here.rotations[3].station
    start = here.rotations[1].starts_on
    added = add_rotation(
        placement=here.placements[0], station=other, mentor=here.third, starts_on=start, ends_on=LAST, reason="补排", by=here.by, at=DURING
    )
    assert added.planned_hours == 160


# --- What is under way, and what is over ------------------------------------------------------------------------------


def test_what_has_begun_keeps_its_station_and_first_day(here):
    for values in ({"station": here.stations[1]}, {"mentor": here.third}, {"starts_on": FIRST + DAY}):
        with pytest.raises(CannotRotate, match="has begun"):
            change_rotation(**same(here.rotations[0], **values), by=here.by, at=DURING)
    with pytest.raises(CannotRotate, match="stays as it was"):
        change_rotation(**same(here.rotations[0], ends_on=TODAY - DAY), by=here.by, at=DURING)
    assert change_rotation(**same(here.rotations[0], ends_on=TODAY), by=here.by, at=DURING).ends_on == TODAY


def test_what_has_begun_is_not_dropped(here):
    with pytest.raises(CannotRotate, match="has begun, so it stays"):
        drop_rotation(rotation=here.rotations[0], reason="换人", by=here.by, at=DURING)


def test_what_is_over_is_nobody_s_to_change(here):
    for act in (
        lambda: change_rotation(**same(here.rotations[0]), by=here.by, at=AT + 8 * WEEK),
        lambda: transfer(
            rotation=here.rotations[0], station=here.stations[1], mentor=here.third, on=LAST, reason="x", by=here.by, at=AT + 8 * WEEK
        ),
    ):
        with pytest.raises(CannotRotate, match="is over"):
            act()


def test_nothing_is_added_to_days_that_are_over(here):
    Rotation.objects.all().delete()
    with pytest.raises(CannotRotate, match="stays as it was"):
        add_rotation(
            placement=here.placements[0], station=here.stations[0], mentor=here.third, starts_on=FIRST, ends_on=LAST, reason="补录",
            by=here.by, at=DURING,
        )  # fmt: skip


def test_a_transfer_leaves_the_days_before_it_as_they_were(here):
    free = make_station("free", dealer=here.dealer, name_en="Free")
    rest = transfer(rotation=here.rotations[0], station=free, mentor=here.third, on=TODAY + WEEK, reason="不适应", by=here.by, at=DURING)
    first = Rotation.objects.get(pk=here.rotations[0].pk)
    assert (first.station, first.starts_on, first.ends_on, first.planned_hours) == (here.stations[0], FIRST, TODAY + WEEK - DAY, 80)
    assert (rest.station, rest.starts_on, rest.ends_on, rest.mentor, rest.reason) == (
        free,
        TODAY + WEEK,
        FIRST + 4 * WEEK - DAY,
        here.third,
        "不适应",
    )
    assert Event.objects.filter(verb="interns.moved_to_station").count() == 1


def test_a_transfer_is_to_another_station_on_one_of_its_days_and_not_before_today(here):
    free = make_station("free", dealer=here.dealer)
    with pytest.raises(CannotRotate, match="at this station already"):
        transfer(rotation=here.rotations[0], station=here.stations[0], mentor=here.third, on=TODAY, reason="换", by=here.by, at=DURING)
    with pytest.raises(CannotRotate, match="a day of this rotation"):
        transfer(rotation=here.rotations[0], station=free, mentor=here.third, on=LAST, reason="换", by=here.by, at=DURING)
    with pytest.raises(CannotRotate, match="stays as it was"):
        transfer(rotation=here.rotations[0], station=free, mentor=here.third, on=FIRST + DAY, reason="换", by=here.by, at=DURING)


def test_a_mentor_is_handed_over_from_a_day_on(here):
    hand_over_mentor(rotation=here.rotations[0], mentor=here.third, on=TODAY + DAY, reason="请假", by=here.by, at=DURING)
    rows = list(
        Rotation.objects.filter(placement=here.placements[0], ends_on__lt=FIRST + 4 * WEEK).values_list("mentor", "starts_on", "ends_on")
    )
    before, after = here.rotations[0].mentor_id, here.third.pk
    assert rows == [(before, FIRST, TODAY), (after, TODAY + DAY, FIRST + 4 * WEEK - DAY)]


def test_a_mentor_of_one_to_come_is_handed_over_whole(here):
    one = hand_over_mentor(
        rotation=here.rotations[1], mentor=here.third, on=here.rotations[1].starts_on, reason="换", by=here.by, at=DURING
    )
    assert (one.pk, one.mentor) == (here.rotations[1].pk, here.third)


def test_a_mentor_who_is_gone_is_replaced(here):
    gone = here.rotations[0].mentor
    gone.mentorships.update(ended_at=DURING, ended_by=here.by)
    assert each(one.rule == "mentor_gone" for one in ground_of(here.batch, TODAY).broken)
    for one in here.rotations:
        if one.mentor_id == gone.pk:
            hand_over_mentor(rotation=one, mentor=here.third, on=max(one.starts_on, TODAY), reason="离职", by=here.by, at=DURING)
    left = [one for one in ground_of(here.batch, TODAY).broken if one.on >= TODAY]
    assert left == []


def test_a_mentor_takes_over_from_somebody_else(here):
    with pytest.raises(CannotRotate, match="is the mentor already"):
        hand_over_mentor(rotation=here.rotations[0], mentor=here.rotations[0].mentor, on=TODAY, reason="换", by=here.by, at=DURING)


def test_a_rotation_that_is_gone_is_said_to_be(here):
    Rotation.objects.filter(pk=here.rotations[1].pk).delete()
    with pytest.raises(CannotRotate, match="not there any more"):
        drop_rotation(rotation=here.rotations[1], reason="换", by=here.by, at=DURING)


def test_an_internship_that_is_over_has_nothing_to_plan(here):
    Placement.objects.filter(pk=here.placements[0].pk).update(stage="declined")
    with pytest.raises(CannotRotate, match="not there any more"):
        drop_rotation(rotation=here.rotations[1], reason="换", by=here.by, at=DURING)
    with pytest.raises(CannotRotate, match="nothing to plan"):
        add_rotation(
            placement=here.placements[0], station=here.stations[0], mentor=here.third, starts_on=TODAY, ends_on=LAST, reason="补",
            by=here.by, at=DURING,
        )  # fmt: skip


def test_strangers_change_nothing(here):
    stranger = make_ground(code="L09").by
    owner = here.placements[0].person.user
    for by in (stranger, owner, here.mentors[0].user):
        for act in (
            lambda by=by: change_rotation(**same(here.rotations[1]), by=by, at=DURING),
            lambda by=by: drop_rotation(rotation=here.rotations[1], reason="x", by=by, at=DURING),
            lambda by=by: hand_over_mentor(rotation=here.rotations[1], mentor=here.third, on=LAST, reason="x", by=by, at=DURING),
        ):
            with pytest.raises(WrongHands):
                act()


@given(planned_floor(), some.data())
def test_two_days_swapped_by_hand_never_pass_unseen(ground, data):
    """Whatever is moved to where it was not: either it fits by the rules, or the verdict names the one that was moved."""
    stays = plan_of(ground).stays
    one, other = data.draw(some.sampled_from(stays)), data.draw(some.sampled_from(stays))
    moved = one.__class__(one.intern, other.place, one.mentor, other.first, other.last, pk=1)
    after = [stay for stay in stays if stay is not one] + [moved]
    found = broken(after, ground)
    assert not found or moved.intern in {each_one.intern for each_one in found} or moved.mentor in {each_one.mentor for each_one in found}
