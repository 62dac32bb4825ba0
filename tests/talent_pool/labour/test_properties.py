"""Rules as properties (C5): whatever the facts, a rule says nothing inside its limit and something outside."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from talent_pool.labour.choices import Severity
from talent_pool.labour.rules.checking import RULES, check
from talent_pool.labour.rules.declared import Limit, Terms
from talent_pool.labour.rules.facts import Period, PostShare
from talent_pool.labour.rules.reckoning import birthday, first_gap, is_under, last_day, lasts
from tests.factories.labour import DEALER, ON, PLACEMENT, placement, probation

DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))
DAY = timedelta(days=1)


def rules(facts, on=ON, terms=None):
    return {one.rule for one in (check(facts, on, terms) if terms else check(facts, on))}


@given(born=DAYS, years=st.integers(1, 30))
def test_nobody_is_under_an_age_on_that_birthday_and_everybody_is_the_day_before(born, years):
    day = birthday(born, years)
    facts = placement(born_on=born)
    assert not is_under(facts, years, day)
    assert is_under(facts, years, day - DAY)
    assert (day.month, day.day) in {(born.month, born.day), (3, 1)}


@given(start=DAYS, months=st.integers(1, 60))
def test_a_term_lasts_its_months_on_its_last_day_and_not_a_day_before(start, months):
    last = last_day(start, months)
    assert lasts(start, last, months)
    assert not lasts(start, last - DAY, months)
    assert last < last_day(start, months + 1)


@given(cuts=st.lists(st.integers(0, 90), min_size=1, max_size=5), missing=st.one_of(st.none(), st.integers(0, 90)))
def test_insurance_has_a_gap_where_a_day_is_missing_and_nowhere_else(cuts, missing):
    """The term of ninety-one days in pieces, and perhaps one day of it left out."""
    start, begin, periods = date(2027, 3, 1), 0, []
    for cut in sorted({*cuts, 90}):
        pieces = [(begin, cut)] if missing is None or not begin <= missing <= cut else [(begin, missing - 1), (missing + 1, cut)]
        periods += [Period(start + first * DAY, start + last * DAY) for first, last in pieces if first <= last]
        begin = cut + 1
    gap = first_gap(periods, start, start + 90 * DAY)
    assert gap == (None if missing is None else (start + missing * DAY, start + missing * DAY))


@given(staff=st.integers(0, 400), interns=st.integers(0, 60))
def test_the_share_of_interns_is_found_just_where_ten_of_a_hundred_are_passed(staff, interns):
    facts = replace(DEALER, staff=staff, interns=interns, posts=(PostShare("technician", staff, interns),))
    assert ("share_of_staff" in rules(facts)) is (interns * 10 > staff)
    assert ("share_of_post" in rules(facts)) is (interns * 5 > staff)


@given(staff=st.integers(0, 400), interns=st.integers(0, 60))
def test_the_share_that_is_shown_never_looks_like_the_limit_that_it_passes(staff, interns):
    for one in check(replace(DEALER, staff=staff, interns=interns, posts=()), ON):
        assert Decimal(one.cases[0][1]["reached_share"]) > 10


@given(
    paid=st.decimals(1, 9000, places=2), post=st.decimals(1, 9000, places=2), lowest=st.one_of(st.none(), st.decimals(1, 9000, places=2))
)
def test_pay_is_too_low_below_both_floors_only(paid, post, lowest):
    low = paid < post * Decimal("0.8") and (lowest is None or paid < lowest)
    assert ("pay_floor" in rules(placement(pay_amount=paid, post_wage=post, lowest_wage=lowest))) is low


@given(months=st.integers(1, 60), days=st.integers(0, 27), probation_months=st.integers(1, 8), more=st.integers(-1, 1))
def test_a_probation_is_too_long_just_where_its_contract_allows_less(months, days, probation_months, more):
    """The table of article 19, written the other way round."""
    begin = date(2027, 3, 1)
    until = last_day(begin, months) + days * DAY
    ends = last_day(begin, probation_months) + more * DAY
    allowed = 0 if months < 3 else 1 if months < 12 else 2 if months < 36 else 6
    facts = probation(contract_from=begin, contract_until=until, probation_from=begin, probation_until=ends)
    length = {"probation_under_1_year", "probation_under_3_years", "probation_longer", "probation_none"}
    too_long = probation_months > allowed or (probation_months == allowed and more > 0)
    if probation_months == allowed + 1 and more < 0:
        too_long = ends > last_day(begin, allowed) if allowed else True
    assert bool(rules(facts) & length) is too_long


@given(on=DAYS, severity=st.sampled_from(["", "block", "warn"]))
def test_a_severity_that_is_set_is_the_one_that_is_found(on, severity):
    terms = Terms({code: Limit(None, severity) for code in RULES})
    facts = replace(PLACEMENT, papers_kept=True, nights=True)
    for one in check(facts, max(on, date(2022, 6, 1)), terms):
        assert one.severity == (severity or RULES[one.rule].severity)


@given(
    st.sets(
        st.sampled_from(
            [
                "deposit",
                "fee",
                "papers_kept",
                "nights",
                "holidays",
                "high_risk",
                "through_agency",
                "school_year",
                "to_student",
                "hours_a_day",
                "days_a_week",
            ]
        )
    )
)
def test_what_is_not_on_record_is_found_and_never_passed_in_silence(missing):
    found = check(placement(**dict.fromkeys(missing)), ON)
    assert len(found) >= len(missing)
    assert {one.severity for one in found} <= {Severity.WARN}
