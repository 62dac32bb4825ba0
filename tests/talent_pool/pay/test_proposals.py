from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from talent_pool.pay.proposals import effective_day, propose, step_percent, steps, table_on, too_small


@dataclass(frozen=True)
class Band:
    track: str
    level: int
    base_pay: Decimal


@dataclass(frozen=True)
class Table:
    effective_on: date


BANDS = [Band(track, level, Decimal(4000 + 500 * level)) for track in ("service", "technical") for level in range(4)]
days = st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 12, 31))


@given(days)
def test_a_change_takes_effect_on_the_first_of_the_next_month_p2(day):
    effective = effective_day(day)
    assert effective.day == 1
    assert day < effective <= day + timedelta(days=31)


@given(st.sampled_from(["service", "technical"]), st.integers(0, 2), days)
def test_a_promotion_goes_from_its_band_to_the_band_one_level_up_p2(track, level, day):
    proposal = propose(track=track, from_level=level, to_level=level + 1, awarded_on=day, bands=BANDS)
    assert (proposal.from_band.track, proposal.to_band.track) == (track, track)
    assert (proposal.from_band.level, proposal.to_band.level) == (level, level + 1)


def test_a_table_without_the_band_gives_no_proposal():
    assert propose(track="service", from_level=2, to_level=3, awarded_on=date(2026, 1, 1), bands=BANDS[:3]) is None


@given(st.lists(days, unique=True), days)
def test_the_table_that_holds_is_the_latest_begun(begins, day):
    tables = [Table(begin) for begin in begins]
    begun = [begin for begin in begins if begin <= day]
    assert table_on(tables, day) == (Table(max(begun)) if begun else None)


def test_steps_stay_within_a_track():
    assert [(lower.level, higher.level) for lower, higher, _percent in steps(BANDS)] == [(0, 1), (1, 2), (2, 3)] * 2


def test_a_step_of_just_eight_per_cent_is_visible_and_one_below_is_warned_of_p1():
    visible = [Band("service", 0, Decimal(5000)), Band("service", 1, Decimal(5400))]
    hidden = [Band("service", 0, Decimal(5000)), Band("service", 1, Decimal(5390))]
    assert step_percent(Decimal(5000), Decimal(5400)) == Decimal("8.0")
    assert too_small(visible) == []
    assert len(too_small(hidden)) == 1
