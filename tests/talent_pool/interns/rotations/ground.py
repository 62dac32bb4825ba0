"""A dealer with stations, mentors and a batch, to plan at."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

from tests.factories import (
    make_batch,
    make_dealer,
    make_employee,
    make_mentor,
    make_placement,
    make_station,
    make_student,
)

AT = datetime(2026, 10, 26, 1, 0, tzinfo=UTC)  # a Monday, a week before the batch begins
FIRST, LAST = date(2026, 11, 2), date(2026, 12, 27)


def make_ground(interns=2, stations=2, mentors=2, *, code="L01", **values):
    """`interns` of one batch for eight weeks, at `stations` of one place and four weeks each."""
    dealer = make_dealer(code)
    supervisor = make_employee("workshop_supervisor", dealer=dealer)
    places = [
        make_station(f"station-{number}", dealer=dealer, name_zh=f"工位{number}", name_en=f"Station {number}", capacity=1, order=number)
        for number in range(1, stations + 1)
    ]
    teachers = [make_mentor(dealer, name=f"师傅{number}").employee for number in range(1, mentors + 1)]
    batch = make_batch(dealer=dealer, **{"starts_on": FIRST, "ends_on": LAST} | values)
    placements = [
        make_placement(batch, make_student(batch.targeted_class, name=f"学员{number}"), stage="placed") for number in range(1, interns + 1)
    ]
    return SimpleNamespace(
        dealer=dealer, supervisor=supervisor, by=supervisor.user, stations=places, mentors=teachers, batch=batch, placements=placements
    )
