"""A thousand dealers' worth of people and records, for load work: in bulk, not through the actions, with every rule of the database on.

Each dealer has its own random generator, so that the same seed and day make the same dealer whatever is made beside it. Dealers are
made in districts of twenty that share their outside examiners, one transaction a district: what was interrupted goes on where it was.
"""

from django.db import connection, reset_queries, transaction
from django.utils import timezone

from lms.people.models import Dealer
from tests.load.scale.exams import add_exams
from tests.load.scale.frame import DISTRICT, code_of, frame_of
from tests.load.scale.grading import add_grading
from tests.load.scale.learning import add_learning
from tests.load.scale.pay import add_pay
from tests.load.scale.people import add_people
from tests.load.scale.training import add_training


def build_dealers(count, *, seed, at=None, progress=None):
    """Make the dealers SC0001, SC0002 … up to `count`, those that are not there yet. `progress(done, count)` hears of each district.

    Each has over 50 employees with sign-ins and history, the last quarter's training, courses, a published grading cycle of each track
    with its exams, awards, certificates and pay changes, and the sessions that are still to come. Returns how many dealers were made.
    """
    frame = frame_of(seed=seed, at=at or timezone.now())
    there = set(Dealer.objects.filter(code__in=[code_of(number) for number in range(1, count + 1)]).values_list("code", flat=True))
    made = 0
    for first in range(1, count + 1, DISTRICT):
        numbers = range(first, min(first + DISTRICT, count + 1))
        missing = [number for number in numbers if code_of(number) not in there]
        if missing:
            _build_district(frame, first // DISTRICT + 1, missing)
            made += len(missing)
        if progress:
            progress(numbers[-1], count)
    if made:
        _tell_the_planner()
    return made


def _tell_the_planner():
    """Statistics of the new rows at once, else the first pages are planned for empty tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@transaction.atomic
def _build_district(frame, district, numbers):
    stores = add_people(frame, district, numbers)
    add_training(frame, stores)
    add_learning(frame, stores)
    add_exams(frame, stores)
    add_grading(frame, stores)
    add_pay(frame, stores)
    reset_queries()  # with LMS_DEBUG=true Django keeps every statement
