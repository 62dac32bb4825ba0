"""Each rule (C5) just inside and just outside its limit, and on the day itself."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from talent_pool.labour.choices import Confidence, Contract, Kind, Severity, Venue
from talent_pool.labour.rules.checking import RULES, blocking, check
from talent_pool.labour.rules.declared import Limit, Terms
from talent_pool.labour.rules.facts import Elsewhere, Period, PostShare
from tests.each import each
from tests.factories.labour import DEALER, ON, PLACEMENT, PROBATION, WORK, placement, probation

FIRST, LAST = PLACEMENT.starts_on, PLACEMENT.ends_on
EIGHTEEN_TOMORROW = {"born_on": date(2009, 3, 2)}  # 17 on the first day
MINOR = {**EIGHTEEN_TOMORROW, "guardian_consent_on": date(2027, 2, 10)}
VISIT = {"kind": Kind.VISIT}


def broken(facts, on=ON, terms=None):
    return [one.rule for one in (check(facts, on, terms) if terms else check(facts, on))]


def cases_of(facts, rule, on=ON):
    return [case for one in check(facts, on) if one.rule == rule for case, _figures in one.cases]


@pytest.mark.parametrize("facts", [PLACEMENT, DEALER, WORK, PROBATION], ids=["placement", "dealer", "work", "probation"])
def test_what_is_in_order_breaks_no_rule(facts):
    assert broken(facts) == []


# (the rule, what breaks it by a hair, what just keeps it)
PLACEMENTS = [
    ("follow_along_kind", {"kind": Kind.FOLLOW}, {"kind": Kind.POST}),
    ("age_16", {"born_on": date(2011, 3, 2)}, {"born_on": date(2011, 3, 1)}),  # turns 16 tomorrow, today
    ("age_16", {"born_on": None}, {"born_on": None, "proved_age": 16}),
    ("first_year", {"school_year": 1}, {"school_year": 2}),
    ("first_year", {"school_year": None}, {"school_year": 1, **VISIT}),
    ("agency", {"through_agency": True}, {"through_agency": False}),
    ("agency", {"through_agency": None}, {}),
    ("banned_place", {"place_kind": Venue.NET_CAFE}, {"place_kind": Venue.DEALER}),
    ("banned_place", {"place_kind": Venue.BAR}, {}),
    ("banned_place", {"place_kind": Venue.KTV}, {}),
    ("banned_place", {"place_kind": None}, {}),
    ("labour_grade", {**MINOR, "labour_grade": 3}, {**MINOR, "labour_grade": 2}),
    ("labour_grade", {**MINOR, "labour_grade": None}, {"labour_grade": None}),
    ("labour_grade", {"born_on": None, "labour_grade": 3}, {"born_on": date(2009, 3, 1), "labour_grade": 4}),  # 18 today
    ("pay_floor", {"pay_amount": Decimal("3199.99")}, {"pay_amount": Decimal(3200)}),
    (
        "pay_floor",
        {"pay_amount": Decimal("2999.99"), "lowest_wage": Decimal(3000)},
        {"pay_amount": Decimal(3000), "lowest_wage": Decimal(3000)},
    ),
    ("pay_floor", {"pay_amount": Decimal(6000), "pay_months": Decimal(2)}, {"pay_amount": Decimal(1), "independent": False}),
    ("pay_floor", {"independent": None}, {"pay_amount": Decimal(1), **VISIT}),
    ("pay_floor", {"post_wage": None, "lowest_wage": None}, {"lowest_wage": None}),
    ("pay_in_money_monthly", {"pay_amount": Decimal(6400), "pay_months": Decimal(2)}, {"pay_months": Decimal(1)}),
    ("pay_in_money_monthly", {"in_money": False}, {"in_money": False, **VISIT}),
    ("pay_in_money_monthly", {"to_student": False}, {"to_student": True}),
    ("pay_in_money_monthly", {"to_student": None}, {}),
    ("three_party_agreement", {"agreement_signed_on": None}, {"agreement_signed_on": None, **VISIT}),
    ("three_party_agreement", {"agreement_signed_on": FIRST}, {"agreement_signed_on": date(2027, 2, 28)}),
    ("three_party_agreement", {"agreement": None}, {"agreement": Period(FIRST)}),
    ("three_party_agreement", {"agreement": Period(date(2027, 3, 2), LAST)}, {"agreement": Period(FIRST, LAST)}),
    ("three_party_agreement", {"agreement": Period(FIRST, date(2027, 6, 29))}, {"agreement": Period(date(2026, 9, 1), date(2028, 8, 31))}),
    ("student_consent", {"student_consent_on": None}, {"student_consent_on": None, **VISIT}),
    ("student_consent", {"student_consent_on": FIRST}, {"student_consent_on": date(2027, 2, 28)}),
    ("guardian_consent", EIGHTEEN_TOMORROW, {"born_on": date(2009, 3, 1)}),
    ("guardian_consent", {**MINOR, "guardian_consent_on": FIRST}, MINOR),
    ("guardian_consent", {"born_on": None, "proved_age": 16}, {"born_on": None, "proved_age": 18}),
    ("liability_insurance", {"insurance": ()}, {"insurance": (Period(FIRST),)}),
    ("liability_insurance", {"insurance": (Period(FIRST, date(2027, 6, 29)),)}, {"insurance": (Period(FIRST, LAST),)}),
    ("liability_insurance", {"insurance": (Period(date(2027, 3, 2), LAST),)}, {"insurance": (Period(date(2027, 2, 1), date(2027, 7, 1)),)}),
    (
        "liability_insurance",
        {"insurance": (Period(FIRST, date(2027, 4, 30)), Period(date(2027, 5, 2), LAST))},  # a gap of one day
        {"insurance": (Period(date(2027, 5, 1), LAST), Period(FIRST, date(2027, 4, 30)))},
    ),
    ("no_deposit", {"deposit": Decimal("0.01")}, {"deposit": Decimal(0)}),
    ("no_deposit", {"deposit": None}, {}),
    ("no_fee", {"fee": Decimal("0.01")}, {"fee": Decimal(0)}),
    ("no_fee", {"fee": None}, {}),
    ("papers_kept", {"papers_kept": True}, {"papers_kept": False}),
    ("papers_kept", {"papers_kept": None}, {}),
    ("nights", {"nights": True}, {"nights": False}),
    ("nights", {"nights": None}, {}),
    ("holidays_work", {"holidays": True}, {"holidays": False}),
    ("overtime", {"overtime_a_month": Decimal("0.5")}, {"overtime_a_month": Decimal(0)}),
    ("overtime", {"overtime_a_month": None}, {}),
    ("overtime_month", {"overtime_a_month": Decimal("36.5")}, {"overtime_a_month": Decimal(36)}),
    ("high_risk", {"high_risk": True}, {"high_risk": False}),
    ("usual_length", {"ends_on": date(2027, 9, 1)}, {"ends_on": date(2027, 8, 31)}),
    ("usual_length", {"ends_on": date(2027, 9, 1)}, {"ends_on": date(2027, 9, 1), **VISIT}),
    ("trainee_protection", {"safety_instruction_on": None}, {"safety_instruction_on": FIRST}),
    ("trainee_protection", {"safety_instruction_on": date(2027, 3, 2)}, {"pay_amount": None, **VISIT}),
    ("trainee_protection", {"pay_amount": None}, {}),
    ("minor_at_work", {"born_on": date(2009, 3, 11)}, {"born_on": date(2009, 3, 10)}),  # on the day of the check
    ("hours_day", {"hours_a_day": Decimal("8.5")}, {"hours_a_day": Decimal(8)}),
    ("hours_day", {"hours_a_day": None}, {}),
    ("hours_week", {"days_a_week": Decimal("5.5")}, {"hours_a_day": Decimal("6.5"), "days_a_week": Decimal(6)}),
    ("rest_day", {"days_a_week": Decimal("6.5")}, {"days_a_week": Decimal(6)}),
    ("rest_day", {"days_a_week": None}, {}),
    (
        "one_dealer",
        {"elsewhere": (Elsewhere(2, LAST, date(2027, 9, 1)),)},
        {"elsewhere": (Elsewhere(2, date(2027, 7, 1), date(2027, 9, 1)),)},
    ),
    ("one_dealer", {"elsewhere": (Elsewhere(2, date(2027, 1, 1), FIRST),)}, {"elsewhere": (Elsewhere(1, FIRST, LAST),)}),
]

YEAR = {"contract_until": date(2028, 2, 29)}
PROBATIONS = [
    ("under_16_employment", {"born_on": date(2011, 3, 2)}, {"born_on": date(2011, 3, 1)}),
    ("under_16_employment", {"born_on": None}, {"born_on": None, "proved_age": 16}),
    ("minor_at_work", {"born_on": date(2009, 3, 11)}, {"born_on": date(2009, 3, 10)}),
    ("probation_longer", {"probation_until": date(2027, 9, 1)}, {"probation_until": date(2027, 8, 31)}),
    ("probation_longer", {"contract_kind": Contract.OPEN, "contract_until": None, "probation_until": date(2027, 9, 1)}, {"contract_until": None}),
    # A day less than three years allows two months.
    (
        "probation_under_3_years",
        {"contract_until": date(2030, 2, 27), "probation_until": date(2027, 5, 1)},
        {"contract_until": date(2030, 2, 27), "probation_until": date(2027, 4, 30)},
    ),
    ("probation_under_3_years", {"contract_until": date(2028, 2, 29), "probation_until": date(2027, 5, 1)}, {}),
    # A day less than a year allows one.
    (
        "probation_under_1_year",
        {"contract_until": date(2028, 2, 28), "probation_until": date(2027, 4, 1)},
        {"contract_until": date(2028, 2, 29), "probation_until": date(2027, 4, 30)},
    ),
    ("probation_under_1_year", {"contract_until": date(2027, 5, 31), "probation_until": date(2027, 4, 1)}, {}),
    # A day less than three months allows none, nor does a task.
    ("probation_none", {"contract_until": date(2027, 5, 30), "probation_until": date(2027, 3, 1)}, {"contract_until": date(2027, 5, 31), "probation_until": date(2027, 3, 31)}),
    ("probation_none", {"contract_kind": Contract.TASK}, {"contract_kind": Contract.TASK, "probation_from": None, "probation_until": None}),
    ("probation_once", {"earlier_probations": (Period(date(2020, 1, 1), date(2020, 3, 1)),)}, {"earlier_probations": ()}),
    (
        "probation_once",
        {"earlier_probations": (Period(date(2020, 1, 1)),)},
        {"earlier_probations": (Period(date(2020, 1, 1)),), "probation_from": None, "probation_until": None},
    ),
    ("probation_inside_term", {"probation_from": date(2027, 2, 28), "probation_until": date(2027, 8, 1)}, {"probation_from": date(2027, 3, 1)}),
    ("probation_inside_term", {"contract_until": date(2027, 8, 30)}, {}),
    ("probation_inside_term", {"probation_until": None}, {}),
    ("probation_only_contract", {"contract_until": date(2027, 8, 31)}, {"contract_until": date(2027, 9, 1)}),
    ("probation_pay", {"probation_pay": Decimal("3199.99")}, {"probation_pay": Decimal(3200)}),
    ("probation_pay", {"probation_pay": None}, {"lowest_wage": None}),
    ("probation_pay", {"agreed_wage": None, "lowest_wage": None}, {"agreed_wage": Decimal(9000), "lowest_wage": Decimal(3200)}),
    ("probation_minimum_wage", {"minimum_wage": Decimal("3200.01")}, {"minimum_wage": Decimal(3200)}),
    ("probation_minimum_wage", {"minimum_wage": None}, {}),
    ("probation_beyond_law", {"probation_until": date(2027, 9, 1)}, {"probation_until": date(2027, 9, 1), "probation_pay": Decimal(4000)}),
    ("probation_beyond_law", {"contract_kind": Contract.TASK}, {}),
    ("training_bond", {"bond_penalty": Decimal(1)}, {"bond_penalty": Decimal(0)}),
    ("training_bond", {"other_penalty": Decimal(1)}, {"other_penalty": Decimal(0)}),
    (
        "training_bond",
        {"bond_penalty": Decimal(9001), "special_training": True, "training_cost": Decimal(12000), "bond_months": 24, "served_months": 6},
        {"bond_penalty": Decimal(9000), "special_training": True, "training_cost": Decimal(12000), "bond_months": 24, "served_months": 6},
    ),
    ("training_bond", {"bond_penalty": Decimal(1), "special_training": True}, {}),
]  # fmt: skip
assert PROBATIONS


@pytest.mark.parametrize(("rule", "outside", "inside"), PLACEMENTS)
def test_a_placement_just_outside_a_limit_is_found_and_one_just_inside_is_not(rule, outside, inside):
    assert rule in broken(placement(**outside))
    assert rule not in broken(placement(**inside))


@pytest.mark.parametrize(("rule", "outside", "inside"), PROBATIONS)
def test_a_probation_just_outside_a_limit_is_found_and_one_just_inside_is_not(rule, outside, inside):
    assert rule in broken(probation(**outside))
    assert rule not in broken(probation(**inside))


DEALERS = [
    ("share_of_staff", {"interns": 11}, {"interns": 10}),  # exactly 10 %
    ("share_of_staff", {"staff": 99}, {"staff": 101}),  # somebody has left
    ("share_of_staff", {"staff": 0, "interns": 1}, {"staff": 0, "interns": 0}),
    ("share_of_post", {"posts": (PostShare("technician", 20, 5),)}, {"posts": (PostShare("technician", 20, 4),)}),
    ("share_of_post", {"posts": (PostShare("technician", 19, 4),)}, {"posts": ()}),
]


@pytest.mark.parametrize(("rule", "outside", "inside"), DEALERS)
def test_a_dealer_with_one_intern_too_many_is_found_and_one_at_the_limit_is_not(rule, outside, inside):
    assert rule in broken(replace(DEALER, **outside))
    assert rule not in broken(replace(DEALER, **inside))


def test_staff_who_work_too_long_are_warned_of_where_interns_are_stopped():
    long = {"hours_a_day": Decimal(9), "days_a_week": Decimal(7), "overtime_a_month": Decimal(40)}
    staff = {one.rule: one.severity for one in check(replace(WORK, **long), ON)}
    interns = {one.rule: one.severity for one in check(placement(**long), ON)}
    assert staff == dict.fromkeys(["overtime_month", "hours_day", "hours_week", "rest_day"], Severity.WARN)
    assert {interns[rule] for rule in staff} == {Severity.BLOCK}


def test_every_rule_has_a_case_on_either_side_of_its_limit():
    assert {rule for rule, _outside, _inside in PLACEMENTS + PROBATIONS + DEALERS} == set(RULES)


# --- The hard cases -------------------------------------------------------------------------


def test_an_agreement_that_ends_in_the_middle_says_both_days_and_what_would_cure_it(settings):
    settings.LANGUAGE_CODE = "en"
    (one,) = check(placement(agreement=Period(FIRST, date(2027, 5, 15))), ON)
    assert one.found == "The three-party agreement ends on 15 May 2027, before the last day, 30 Jun 2027."
    assert "Extend the agreement to 30 Jun 2027" in one.cure
    assert "教职成〔2021〕4号" in one.clause


def test_a_gap_of_a_day_in_the_insurance_is_named():
    facts = placement(insurance=(Period(FIRST, date(2027, 4, 30)), Period(date(2027, 5, 2), LAST)))
    (one,) = check(facts, ON)
    assert one.cases == (("gap_day", {"from_on": "2027-05-01", "until_on": "2027-05-01"}),)


def test_no_finding_holds_the_birth_date():
    facts = placement(born_on=date(2011, 3, 2), labour_grade=3)
    for one in each(check(facts, ON)):
        assert "2011" not in f"{one.cases}{one.found}{one.cure}"


def test_a_birth_date_that_is_not_on_record_stops_a_placement_and_other_gaps_warn():
    facts = placement(born_on=None, school_year=None, deposit=None)
    found = {one.rule: one.severity for one in check(facts, ON)}
    assert found == {"age_16": "block", "guardian_consent": "warn", "first_year": "warn", "no_deposit": "warn"}


def test_several_things_wrong_by_one_rule_are_one_finding():
    facts = placement(agreement_signed_on=FIRST, agreement=Period(date(2027, 3, 5), date(2027, 4, 1)))
    assert cases_of(facts, "three_party_agreement") == ["late", "begins", "ends"]
    assert broken(facts) == ["three_party_agreement"]


def test_a_rehired_intern_has_no_second_probation():
    facts = probation(earlier_probations=(Period(date(2025, 1, 1), date(2025, 6, 30)),))
    assert broken(facts) == ["probation_once", "probation_beyond_law"]


def test_a_probation_a_day_too_long_is_stopped_and_the_day_is_paid_in_full():
    found = {one.rule: one for one in check(probation(probation_until=date(2027, 9, 1)), ON)}
    assert set(found) == {"probation_longer", "probation_beyond_law"}
    assert found["probation_beyond_law"].cases[0][1]["from_on"] == "2027-09-01"


# --- How much a rule is worth ---------------------------------------------------------------


def test_weak_rules_warn_and_say_that_the_text_is_to_be_checked(settings):
    settings.LANGUAGE_CODE = "en"
    found = check(placement(nights=True, holidays=True, high_risk=True, overtime_a_month=Decimal(1), ends_on=date(2027, 9, 1)), ON)
    found += check(replace(DEALER, interns=90, posts=(PostShare("technician", 1, 1),)), ON)
    weak = [one for one in found if one.confidence == Confidence.WEAK]
    assert {one.rule for one in weak} == {code for code, rule in RULES.items() if rule.confidence == Confidence.WEAK}
    for one in each(weak):
        assert one.severity == Severity.WARN
        assert "check the current text" in one.cure


def test_no_weak_rule_is_declared_to_block():
    for rule in each([rule for rule in RULES.values() if rule.confidence == Confidence.WEAK]):
        assert rule.severity == Severity.WARN


def test_only_what_blocks_keeps_a_placement_from_starting():
    facts = placement(nights=True, papers_kept=True)
    assert [one.rule for one in blocking(facts, ON)] == ["papers_kept"]


def test_another_limit_and_severity_hold_where_they_are_given():
    facts = placement(nights=True, ends_on=date(2027, 9, 1))
    terms = Terms({"nights": Limit(None, "block"), "usual_length": Limit(Decimal(7))})
    assert [(one.rule, one.severity) for one in check(facts, ON, terms) if one.rule in terms.limits] == [("nights", "block")]


def test_no_rule_is_asked_before_its_clause_was_in_force():
    facts = placement(through_agency=True)
    assert "agency" in broken(facts, date(2022, 1, 1))
    assert "agency" not in broken(facts, date(2021, 12, 31))


def test_sentences_stand_side_by_side_as_each_language_has_it(settings):
    (one,) = check(placement(nights=True), ON)
    settings.LANGUAGE_CODE = "en"
    assert " We know this clause" in one.cure.again()
    settings.LANGUAGE_CODE = "zh-hans"
    assert "。此条款只见于转引" in one.cure.again()
    assert one.sentence.again().count("。") == 4
