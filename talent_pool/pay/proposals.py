"""What a promotion means in money, and what a change by hand must begin from (P1, P2).

Plain functions on plain data: a band is anything with track, level and base_pay.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from lms.common.days import day as shown
from lms.common.quarters import first_of_next_month
from lms.people.choices import Level

FARTHEST = timedelta(days=366)  # how far ahead a change by hand may take effect
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


def bands_for(decision, tables, awarded_on):
    """What a step up says in money: both bands of the table that holds when it takes effect, and that day. None where there are none."""
    table = table_on(tables, effective_day(awarded_on))
    found = table and propose(
        track=decision.track, from_level=decision.from_level, to_level=decision.to_level, awarded_on=awarded_on, bands=table.bands.all()
    )
    return {"from_band": found.from_band, "to_band": found.to_band, "effective_on": found.effective_on} if found else None


def level_paid(entries, track, day: date):
    """The level of the track whose band is paid on `day`, by the entries of one person, oldest first: the newest that has begun says it.

    Nobody is paid above level 0 without an entry. A level lowered since changes nothing by itself. Where a change led here from the
    other track, its reversal leaves what was paid here before it.
    """
    level, before = 0, {}
    for entry in entries:
        if entry.effective_on > day:
            break
        before[entry.pk] = level
        if entry.to_band.track == track:
            level = entry.to_band.level
        elif entry.cause == "reversal" and entry.from_band.track == track:
            level = before.get(entry.of_id, level)
    return level


def is_gone(employee, day):
    """Whether the person has left by then (§1): nobody gone before a change takes effect gets it."""
    return employee.left_on is not None and employee.left_on <= day


def why_not_by_hand(change, table, today):
    """Why a change by hand (not saved yet) does not fit its person, its day or the `table` of that day; empty when it does."""
    employee, day = change.employee, change.effective_on
    first = max([employee.hired_on, *_days_of_causes(change)])
    words = {"employee": employee.name, "first": shown(first), "last": shown(today + FARTHEST), "day": shown(day)}
    if is_gone(employee, day):
        return _("%(employee)s leaves before this would take effect, so their pay doesn't change.") % words
    if not first <= day <= today + FARTHEST:
        return _("%(day)s can't be the effective date. Choose a day from %(first)s to %(last)s.") % words
    if change.to_band.track != employee.position.track:
        return _("The new band isn't on the track that %(employee)s works on.") % words
    # After a move it may begin with what another dealer paid, by that one's table.
    bands = [change.to_band] if change.from_band.table.dealer_id != change.dealer_id else [change.from_band, change.to_band]
    if {band.table_id for band in bands} != {table and table.pk}:
        return _("These bands aren't from the band table in force on %(day)s.") % words
    return ""


def _days_of_causes(change):
    """Before the move, or before what it corrects, there is no cause."""
    if change.event:
        yield change.event.on
    if change.of:
        yield change.of.effective_on


def why_not_paid(change, entries):
    """Why a change that HR proposes does not begin where the ledger stands; empty when it does. A level's change says its level's step.

    `entries` are the person's others on either of its tracks, oldest first: nothing is put or taken away behind the newest.
    """
    if change.decision_id:
        return ""
    if change.cause == "reversal":
        is_newest = entries and entries[-1].pk == change.of_id
        return "" if is_newest else _("Later changes rest on this one. Reverse those first, the newest before the others.")
    if entries and entries[-1].effective_on > change.effective_on:
        return _("A newer change already takes effect on %(day)s. Choose that day or a later one.") % {
            "day": shown(entries[-1].effective_on)
        }
    paid = level_paid(entries, change.from_band.track, change.effective_on)
    if paid != change.from_band.level:
        return _("The pay in force on that day is “%(paid)s”, not “%(said)s”. Propose the change from the pay in force.") % {
            "paid": Level(paid).label,
            "said": Level(change.from_band.level).label,
        }
    return ""


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
