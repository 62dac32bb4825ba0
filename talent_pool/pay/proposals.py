"""What a promotion means in money (P1, P2). Plain functions on plain data: a band is anything with track, level and base_pay."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from lms.common.quarters import first_of_next_month

SMALLEST_STEP = Decimal(8)  # per cent; a smaller step between two levels is warned of


@dataclass(frozen=True)
class Proposal:
    from_band: object
    to_band: object
    effective_on: date


def effective_day(awarded_on: date) -> date:
    """P2: the first of the month after the award."""
    return first_of_next_month(awarded_on)


def table_on(tables, day: date):
    """The table that holds on `day`: the latest that has begun by then, or None."""
    begun = [table for table in tables if table.effective_on <= day]
    return max(begun, key=lambda table: table.effective_on, default=None)


def propose(*, track, from_level, to_level, awarded_on, bands):
    """From which band to which, both of the table that holds when it takes effect; None where the table lacks one of them."""
    by_level = {band.level: band for band in bands if band.track == track}
    if from_level not in by_level or to_level not in by_level:
        return None
    return Proposal(by_level[from_level], by_level[to_level], effective_day(awarded_on))


def level_paid(entries, day: date):
    """The level whose band is paid on `day`, by the entries of one person on one track, oldest first: the newest that has begun says it.

    Nobody is paid above level 0 without an entry. A level lowered since changes nothing by itself.
    """
    begun = [entry for entry in entries if entry.effective_on <= day]
    return begun[-1].to_band.level if begun else 0


def step_percent(lower: Decimal, higher: Decimal) -> Decimal:
    """By how many per cent `higher` is above `lower`, to one decimal."""
    return ((higher - lower) * 100 / lower).quantize(Decimal("0.1"))


def steps(bands):
    """[(lower band, higher band, per cent)] for each two neighbouring levels of each track."""
    ordered = sorted(bands, key=lambda band: (band.track, band.level))
    return [
        (lower, higher, step_percent(lower.base_pay, higher.base_pay)) for lower, higher in pairwise(ordered) if lower.track == higher.track
    ]


def too_small(bands, smallest=SMALLEST_STEP):
    """The steps that are hardly visible (P1)."""
    return [step for step in steps(bands) if step[2] < smallest]
