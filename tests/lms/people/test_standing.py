"""What a history says of a past day, against a calendar that is painted over line by line in the order in which the lines are written."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lms.common.days import day as shown
from lms.common.states import Refused
from lms.people import actions
from lms.people.integrity import records_follow_history
from lms.people.models import Employee, EmploymentEvent
from lms.people.queries import staff_on, standings_on
from lms.people.standing import PLACE, Line, Standing, standing_on
from tests.factories import make_dealer, make_employee, make_position

FIRST, SPAN = date(2024, 1, 1), 60
DAYS = [FIRST + timedelta(days=n) for n in range(SPAN)]
keys = st.integers(1, 3)
some_day = st.sampled_from(DAYS)


@st.composite
def histories(draw):
    """Lines as they were written: hired first, then in any order of days what is found out later, with departures and returns."""
    lines = [Line(FIRST, 1, "hired", frozenset(PLACE), draw(keys), draw(keys), draw(keys), status="active")]
    for number in range(2, draw(st.integers(2, 12))):
        kind = draw(st.sampled_from(["transferred", "manager", "status", "contract", "left", "returned"]))
        says = {"transferred": draw(st.sets(st.sampled_from(PLACE), min_size=1)), "manager": {"manager"}, "returned": PLACE}.get(kind, ())
        statuses = {"status": ["active", "on_leave", "probation"], "returned": ["probation", ""], "left": ["left"]}
        status = draw(st.sampled_from(statuses.get(kind, [""])))
        dates = {"contract_from": draw(some_day), "contract_until": draw(st.none() | some_day)} if kind == "contract" else {}
        lines.append(Line(draw(some_day), number, kind, frozenset(says), draw(keys), draw(keys), draw(keys), status, **dates))
    return lines


def painted(lines):
    """{fact: {day: value}}: each line paints its facts from its day up to the next day on which one already written paints the same."""
    calendar, begun = {name: dict.fromkeys(DAYS) for name in (*PLACE, "status")}, {name: set() for name in (*PLACE, "status")}
    for line in lines:
        said = {name: getattr(line, name) for name in line.says} | (
            {"status": line.status} if line.status or line.kind == "returned" else {}
        )
        for name, value in said.items():
            until = min((day for day in begun[name] if day > line.on), default=None)
            for day in DAYS:
                if line.on <= day and (until is None or day < until):
                    calendar[name][day] = value
            begun[name].add(line.on)
    return calendar


HIRED = Line(FIRST, 1, "hired", frozenset(PLACE), 1, 1, 1, status="active")
GONE_AT_ONCE = Line(FIRST, 2, "left", frozenset(), 1, 1, 1, status="left")


@example([HIRED, GONE_AT_ONCE, Line(FIRST, 3, "transferred", frozenset(PLACE), 1, 1, 1)])
@example([HIRED, GONE_AT_ONCE, Line(FIRST, 3, "returned", frozenset(PLACE), 2, 1, 1)])
@given(histories())
def test_on_every_day_the_latest_that_was_said_up_to_then_holds(lines):
    calendar = painted(lines)
    for day in DAYS:
        standing = standing_on(reversed(lines), day)
        assert {name: getattr(standing, name) for name in calendar} == {name: calendar[name][day] for name in calendar}


@given(histories(), some_day)
def test_what_is_written_about_later_days_changes_nothing_before_them(lines, day):
    assert standing_on(lines, day) == standing_on([line for line in lines if line.on <= day], day)


@given(histories())
def test_whoever_has_left_has_no_contract_until_a_new_one_is_signed(lines):
    without = [day for day in DAYS if _is_gone_or_signed_nothing_since(lines, day)]
    assert [day for day in without if standing_on(lines, day).contract_from] == []


def _is_gone_or_signed_nothing_since(lines, day):
    begun = sorted((line for line in lines if line.on <= day), key=lambda line: (line.on, line.number))
    ended_or_signed = [line for line in begun if line.kind == "left" or line.contract_from]
    return ended_or_signed[-1:] and ended_or_signed[-1].kind == "left"


def test_before_the_first_day_there_is_nothing():
    line = Line(FIRST, 1, "hired", frozenset(PLACE), 1, 1, None, status="active")
    assert standing_on([line], FIRST - timedelta(days=1)) is None
    assert standing_on([], FIRST) is None


def test_a_return_that_says_no_status_still_ends_the_absence():
    """As version 0.1 wrote them: lines without a status."""
    lines = [
        Line(DAYS[0], 1, "hired", frozenset(PLACE), 1, 1, None),
        Line(DAYS[5], 2, "left", frozenset(PLACE), 1, 1, None),
        Line(DAYS[9], 3, "returned", frozenset(PLACE), 2, 1, None),
    ]
    assert [standing_on(lines, DAYS[n]).is_here for n in (0, 4, 5, 8, 9)] == [True, True, False, False, True]
    assert standing_on(lines, DAYS[9]) == Standing(2, 1)


# -- through the actions ---------------------------------------------------------------------------

TODAY = timezone.localdate()


def ago(days):
    return TODAY - timedelta(days=days)


def who(user):
    return {"by": user, "at": timezone.now()}


@pytest.fixture
def group_hr(db):
    return make_employee("group_hr", hired_on=date(2020, 1, 1)).user


def hire(by, **values):
    given = {"dealer": make_dealer(), "position": make_position("advisor"), "number": "N1", "name": "李四", "hired_on": ago(300)}
    return actions.hire_employee(**{**given, **values}, **who(by))


def place_of(person, day):
    standing = standings_on([person.pk], day).get(person.pk)
    return standing and (standing.dealer, standing.position, standing.manager, standing.status)


def row_of(person):
    found = Employee.objects.get(pk=person.pk)
    return found.dealer_id, found.position_id, found.manager_id, found.status


def test_a_life_at_work_can_be_looked_up_day_by_day(group_hr):
    here, there = make_dealer(), make_dealer("YT02")
    boss = make_employee("service_supervisor", hired_on=date(2020, 1, 1))
    person = hire(group_hr, status="probation")
    actions.change_status(employee=person, status="active", on=ago(210), **who(group_hr))
    actions.transfer_employee(employee=person, manager=boss, on=ago(200), **who(group_hr))
    actions.transfer_employee(employee=person, dealer=there, on=ago(100), **who(group_hr))
    actions.change_status(employee=person, status="on_leave", on=ago(80), **who(group_hr))
    actions.record_departure(employee=person, left_on=ago(50), leaving="resigned", **who(group_hr))
    actions.return_employee(employee=person, on=ago(10), dealer=here, position=make_position("technician"), **who(group_hr))
    advisor, technician = make_position("advisor").pk, make_position("technician").pk
    assert [place_of(person, ago(days)) for days in (301, 300, 210, 200, 100, 80, 50, 10)] == [
        None,
        (here.pk, advisor, None, "probation"),
        (here.pk, advisor, None, "active"),
        (here.pk, advisor, boss.pk, "active"),
        (there.pk, advisor, boss.pk, "active"),
        (there.pk, advisor, boss.pk, "on_leave"),
        (there.pk, advisor, boss.pk, "left"),
        (here.pk, technician, boss.pk, "probation"),
    ]
    assert place_of(person, TODAY) == row_of(person)


def test_what_is_recorded_late_about_another_fact_leaves_what_came_after_it(group_hr):
    person, there = hire(group_hr), make_dealer("YT02")
    actions.transfer_employee(employee=person, position=make_position("technician"), on=ago(20), **who(group_hr))
    actions.transfer_employee(employee=person, dealer=there, on=ago(60), **who(group_hr))
    assert [place_of(person, ago(days))[:2] for days in (61, 60, 20)] == [
        (make_dealer().pk, make_position("advisor").pk),
        (there.pk, make_position("advisor").pk),
        (there.pk, make_position("technician").pk),
    ]
    assert place_of(person, TODAY) == row_of(person)
    assert not records_follow_history().exists()


def test_behind_a_later_line_about_the_same_nothing_is_recorded(group_hr):
    person = hire(group_hr)
    actions.transfer_employee(employee=person, position=make_position("technician"), on=ago(20), **who(group_hr))
    actions.change_status(employee=person, status="on_leave", on=ago(5), **who(group_hr))
    late = [
        lambda: actions.transfer_employee(employee=person, position=make_position("information_assistant"), on=ago(21), **who(group_hr)),
        lambda: actions.change_status(employee=person, status="active", on=ago(6), **who(group_hr)),
        lambda: actions.record_departure(employee=person, left_on=ago(6), **who(group_hr)),
    ]
    for attempt in late:
        with pytest.raises(Refused):
            attempt()
    assert place_of(person, TODAY) == row_of(person)


def test_a_departure_found_out_late_ends_what_a_move_of_after_it_said_of_the_place_alone(group_hr):
    boss, person = make_employee("service_manager", hired_on=date(2020, 1, 1)), hire(group_hr)
    there, technician = make_dealer("YT02"), make_position("technician")
    actions.transfer_employee(employee=person, dealer=there, position=technician, manager=boss, on=ago(20), **who(group_hr))
    actions.record_departure(employee=person, left_on=ago(30), leaving="resigned", **who(group_hr))
    assert [place_of(person, ago(days))[3] for days in (31, 30, 20)] == ["active", "left", "left"]
    assert place_of(person, TODAY) == row_of(person)
    assert not records_follow_history().exists()


def test_a_return_does_not_lie_behind_a_move_that_was_recorded_before_it(group_hr):
    person, here = hire(group_hr), make_dealer()
    actions.transfer_employee(employee=person, dealer=make_dealer("YT02"), on=ago(20), **who(group_hr))
    actions.record_departure(employee=person, left_on=ago(30), leaving="resigned", **who(group_hr))
    with pytest.raises(Refused, match=shown(ago(20))):
        actions.return_employee(employee=person, on=ago(21), dealer=here, **who(group_hr))
    actions.return_employee(employee=person, on=ago(20), dealer=here, **who(group_hr))
    assert place_of(person, TODAY) == row_of(person) == (here.pk, person.position_id, None, "probation")


def test_a_departure_does_not_lie_behind_a_return_that_says_no_status(group_hr):
    person = make_employee(hired_on=ago(300))
    post = {"dealer": person.dealer, "position": person.position}
    for kind, days in (("hired", 300), ("left", 100), ("returned", 50)):
        EmploymentEvent.objects.create(employee=person, kind=kind, on=ago(days), **post)
    for late in (
        lambda: actions.record_departure(employee=person, left_on=ago(51), leaving="resigned", **who(group_hr)),
        lambda: actions.change_status(employee=person, status="on_leave", on=ago(51), **who(group_hr)),
    ):
        with pytest.raises(Refused, match=shown(ago(50))):
            late()
    assert not records_follow_history().exists()


def test_the_day_of_hiring_that_is_put_right_moves_the_first_line(group_hr):
    person = hire(group_hr)
    actions.correct_details(employee=person, hired_on=ago(310), **who(group_hr))
    assert place_of(person, ago(310))[3] == "active"
    actions.correct_details(employee=person, hired_on=ago(290), **who(group_hr))
    assert place_of(person, ago(300)) is None


def test_a_departure_hands_the_team_over_and_the_history_of_each_says_so(group_hr):
    top = make_employee("service_manager", hired_on=date(2020, 1, 1))
    middle, low = hire(group_hr, number="M", manager=top), None
    low = hire(group_hr, number="L", manager=middle)
    actions.record_departure(employee=middle, left_on=TODAY, leaving="retired", **who(group_hr))
    assert [place_of(low, day)[2] for day in (ago(1), TODAY)] == [middle.pk, top.pk]
    assert low.history.get(kind="manager").manager == top


moves = st.one_of(
    st.tuples(st.just("transfer"), st.sampled_from(["YT01", "YT02"]), st.sampled_from(["advisor", "technician"])),
    st.tuples(st.just("status"), st.sampled_from(["active", "on_leave", "probation"])),
    st.tuples(st.just("leave")),
    st.tuples(st.just("return"), st.sampled_from(["YT01", "YT02"])),
)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None)
@example([(10, ("transfer", "YT02", "advisor")), (0, ("leave",)), (0, ("leave",)), (20, ("return", "YT01"))], 0)
@given(st.lists(st.tuples(st.integers(0, 40), moves), max_size=8), st.integers(0, 10**9))
def test_whatever_is_done_record_and_history_agree_about_today(steps, number):
    by = Employee.objects.filter(position__code="group_hr").first() or make_employee("group_hr", hired_on=date(2020, 1, 1))
    person, day = hire(by.user, number=f"H{Employee.objects.count()}"), 290
    for step, (what, *given_values) in steps:
        day = max(day - step + 10, 0)
        try:
            do(what, given_values, Employee.objects.get(pk=person.pk), ago(day), by.user)
        except Refused:
            continue
        assert place_of(person, TODAY) == row_of(person)
    assert not records_follow_history().filter(pk=person.pk).exists()


def do(what, values, person, on, by):
    if what == "transfer":
        dealer, position = values
        actions.transfer_employee(employee=person, dealer=make_dealer(dealer), position=make_position(position), on=on, **who(by))
    elif what == "status":
        actions.change_status(employee=person, status=values[0], on=on, **who(by))
    elif what == "leave":
        actions.record_departure(employee=person, left_on=on, leaving="other", **who(by))
    else:
        actions.return_employee(employee=person, on=on, dealer=make_dealer(values[0]), **who(by))


# -- many at once ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_thirty_people_cost_as_many_statements_as_one(group_hr, django_assert_num_queries):
    people = [hire(group_hr, number=f"P{number}") for number in range(30)]
    for some in (people[:1], people):
        with django_assert_num_queries(1):
            assert len(standings_on([one.pk for one in some], TODAY)) == len(some)


@pytest.mark.django_db
def test_who_was_at_a_dealer_that_day_whoever_has_gone_since(group_hr, django_assert_max_num_queries):
    here, there = make_dealer(), make_dealer("YT02")
    stays, goes, moves_on, comes = (hire(group_hr, number=number) for number in ("A", "B", "C", "D"))
    guest = hire(group_hr, number="E", position=make_position("guest_lecturer"))
    actions.record_departure(employee=goes, left_on=ago(30), leaving="resigned", **who(group_hr))
    actions.transfer_employee(employee=moves_on, dealer=there, on=ago(30), **who(group_hr))
    actions.transfer_employee(employee=comes, dealer=there, on=ago(90), **who(group_hr))
    actions.transfer_employee(employee=comes, dealer=here, on=ago(30), **who(group_hr))
    with django_assert_max_num_queries(3):
        before = set(staff_on(here, ago(31)))
    hr = group_hr.employee.pk
    assert before == {hr, stays.pk, goes.pk, moves_on.pk}
    assert set(staff_on(here, TODAY)) == {hr, stays.pk, comes.pk}
    assert guest.pk not in before


@pytest.mark.django_db
def test_a_record_that_its_history_does_not_bear_out_is_found(group_hr):
    person = hire(group_hr)
    for wrong in ({"position": make_position("technician")}, {"dealer": make_dealer("YT02")}, {"status": "on_leave"}):
        Employee.objects.filter(pk=person.pk).update(**wrong)
        assert list(records_follow_history()) == [person]
        Employee.objects.filter(pk=person.pk).update(position=person.position, dealer=person.dealer, status=person.status)
    assert not records_follow_history().exists()


@pytest.mark.django_db
def test_without_any_history_the_record_speaks_from_the_day_of_hiring_on():
    person = make_employee(hired_on=ago(20))
    assert place_of(person, ago(21)) is None
    assert place_of(person, ago(20)) == row_of(person)
    assert not EmploymentEvent.objects.exists()
