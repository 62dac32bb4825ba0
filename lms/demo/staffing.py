"""Who came, went, changed dealers, came back and was away in the two years of the demo."""

from datetime import timedelta
from functools import partial

from lms.common.quarters import first_day
from lms.demo import cast
from lms.demo.seed import day_at
from lms.people.actions import change_status, hire_employee, record_departure, record_leave, return_employee, transfer_employee
from lms.people.models import Employee, Position

PROBATION = timedelta(days=90)
NOTICE = timedelta(days=3)  # how long before it happens a leave, move or departure is recorded


def happenings(world, number):
    """[(when, what to do)] for the quarter that is the `number`-th of the history; the last is the present one."""
    first, ago = first_day(*world.quarters[number]), len(world.quarters) - 1 - number
    for person in world.traits.values():
        if person.joined and person.joined == ago:
            day = first + timedelta(days=2)
            yield day_at(day, 9), partial(_join, world, person, day)
    for move in cast.MOVES:
        if move.ago == ago and (move.what != "returned" or not world.people[move.number].is_here):
            day = first + timedelta(days=move.day)
            yield day_at(day, 18), partial(WHAT[move.what], world, move, day)
    for away in cast.AWAY:
        if away.ago == ago:
            day = (first if ago else world.today) + timedelta(days=away.day)
            yield day_at(day - NOTICE, 10), partial(_away, world, away, day)


def _join(world, person, day, at):
    dealer = next(one for one in world.dealers if person.number.startswith(one.code))
    hr = _hr(world, dealer)
    employee = world.act(
        hire_employee,
        dealer=dealer,
        position=Position.objects.get(code=person.position),
        number=person.number,
        name=person.name,
        hired_on=day,
        manager=world.people[person.manager],
        status=Employee.Status.PROBATION,
        by=hr,
        at=at,
    )
    world.people[person.number] = employee
    if at + PROBATION < world.at:
        world.act(change_status, employee=employee, status=Employee.Status.ACTIVE, by=hr, at=at + PROBATION)


def _leave(world, move, day, at):
    employee = world.people[move.number]
    world.act(record_departure, employee=employee, left_on=day, leaving="resigned", reason=move.why, by=_hr(world, employee.dealer), at=at)
    world.people[move.number].refresh_from_db()


def _return(world, move, day, at):
    employee = world.people[move.number]
    hr = _hr(world, employee.dealer)
    world.act(return_employee, employee=employee, on=day, reason=move.why, status=Employee.Status.ACTIVE, by=hr, at=at)
    world.people[move.number].refresh_from_db()


def _transfer(world, move, day, at):
    """By the group's HR, who may place people at both dealers; under the supervisor there."""
    employee = world.people[move.number]
    dealer = next(one for one in world.dealers if one.code == move.to)
    boss = world.holder(dealer, "technical_supervisor" if employee.position.track == "technical" else "service_supervisor")
    by = world.people["GR002"].user
    world.act(transfer_employee, employee=employee, dealer=dealer, manager=boss, on=day, reason=move.why, by=by, at=at)
    world.people[move.number].refresh_from_db()


WHAT = {"left": _leave, "returned": _return, "transferred": _transfer}
CHANGES_TURNS = {_join, *WHAT.values()}


def _away(world, away, day, at):
    employee = world.people[away.number]
    last = day + timedelta(days=away.days - 1)
    hr = _hr(world, employee.dealer)
    world.act(record_leave, employee=employee, kind=away.kind, starts_on=day, ends_on=last, reason=away.why, by=hr, at=at)


def _hr(world, dealer):
    return world.holder(dealer, "hr_officer").user
