from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from courses.training.rota import Presenter, Slot, assign, guest_days, queue_of

START = date(2026, 10, 1)


def week(number):
    return START + timedelta(weeks=number)


def person(pk, last=None, hired_on=date(2020, 1, 1)):
    return Presenter(pk, hired_on, f"T{pk:03}", last)


@st.composite
def teams(draw):
    size = draw(st.integers(1, 9))
    last = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 9, 30)))
    return [person(pk, draw(last), draw(st.dates(date(2015, 1, 1), date(2026, 9, 1)))) for pk in range(1, size + 1)]


@st.composite
def leaves(draw, team):
    away = draw(st.lists(st.sampled_from([one.pk for one in team]), unique=True, max_size=len(team)))
    return {pk: [(week(begin), week(begin + draw(st.integers(0, 5))))] for pk in away for begin in [draw(st.integers(0, 12))]}


def test_who_presented_longest_ago_is_next():
    team = [person(1, date(2026, 9, 1)), person(2, date(2026, 8, 1))]
    assert [one.pk for one in queue_of(team)] == [2, 1]


def test_who_never_presented_comes_first_then_the_hire_date_then_the_number():
    team = [person(1, date(2026, 1, 1)), person(3), person(2), person(4, hired_on=date(2019, 1, 1))]
    given_to = assign([Slot(week(number)) for number in range(4)], team)
    assert list(given_to.values()) == [4, 2, 3, 1]


def test_leave_skips_a_turn_without_losing_it():
    given_to = assign([Slot(week(number)) for number in range(4)], [person(1), person(2), person(3)], {1: [(week(0), week(0))]})
    assert list(given_to.values()) == [2, 1, 3, 2]


def test_a_departure_closes_the_gap():
    before = assign([Slot(week(number)) for number in range(6)], [person(1), person(2), person(3)])
    after = assign([Slot(week(number)) for number in range(6)], [person(1), person(3)])
    assert list(before.values()) == [1, 2, 3, 1, 2, 3]
    assert list(after.values()) == [1, 3, 1, 3, 1, 3]


def test_nobody_presents_before_being_hired():
    assert assign([Slot(week(0)), Slot(week(1))], [person(1, hired_on=week(1))]) == {week(0): None, week(1): 1}


def test_a_fixed_session_stands_for_the_next_turn_of_its_presenter():
    slots = [Slot(week(0)), Slot(week(1)), Slot(week(2), fixed=1), Slot(week(3))]
    assert list(assign(slots, [person(1), person(2), person(3)]).values()) == [2, 3, 1, 1]


def test_with_one_person_that_person_always_presents():
    assert set(assign([Slot(week(number)) for number in range(5)], [person(1)]).values()) == {1}


def test_each_month_has_one_guest_in_its_last_open_session():
    days = [week(number) for number in range(13)]
    assert guest_days(days) == {date(2026, 10, 29), date(2026, 11, 26), date(2026, 12, 24)}


def test_a_month_that_has_its_guest_gets_no_second_one():
    days = [week(number) for number in range(13)]
    assert guest_days(days, guests=[date(2026, 11, 5)]) == {date(2026, 10, 29), date(2026, 12, 24)}


@given(data=st.data(), team=teams(), sessions=st.integers(0, 40))
def test_turns_of_people_always_present_never_differ_by_more_than_one(data, team, sessions):
    absences = data.draw(leaves(team))
    given_to = assign([Slot(week(number)) for number in range(sessions)], team, absences)
    turns = Counter(given_to.values())
    always = [turns[one.pk] for one in team if one.pk not in absences]
    assert not always or max(always) - min(always) <= 1


@given(data=st.data(), team=teams(), rounds=st.integers(1, 6))
def test_fixed_sessions_anywhere_leave_the_turns_even(data, team, rounds):
    """Up to one fixed session a round for each: whoever they are given to and whenever, all have the same share in the end."""
    slots = [week(number) for number in range(rounds * len(team))]
    fixed = data.draw(st.dictionaries(st.sampled_from(slots), st.sampled_from([one.pk for one in team]), max_size=len(slots)))
    share = Counter(fixed.values())
    fixed = {on: pk for on, pk in fixed.items() if share[pk] <= rounds}
    turns = Counter(assign([Slot(on, fixed.get(on)) for on in slots], team).values())
    assert set(turns.values()) == {rounds}


@given(data=st.data(), team=teams(), sessions=st.integers(0, 40))
def test_nobody_presents_while_away_and_no_session_is_empty_while_someone_is_here(data, team, sessions):
    absences = data.draw(leaves(team))
    given_to = assign([Slot(week(number)) for number in range(sessions)], team, absences)
    for on, pk in given_to.items():
        here = [one.pk for one in team if not any(first <= on <= last for first, last in absences.get(one.pk, []))]
        assert pk in here if here else pk is None


@given(data=st.data(), team=teams(), sessions=st.integers(2, 40))
def test_a_swap_of_two_people_keeps_everyones_number_of_turns(data, team, sessions):
    given_to = assign([Slot(week(number)) for number in range(sessions)], team)
    one, other = data.draw(st.sampled_from(sorted(given_to))), data.draw(st.sampled_from(sorted(given_to)))
    before = Counter(given_to.values())
    given_to[one], given_to[other] = given_to[other], given_to[one]
    assert Counter(given_to.values()) == before


@given(data=st.data(), team=teams(), sessions=st.integers(2, 26))
def test_planning_what_is_planned_gives_the_same(data, team, sessions):
    first = assign([Slot(week(number)) for number in range(sessions)], team)
    kept = data.draw(st.sets(st.sampled_from(sorted(first))))
    prefix = [on for on in sorted(first) if on <= max(kept, default=date.min)]
    again = assign([Slot(on, first[on] if on in prefix else None) for on in first], team)
    assert again == first
