from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from talent_pool.interns.floor import Limits, Place, most_hours
from talent_pool.interns.planning.rotas import plan_of
from talent_pool.interns.verifying import broken
from tests.each import each
from tests.talent_pool.interns.floors import day, floor, interns, mentors, places, planned_floor, stay


def rules(stays, ground):
    return [one.rule for one in broken(stays, ground)]


ONE = stay(101, 1, day(0), day(3, 6))


def test_a_stay_within_all_rules_breaks_none():
    assert broken([ONE], floor(1, 1)) == []


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("asks_level", {"asks_level": 1}),
        ("asks_certificate", {"asks_certificate": "EV"}),
        ("asks_course", {"asks_course": 7}),
        ("out_of_use", {"in_use": False}),
        ("mentor_level", {"mentor_level": 3, "mentor_track": "technical"}),
        ("mentor_track", {"mentor_track": "service"}),
        ("mentor_certificate", {"mentor_certificate": "EV"}),
    ],
)
def test_what_a_station_asks_is_asked(rule, place):
    assert rules([ONE], floor([Place(1, "P", **place)], 1)) == [rule]


def test_a_level_is_that_of_the_track_asked_for():
    station = [Place(1, "P", asks_level=1, asks_track="technical")]
    assert rules([ONE], floor(station, interns(1, levels={"service": 3}))) == ["asks_level"]
    assert rules([ONE], floor(station, interns(1, levels={"technical": 1}))) == []


def test_a_certificate_is_valid_on_the_first_day():
    station = [Place(1, "P", asks_certificate="EV")]
    assert rules([ONE], floor(station, interns(1, certificates={"EV": day(0)}))) == []
    assert rules([ONE], floor(station, interns(1, certificates={"EV": day(-1, 6)}))) == ["asks_certificate"]


def test_a_mentor_s_certificate_is_valid_to_the_last_day():
    station = [Place(1, "P", mentor_certificate="EV")]
    assert rules([ONE], floor(station, 1, mentors(1, certificates={"EV": day(3, 6)}))) == []
    assert rules([ONE], floor(station, 1, mentors(1, certificates={"EV": day(3, 5)}))) == ["mentor_certificate"]


def test_no_minor_is_at_a_high_risk_station():
    station = [Place(1, "paint", is_high_risk=True)]
    assert rules([ONE], floor(station, interns(1, adult_on=day(0, 1)))) == ["high_risk"]
    assert rules([ONE], floor(station, interns(1, adult_on=None))) == ["high_risk"]
    assert rules([ONE], floor(station, interns(1, adult_on=day(0)))) == []


def test_a_stay_is_within_the_term_and_outside_its_breaks():
    assert rules([ONE], floor(1, interns(1, last=day(3, 5)))) == ["term"]
    assert rules([ONE], floor(1, interns(1, first=day(0, 1)))) == ["term"]
    found = broken([ONE], floor(1, interns(1, pauses=((day(3, 6), day(4)),))))
    assert [(one.rule, one.on) for one in found] == [("break", day(3, 6))]


def test_a_station_is_full_on_the_first_day_of_one_too_many():
    two = [ONE, stay(102, 1, day(2), day(4, 6))]
    assert [(one.rule, one.intern, one.on) for one in broken(two, floor(1, 2))] == [("full", 101, day(2)), ("full", 102, day(2))]
    assert broken(two, floor(places(1, capacity=2), 2)) == []
    assert broken([ONE, stay(102, 1, day(4), day(4, 6))], floor(1, 2)) == []


def test_others_fill_a_station_and_are_not_accused():
    ground = floor(1, 1, others=(stay(7, 1, day(3, 6), day(4)),))
    assert [(one.rule, one.intern, one.on) for one in broken([ONE], ground)] == [("full", 101, day(3, 6))]


def test_nobody_is_at_two_stations_at_once():
    assert rules([ONE, stay(101, 2, day(3, 6), day(4))], floor(2, 1)) == ["twice", "twice"]
    assert rules([ONE, stay(101, 2, day(4), day(4, 6))], floor(2, 1)) == []


def test_a_mentor_is_asked_for_is_somebody_else_and_is_known_here():
    assert rules([replace(ONE, mentor=None)], floor(1, 1)) == ["no_mentor"]
    assert rules([replace(ONE, mentor=999)], floor(1, 1)) == ["mentor_gone"]
    assert rules([replace(ONE, mentor=901)], floor(1, interns(1), [replace(mentors(1)[0], pk=901)])) == []
    assert rules([replace(ONE, mentor=501)], floor(1, 1, [replace(mentors(1)[0], pk=501)])) == ["own_mentor"]


def test_a_mentor_is_there_until_the_last_day():
    assert rules([ONE], floor(1, 1, mentors(1, until=day(3, 6)))) == []
    assert rules([ONE], floor(1, 1, mentors(1, until=day(3, 5)))) == ["mentor_gone"]


def test_a_mentor_may_be_away_for_two_days_and_not_for_three():
    away = (day(1), day(1, 1))
    assert rules([ONE], floor(1, 1, mentors(1, away=(away,)))) == []
    found = broken([ONE], floor(1, 1, mentors(1, away=((day(1), day(1, 2)),))))
    assert [(one.rule, one.on) for one in found] == [("mentor_away", day(1))]
    assert rules([ONE], floor(1, 1, mentors(1, away=(away,)), limits=Limits(mentor_away_days=1))) == ["mentor_away"]


def test_a_mentor_has_as_many_as_they_may_at_once():
    two = [ONE, stay(102, 2, day(0), day(0, 6))]
    assert rules(two, floor(2, 2, mentors(1, most=2))) == []
    assert rules(two, floor(2, 2, mentors(1, most=1))) == ["mentor_load"] * 2
    assert rules([ONE], floor(2, 2, mentors(1, most=1, busy=1))) == ["mentor_load"]
    assert rules([ONE], floor(2, 2, mentors(1, most=1), others=(stay(7, 2, day(3, 6), day(9)),))) == ["mentor_load"]


def test_hours_are_no_more_than_the_workdays_hold():
    assert rules([replace(ONE, hours=160)], floor(1, 1)) == []
    assert rules([replace(ONE, hours=161)], floor(1, 1)) == ["hours"]
    assert rules([replace(ONE, hours=160)], floor(1, 1, holidays=frozenset({day(1)}))) == ["hours"]


def test_six_days_of_eight_hours_make_forty_hours_a_week():
    person = interns(1, days_a_week=6)[0]
    assert most_hours(person, day(0), day(0, 6), frozenset(), Limits()) == 40
    assert most_hours(person, day(0), day(0, 6), frozenset(), Limits(hours_a_week=60)) == 48


def test_holidays_are_worked_only_where_terms_and_rules_both_allow():
    off, willing = frozenset({date(2026, 11, 2)}), interns(1, works_holidays=True)[0]
    assert most_hours(willing, day(0), day(0, 6), off, Limits()) == 32
    assert most_hours(willing, day(0), day(0, 6), off, Limits(works_holidays=True)) == 40


# --- A plan broken by hand is found out -------------------------------------------------------------------------------

BREAKS = {
    "no_mentor": lambda one, ground: replace(one, mentor=None),
    "mentor_gone": lambda one, ground: replace(one, mentor=99999),
    "hours": lambda one, ground: replace(one, hours=one.hours + 24 * 400),
    "term": lambda one, ground: replace(one, first=min(intern.first for intern in ground.interns).replace(year=2020)),
    "out_of_use": lambda one, ground: replace(one, place=99999),
}


@given(planned_floor(), some.sampled_from(sorted(BREAKS)), some.data())
def test_a_rule_broken_by_hand_is_found(ground, rule, data):
    stays = plan_of(ground).stays
    number = data.draw(some.integers(0, len(stays) - 1))
    wrong = BREAKS[rule](stays[number], ground)
    found = broken([*stays[:number], wrong, *stays[number + 1 :]], ground)
    assert (rule, wrong.intern) in {(one.rule, one.intern) for one in found}


@given(planned_floor(), some.data())
def test_a_station_that_loses_a_place_is_found_full(ground, data):
    stays = plan_of(ground).stays
    one = data.draw(some.sampled_from(stays))
    smaller = replace(ground, places=[replace(place, capacity=0) if place.pk == one.place else place for place in ground.places])
    assert ("full", one.intern) in {(found.rule, found.intern) for found in broken(stays, smaller)}


@given(planned_floor())
def test_a_stay_that_is_there_twice_is_found(ground):
    stays = plan_of(ground).stays
    assert each("twice" in rules([*stays, replace(one, pk=7)], ground) for one in stays[:3])
