"""How far a newcomer has come with a task book: plain functions on plain data."""

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from courses.observations.choices import Step
from lms.common.scores import percent_of

DAYS = (30, 60, 90)


@dataclass(frozen=True)
class Sign:
    """One sign-off that holds: the step, and the day on which it was given."""

    step: int
    on: date


@dataclass(frozen=True)
class Task:
    """A task with its sign-offs in order of time; it is done alone once it was signed so `wanted` times."""

    item: int
    wanted: int
    expected_by: int
    signs: tuple = ()

    @property
    def counts(self):
        """{step: how often it was signed}"""
        return {step: sum(sign.step == step for sign in self.signs) for step in Step}

    @property
    def step(self):
        """The furthest step reached, 0 for none."""
        return max((sign.step for sign in self.signs), default=0)

    @property
    def alone_on(self):
        """The day on which it was signed as done alone often enough; None until then."""
        days = sorted(sign.on for sign in self.signs if sign.step == Step.ALONE)
        return days[self.wanted - 1] if len(days) >= self.wanted else None

    @property
    def is_alone(self):
        return self.alone_on is not None


@dataclass(frozen=True)
class Mark:
    """Day 30, 60 or 90 of a book: how many tasks should be done alone by then, and how many were.

    Of a day to come, those that are by today. `in_time` are those of the planned ones that were, `late` those that are not even now.
    """

    day: int
    on: date
    planned: int
    alone: int
    in_time: int
    late: int
    of: int
    is_past: bool

    @property
    def share(self):
        return percent_of(self.alone, self.of)

    @property
    def planned_share(self):
        return percent_of(self.planned, self.of)

    @property
    def is_met(self):
        return self.is_past and self.in_time == self.planned

    @property
    def is_behind(self):
        return self.is_past and self.late > 0


def marks_of(tasks, starts_on, today):
    """The three `Mark`s of a book with these tasks."""
    return [_mark(tasks, day, starts_on + timedelta(days=day), today) for day in DAYS] if tasks else []


def _mark(tasks, day, on, today):
    planned = [task for task in tasks if task.expected_by <= day]
    alone = [task for task in tasks if task.is_alone and task.alone_on <= on]
    return Mark(
        day=day,
        on=on,
        planned=len(planned),
        alone=len(alone),
        in_time=sum(task.expected_by <= day for task in alone),
        late=sum(not task.is_alone for task in planned),
        of=len(tasks),
        is_past=on < today,
    )


def all_alone_on(tasks):
    """The first day on which every task was done alone; None while some are not, and of no tasks."""
    days = [task.alone_on for task in tasks]
    return max(days) if days and all(days) else None


def days_of(pairs):
    """From the first day to the one on which all was done alone: `pairs` of these two."""
    return [(alone_on - starts_on).days for starts_on, alone_on in pairs]


def median_days(pairs):
    """The median of `days_of`, a whole number or a half; None of none."""
    days = days_of(pairs)
    return median(days) if days else None
