from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given

from talent_pool.interns.floor import Place, days_of
from talent_pool.interns.planning.rotas import plan_of
from talent_pool.interns.verifying import broken
from tests.each import each
from tests.talent_pool.interns.floors import day, floor, interns, mentors, places, some_floor, stay


def seen(plan):
    found = defaultdict(set)
    for one in plan.stays:
        found[one.intern].add(one.place)
    return found


# --- On any floor -----------------------------------------------------------------------------------------------------


@given(some_floor())
def test_no_plan_breaks_a_rule(ground):
    assert broken(plan_of(ground).stays, ground) == []


@given(some_floor())
def test_what_is_begun_stays_and_the_rest_is_planned_around_it(ground):
    first = plan_of(ground).stays
    later = replace(ground, kept=tuple(first[::2]), not_before=ground.not_before + timedelta(days=10))
    assert broken([*first[::2], *plan_of(later).stays], later) == []


@given(some_floor())
def test_every_day_of_an_internship_is_at_a_station_or_said_to_be_at_none(ground):
    plan = plan_of(ground)
    for intern in ground.interns:
        mine = [one for one in [*plan.stays, *plan.gaps] if one.intern == intern.pk]
        days = Counter(on for one in mine for on in days_of(one.first, one.last))
        assert not days or max(days.values()) == 1
        begin = max(intern.first, ground.not_before)
        workdays = [on for on in days_of(begin, intern.last) if on.weekday() < intern.days_a_week]
        assert all(on in days or any(a <= on <= b for a, b in intern.pauses) for on in workdays)


@given(some_floor())
def test_the_same_floor_gives_the_same_plan(ground):
    assert plan_of(ground) == plan_of(ground)


@given(some_floor())
def test_whoever_stands_idle_is_told_about_every_station(ground):
    in_use = {place.pk for place in ground.places if place.in_use}
    assert all({place for place, _rule in gap.reasons} == in_use for gap in plan_of(ground).gaps)


# --- As many stations as fit, fairly ----------------------------------------------------------------------------------


def test_three_interns_see_three_stations_of_one_place_each():
    plan = plan_of(floor(3, interns(3, 12)))
    assert seen(plan) == {101: {1, 2, 3}, 102: {1, 2, 3}, 103: {1, 2, 3}}
    assert not plan.gaps


def test_six_interns_see_all_six_stations_in_their_weeks():
    plan = plan_of(floor(6, interns(6, 24)))
    assert each(len(places) == 6 for places in seen(plan).values())
    assert not plan.gaps
    assert not plan.missed


def test_nobody_is_idle_while_another_has_two():
    plan = plan_of(floor(2, interns(3, 8)))
    assert sorted(map(len, seen(plan).values())) == [1, 1, 2]


def test_whoever_is_nowhere_takes_the_second_station_of_another():
    late, early = interns(1, 8)[0], replace(interns(2, 8)[1], last=day(2, 4))
    plan = plan_of(floor([Place(1, "P1", weeks=2), Place(2, "P2", weeks=2)], [late, early], others=(stay(7, 2, day(0), day(1, 6)),)))
    assert each(places for places in seen(plan).values())
    assert set(seen(plan)) == {101, 102}


def test_the_weeks_of_a_station_are_spent_there_at_a_stretch():
    plan = plan_of(floor([Place(1, "P1", weeks=3), Place(2, "P2", weeks=5)], 1))
    assert [(one.first, one.last) for one in plan.stays] == [(day(0), day(2, 6)), (day(3), day(7, 6))]


def test_whoever_has_seen_all_goes_on_where_there_is_room():
    plan = plan_of(floor(1, interns(1, 8)))
    assert [(one.first, one.last) for one in plan.stays] == [(day(0), day(7, 6))]


def test_planning_goes_on_after_what_was_before():
    ground = floor(2, 1, kept=(stay(101, 1, day(0), day(3, 6)),), not_before=day(2))
    assert [(one.place, one.first) for one in plan_of(ground).stays] == [(2, day(4))]


# --- What is in the way -----------------------------------------------------------------------------------------------


def test_places_that_another_batch_has_are_not_given_again():
    ground = floor(1, interns(1, 4), others=(stay(7, 1, day(0), day(1, 6)),))
    plan = plan_of(ground)
    assert [(one.first, one.last) for one in plan.stays] == [(day(2), day(3, 6))]
    assert [(gap.first, gap.last, gap.reasons) for gap in plan.gaps] == [(day(0), day(1, 6), ((1, "full"),))]


def test_a_break_is_left_out_and_the_station_taken_up_again_after_it():
    person = interns(1, 6, pauses=((day(2), day(2, 6)),))
    plan = plan_of(floor(2, person))
    assert [(one.place, one.first, one.last) for one in plan.stays] == [
        (1, day(0), day(1, 6)),
        (1, day(3), day(4, 6)),
        (2, day(5), day(5, 6)),
    ]


def test_a_term_that_begins_on_a_wednesday_is_planned_from_there():
    person = interns(1, 2, first=day(0, 2))
    assert plan_of(floor(1, person)).stays[0].first == day(0, 2)


def test_a_minor_goes_to_a_high_risk_station_from_the_birthday_on():
    person = interns(1, 6, adult_on=day(3))
    plan = plan_of(floor([Place(1, "paint", weeks=2, is_high_risk=True)], person))
    assert plan.stays[0].first == day(3)
    assert plan.gaps[0].reasons == ((1, "high_risk"),)


def test_whose_birth_date_is_not_known_counts_as_a_minor():
    person = interns(1, 6, adult_on=None)
    plan = plan_of(floor([Place(1, "paint", is_high_risk=True)], person))
    assert not plan.stays
    assert plan.missed[0].rule == "high_risk"


def test_what_a_station_asks_is_said_where_it_is_not_held():
    stations = [Place(1, "EV", asks_level=1), Place(2, "AC", asks_certificate="AC"), Place(3, "body", asks_course=7), Place(4, "wash")]
    plan = plan_of(floor(stations, interns(1, 4)))
    assert {one.place: one.rule for one in plan.missed} == {1: "asks_level", 2: "asks_certificate", 3: "asks_course"}


def test_a_station_that_nobody_may_mentor_says_so():
    plan = plan_of(floor([Place(1, "EV", mentor_track="technical", mentor_level=3)], interns(1, 4)))
    assert plan.gaps[0].reasons == ((1, "no_mentor"),)
    assert plan.missed[0].rule == "no_mentor"


def test_a_station_out_of_use_is_not_planned():
    plan = plan_of(floor([Place(1, "old", in_use=False), Place(2, "new")], 1))
    assert {one.place for one in plan.stays} == {2}


def test_a_station_that_no_time_is_left_for_is_named():
    plan = plan_of(floor(3, interns(1, 8)))
    assert [(one.place, one.rule) for one in plan.missed] == [(3, "no_time")]


# --- Mentors ----------------------------------------------------------------------------------------------------------


def test_another_mentor_takes_over_while_one_is_on_leave():
    away, other = mentors(2)
    away = replace(away, away=((day(2), day(2, 6)),))
    plan = plan_of(floor([Place(1, "P1", weeks=4)], interns(1, 4), [away, other]))
    assert {one.mentor for one in plan.stays} == {902}
    alone = plan_of(floor([Place(1, "P1", weeks=4)], interns(1, 4), [away]))
    assert [(one.first, one.last) for one in alone.stays] == [(day(0), day(1, 6)), (day(3), day(3, 6))]


def test_a_mentor_has_no_more_than_they_may():
    plan = plan_of(floor(places(1, capacity=3), interns(3, 4), mentors(1, most=2)))
    assert {one.intern for one in plan.stays} == {101, 102}
    assert {gap.reasons for gap in plan.gaps} == {((1, "no_mentor"),)}


def test_interns_are_spread_over_mentors():
    plan = plan_of(floor(places(1, capacity=2), interns(2, 4)))
    assert len({one.mentor for one in plan.stays}) == 2


# --- Hours ------------------------------------------------------------------------------------------------------------


def test_hours_leave_holidays_out_and_never_pass_eight_a_day():
    plan = plan_of(floor(1, interns(1, 1, hours_a_day=10), holidays=frozenset({day(0)})))
    assert plan.stays[0].hours == 32


def test_a_batch_of_thirty_at_ten_stations_is_planned_without_gaps():
    stations = places(10, capacity=3, weeks=2)
    plan = plan_of(floor(stations, interns(30, 26), mentors(15, most=2)))
    assert not plan.gaps
    assert not plan.missed


def test_no_station_no_mentor_no_intern_is_no_trouble():
    assert plan_of(floor(0, 0, [])).stays == []
    assert plan_of(floor(0, 1, [])).gaps[0].reasons == ()
    assert plan_of(floor(1, interns(1, 1, first=date(2026, 11, 4), last=date(2026, 11, 4)))).stays[0].hours == 8
