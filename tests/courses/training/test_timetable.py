"""The timetable of a quarter by itself: T1 and T3 on plain facts, and the plans that version 0.1 made of such."""

import ast
import json
from collections import Counter
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.training import calendar, rota, timetable
from courses.training.calendar import is_allowed
from courses.training.rota import Presenter, Slot, is_away
from courses.training.timetable import Booked, Facts, nothing_left, timetable_of
from lms.people import calendar as people_calendar
from lms.people.calendar import published_days
from tests.each import each

FIRST, LAST = date(2026, 10, 1), date(2026, 12, 31)
GOLDEN = json.loads((Path(__file__).parent / "golden_plans.json").read_text())


def days_of(*texts):
    return [text and date.fromisoformat(text) for text in texts]


def facts_of(case):
    """The facts of a golden plan."""
    said = dict(case)
    for name in ("first", "last", "not_before"):
        said[name] = date.fromisoformat(said[name])
    said["holidays"] = {date.fromisoformat(day): tuple(row) for day, row in said["holidays"].items()}
    said["taken"] = [(date.fromisoformat(day), half) for day, half in said["taken"]]
    said["own"] = frozenset(days_of(*said["own"]))
    said["booked"] = [Booked(pk, *days_of(wanted, on), *rest) for pk, wanted, on, *rest in said["booked"]]
    said["people"] = [Presenter(pk, *days_of(hired), number, *days_of(last)) for pk, hired, number, last in said["people"]]
    said["absences"] = {int(pk): [tuple(days_of(*leave)) for leave in leaves] for pk, leaves in said["absences"].items()}
    said["later"] = [Slot(*days_of(on), fixed) for on, fixed in said["later"]]
    return Facts(**said)


def told(week):
    day = week.day
    where = (week.wanted, week.on, day.reason, day.holiday, day.other)
    who = (week.stays, week.is_guest, week.presenter, week.change, week.booked.pk if week.booked else None)
    return [one.isoformat() if isinstance(one, date) else one for one in (*where, *who)]


@pytest.mark.parametrize("number", range(len(GOLDEN)))
def test_the_same_facts_give_the_plans_that_version_0_1_gave(number):
    assert [told(week) for week in timetable_of(facts_of(GOLDEN[number]["facts"]))] == GOLDEN[number]["plan"]


def test_the_golden_plans_hold_every_kind_of_week():
    changes = Counter(row[8] for case in GOLDEN for row in case["plan"])
    assert {change for change, number in changes.items() if number >= 8} == {"new", "changed", "same", "stays", "dropped", "skipped"}


@pytest.mark.parametrize("module", [timetable, rota, calendar, people_calendar], ids=lambda module: module.__name__)
def test_planning_knows_no_database(module):
    tree = ast.parse(Path(module.__file__).read_text())
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported -= {people_calendar.__name__}
    assert not [name for name in imported if name.startswith(("django", "lms")) or name.endswith(("models", "queries", "actions"))]


# --- rules --------------------------------------------------------------------------------------


@st.composite
def quarters(draw):
    """Nothing planned yet."""
    near = st.dates(FIRST - timedelta(8), LAST + timedelta(8))
    numbers = range(1, draw(st.integers(0, 6)) + 1)
    people = [Presenter(pk, draw(st.dates(date(2015, 1, 1), FIRST)), f"T{pk}") for pk in numbers]
    away = {one.pk: [(begin := draw(near), begin + timedelta(draw(st.integers(0, 30))))] for one in people if draw(st.booleans())}
    return Facts(
        FIRST,
        LAST,
        draw(st.integers(0, 6)),
        draw(st.sampled_from(["am", "pm"])),
        draw(st.integers(0, 4)),
        draw(st.booleans()),
        draw(st.dates(FIRST - timedelta(30), LAST)),
        published_days(FIRST - timedelta(7), LAST + timedelta(7)),
        taken=draw(st.lists(st.tuples(near, st.sampled_from(["am", "pm"])), max_size=14)),
        people=people,
        absences=away,
    )


def saved(facts, weeks):
    """The facts once the plan is written."""
    return replace(
        facts, booked=[Booked(n, week.wanted, week.on, week.presenter, week.is_guest) for n, week in enumerate(weeks) if week.on]
    )


@given(quarters())
def test_planning_what_was_planned_changes_nothing(facts):
    weeks = timetable_of(facts)
    again = timetable_of(saved(facts, weeks))
    assert not [week for week in again if week.change not in ("same", "skipped")]


@given(quarters())
def test_every_day_is_allowed_to_come_and_far_enough_from_the_other_programme(facts):
    on = [week.on for week in timetable_of(facts) if week.on]
    assert not [day for day in on if day < facts.not_before or not is_allowed(day, facts.weekday, facts.holidays)]
    assert not [day for day in on for other, _half in facts.taken if abs((day - other).days) < facts.gap_days]
    assert len({day.isocalendar()[:2] for day in on}) == len(on)


@given(quarters())
def test_nobody_presents_while_away_and_guests_take_no_turn(facts):
    weeks = timetable_of(facts)
    assert not [week for week in weeks if week.presenter and (week.is_guest or is_away(facts.absences, week.presenter, week.on))]


@given(quarters())
def test_one_session_a_month_is_a_guest_lecture_where_that_is_asked_for(facts):
    weeks = [week for week in timetable_of(facts) if week.on]
    guests = Counter((week.on.year, week.on.month) for week in weeks if week.is_guest)
    months = {(week.on.year, week.on.month) for week in weeks}
    assert guests == dict.fromkeys(months if facts.guest_every_month else (), 1)


@given(quarters(), st.data())
def test_what_stays_keeps_its_day_and_its_presenter(facts, data):
    planned = saved(facts, timetable_of(facts))
    kept = data.draw(st.sets(st.integers(0, 14)))
    booked = [replace(one, stays=one.pk in kept) for one in planned.booked]
    own = frozenset(one.on for one in booked if one.stays)
    weeks = timetable_of(replace(planned, booked=booked, own=own, weekday=(facts.weekday + 1) % 7))
    before = [(one.on, one.presenter) for one in booked if one.stays]
    assert [(week.on, week.presenter) for week in weeks if week.stays and week.booked.presenter] == [pair for pair in before if pair[1]]
    assert {week.on for week in weeks if week.stays} == own


def test_from_the_first_gap_on_turns_are_given_anew_and_before_it_they_stand():
    team = [Presenter(pk, date(2020, 1, 1), f"T{pk}") for pk in (1, 2, 3)]
    facts = Facts(FIRST, LAST, 3, "pm", 0, False, FIRST - timedelta(7), published_days(FIRST - timedelta(7), LAST), people=team)
    weeks = timetable_of(facts)
    gone = replace(saved(facts, weeks), people=[one for one in team if one.pk != 3])
    place = [week.presenter for week in weeks].index(3)
    after = timetable_of(gone)
    assert [week.presenter for week in after][:place] == [week.presenter for week in weeks][:place]
    assert 3 not in [week.presenter for week in after]
    assert [week.change for week in after][:place] == ["same"] * place


def test_a_quarter_that_is_over_leaves_nothing_to_plan():
    facts = Facts(FIRST, LAST, 3, "pm", 0, False, LAST + timedelta(1), {})
    assert nothing_left(facts, timetable_of(facts))
    assert not nothing_left(replace(facts, not_before=FIRST), timetable_of(replace(facts, not_before=FIRST)))


def test_facts_are_all_that_it_depends_on():
    """Everything that decides is a field, so that a plan can be told again from its facts."""
    later = {"beside", "week"}  # version 0.1 knew neither programmes that keep no days apart nor monthly ones
    assert {field.name for field in fields(Facts)} - later == set(each(GOLDEN[0]["facts"]))
