"""Lectures that senior technicians gave at schools, by closed sessions."""

from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from courses.training.kinds import names_once
from courses.training.models import Session


class Given(NamedTuple):
    lectures: int = 0
    hours: float = 0.0


def lecture_hours(people, first, last):
    """{employee id: `Given`} from `first` to `last`, of everyone asked about (keys). One statement.

    What was closed before its end counts until then.
    """
    closed = Session.objects.filter(
        programme__kind__in=names_once(), status=Session.Status.CLOSED, presenter__in=list(people), on__range=(first, last)
    )
    found = defaultdict(list)
    for person, begin, end, closed_at in closed.order_by().values_list("presenter", "starts_at", "ends_at", "closed_at"):
        found[person].append(max(min(end, closed_at or end) - begin, timedelta()))
    return {pk: _given(found[pk]) for pk in people}


def _given(lengths):
    return Given(len(lengths), round(sum(lengths, timedelta()).total_seconds() / 3600, 1))
