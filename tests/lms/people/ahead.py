"""What the tests of changes for a coming day share."""

from datetime import date

from django.utils import timezone

from lms.home.sweep import EVERY_MINUTE, sweep
from lms.people.actions import confirm_proposal, record_departure, transfer_employee
from lms.people.models import Employee, EmploymentEvent
from tests.factories import make_employee, make_position

LAST, MOVES_ON = date(2026, 11, 30), date(2026, 12, 1)


def hired(position, **values):
    """Someone whose history says what the record says."""
    one = make_employee(position, **values)
    EmploymentEvent.objects.create(
        employee=one, kind="hired", on=one.hired_on, dealer=one.dealer, position=one.position, manager=one.manager, status=one.status
    )
    return one


def leaves(person, by, on=LAST):
    return record_departure(employee=person, left_on=on, by=by, at=timezone.now())


def moves(person, by, on=MOVES_ON, **to):
    return transfer_employee(employee=person, on=on, by=by, at=timezone.now(), **(to or {"position": make_position("technician")}))


def by_two(proposal, second):
    return confirm_proposal(proposal=proposal, by=second, at=timezone.now())


def now(person):
    return Employee.objects.select_related("dealer", "position", "user", "manager").get(pk=person.pk)


def swept():
    return sweep(at=timezone.now(), steps=EVERY_MINUTE)["changes of people that have come"]
