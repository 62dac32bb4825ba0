"""Who is meant, as plain data, no database.

Within one condition any of its values will do, between conditions all must be met; whoever is named is meant as well. Where only
people are named, nobody else is meant; where nothing is said at all, everybody is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

DAYS, MONTHS = "days", "months"


class Spans(NamedTuple):
    """How long someone has been here: whole days and whole months."""

    days: int
    months: int


@dataclass(frozen=True)
class Since:
    """Time since the hire date: at least `least` and less than `most` of the unit; None: no bound."""

    least: int | None = None
    most: int | None = None
    unit: str = MONTHS

    def before(self, on: date, number: int) -> date:
        return on - (timedelta(days=number) if self.unit == DAYS else relativedelta(months=number))


@dataclass(frozen=True)
class Rule:
    """`asked` is {name of a condition: the values that meet it}, `people` the keys of those who are named."""

    asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: Since | None = None
    people: frozenset[int] = frozenset()

    def __post_init__(self):
        """A condition without values, and a time without bounds, ask nothing."""
        object.__setattr__(self, "asked", {name: tuple(dict.fromkeys(values)) for name, values in self.asked.items() if values})
        if self.since and (self.since.least, self.since.most) == (None, None):
            object.__setattr__(self, "since", None)

    @property
    def by_name(self):
        """Only those who are named."""
        return bool(self.people) and not self.asked and self.since is None

    @property
    def means_everybody(self):
        return not (self.asked or self.since or self.people)


def rule_at(dealer: int, rule: Rule) -> Rule:
    """The rule for a record that belongs to one dealer: conditions speak of its people, and where only people are named, only they."""
    asked = {name: values for name, values in rule.asked.items() if name != "dealer"}
    bare = Rule(asked, rule.since, rule.people)
    return bare if bare.by_name else Rule({"dealer": (str(dealer),), **asked}, rule.since, rule.people)


def spans(hired_on: date, on: date) -> Spans:
    """Whole days and months from the hire date to `on`: so many as `Since.before` reaches back without passing it."""
    months = (on.year - hired_on.year) * 12 + on.month - hired_on.month
    while on - relativedelta(months=months) < hired_on:
        months -= 1
    return Spans((on - hired_on).days, months)
