"""Floors to plan on, in a line each, and generated ones."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as some

from talent_pool.interns.floor import Floor, Intern, Limits, Mentor, Place, Stay

MONDAY = date(2026, 11, 2)
LEVELS = {"service": 0, "technical": 0}


def day(week, number=0):
    """A day of the batch: `week` from 0, `number` from Monday on."""
    return MONDAY + timedelta(days=7 * week + number)


def places(number, **values):
    return [Place(one, f"P{one}", **values) for one in range(1, number + 1)]


def interns(number, weeks=8, **values):
    given = {"first": day(0), "last": day(weeks) - timedelta(days=1)} | values
    begin = given.pop("pk", 101)
    return [Intern(begin + one, f"I{begin + one - 100}", person=begin + one + 400, **given) for one in range(number)]


def mentors(number=3, **values):
    given = {"track": "technical", "levels": {"technical": 2}, "most": 9} | values
    begin = given.pop("pk", 901)
    return [Mentor(begin + one, f"M{begin + one - 900}", **given) for one in range(number)]


def floor(stations=3, people=3, teachers=None, **values):
    stations = places(stations) if isinstance(stations, int) else stations
    people = interns(people) if isinstance(people, int) else people
    return Floor(stations, people, mentors() if teachers is None else teachers, **values)


def stay(intern, place, first, last, *, mentor=901, hours=0, **values):
    return Stay(intern, place, mentor, first, last, hours, **values)


# --- Generated ---

DAYS = some.integers(-10, 80).map(lambda number: MONDAY + timedelta(days=number))
LEVEL = some.sampled_from([0, 0, 0, 1, 2])
NAMES = some.sampled_from(["", "", "EV"])


@some.composite
def spans(draw, longest=30):
    first = draw(DAYS)
    return first, first + timedelta(days=draw(some.integers(0, longest)))


@some.composite
def some_place(draw, pk):
    return Place(
        pk, f"P{pk}",
        capacity=draw(some.integers(1, 3)), weeks=draw(some.integers(1, 4)), is_high_risk=draw(some.booleans()),
        in_use=draw(some.sampled_from([True, True, True, False])),
        mentor_track=draw(some.sampled_from(["", "technical"])), mentor_level=draw(LEVEL), mentor_certificate=draw(NAMES),
        asks_track=draw(some.sampled_from(["", "technical"])), asks_level=draw(LEVEL), asks_certificate=draw(NAMES),
        asks_course=draw(some.sampled_from([None, None, 7])),
    )  # fmt: skip


HELD = some.dictionaries(some.just("EV"), some.one_of(some.none(), DAYS), max_size=1)


@some.composite
def some_intern(draw, pk):
    first = draw(DAYS)
    return Intern(
        pk, f"I{pk}",
        levels={"technical": draw(LEVEL)}, certificates=draw(HELD), person=pk + 400, first=first,
        last=first + timedelta(days=draw(some.integers(0, 70))), pauses=tuple(draw(some.lists(spans(12), max_size=2))),
        adult_on=draw(some.one_of(some.none(), some.just(date.min), DAYS)), courses=frozenset(draw(some.sets(some.just(7)))),
        hours_a_day=draw(some.sampled_from([6, 8, 9.5])), days_a_week=draw(some.integers(1, 7)),
    )  # fmt: skip


@some.composite
def some_mentor(draw, pk, people):
    return Mentor(
        draw(some.sampled_from([pk, pk, pk, *people])) if pk == 901 else pk, f"M{pk}",
        levels={"technical": draw(LEVEL)}, certificates=draw(HELD), track=draw(some.sampled_from(["technical", "service"])),
        most=draw(some.integers(1, 3)), away=tuple(draw(some.lists(spans(), max_size=2))), until=draw(some.one_of(some.none(), DAYS)),
        busy=draw(some.sampled_from([0, 0, 1])),
    )  # fmt: skip


@some.composite
def some_floor(draw):
    stations = [draw(some_place(pk)) for pk in range(1, draw(some.integers(1, 4)) + 1)]
    people = [draw(some_intern(100 + one)) for one in range(1, draw(some.integers(1, 6)) + 1)]
    teachers = [draw(some_mentor(900 + one, [intern.person for intern in people])) for one in range(1, draw(some.integers(0, 3)) + 1)]
    others = [
        Stay(700 + number, draw(some.sampled_from(stations)).pk, draw(some.sampled_from([None, 901, 902])), *draw(spans()))
        for number in range(draw(some.integers(0, 3)))
    ]
    return Floor(
        stations, people, teachers, draw(DAYS), (), tuple(others), frozenset(draw(some.lists(DAYS, max_size=5))),
        Limits(mentor_away_days=draw(some.integers(0, 3))),
    )  # fmt: skip


def planned_floor():
    """One on which somebody gets a place: an intern, a station and a mentor more, of whom nothing is asked and who are there throughout."""
    return some_floor().map(_with_somebody)


def _with_somebody(ground):
    return replace(
        ground,
        places=[*ground.places, Place(99, "P99")],
        interns=[*ground.interns, *interns(1, pk=199, first=day(0), last=day(40))],
        mentors=[*ground.mentors, *mentors(1, pk=999)],
    )
