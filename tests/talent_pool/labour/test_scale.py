"""2,000 interns over 100 dealers: checked and kept well within 30 seconds, and no more in memory than for a few."""

import time
import tracemalloc
from datetime import datetime

import pytest
from django.utils import timezone

from lms.people.models import Dealer, Employee
from talent_pool.labour.actions.findings import record_findings
from talent_pool.labour.gatherers import alone
from talent_pool.labour.models import Finding
from talent_pool.labour.queries import checked_facts
from tests.factories import make_group, make_position
from tests.factories.labour import ON, placement

pytestmark = pytest.mark.django_db
AT = timezone.make_aware(datetime(2027, 3, 10, 9))
DEALERS, EACH = 100, 20
MOST_SECONDS = 30


@pytest.fixture
def placements():
    """The facts are made while they are asked for, as a room that reads its rows by an iterator makes them. Every one breaks two rules."""
    group, position = make_group(), make_position("technician")
    dealers = Dealer.objects.bulk_create(Dealer(group=group, code=f"BIG{number:03}", name_zh="店") for number in range(DEALERS))
    shared = {"group": group, "position": position, "kind": "intern", "hired_on": ON}
    people = Employee.objects.bulk_create(
        Employee(dealer=dealer, name=f"实习生{number}", **shared) for dealer in dealers for number in range(EACH)
    )
    by_dealer: dict = {}
    for person in people:
        by_dealer.setdefault(person.dealer_id, []).append(person.pk)

    def made(*, dealers=None, people=None, on):
        for dealer in by_dealer if dealers is None else dealers:
            for person in by_dealer.get(dealer, ()):
                yield placement(person=person, dealer=dealer, intern=f"S{person}", placement=str(person), papers_kept=True, nights=True)

    with alone(made):
        yield list(by_dealer)


def test_two_thousand_interns_are_checked_in_time_and_a_second_time_changes_nothing(placements):
    begun = time.monotonic()
    assert record_findings(at=AT) == 2 * DEALERS * EACH
    assert record_findings(at=AT) == 0
    assert time.monotonic() - begun < 2 * MOST_SECONDS
    assert Finding.objects.count() == 2 * DEALERS * EACH


def peak_of(dealers):
    tracemalloc.start()
    try:
        assert sum(len(broken) for _facts, broken in checked_facts(on=ON, dealers=dealers)) == 2 * EACH * len(dealers)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_hundred_dealers_take_no_more_memory_than_twenty(placements):
    peak_of(placements[:20])  # what is read once a process
    assert peak_of(placements) < 2 * peak_of(placements[:20])
