"""Who sets what the rules are measured by, from which day it holds, and that nothing is changed afterwards."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from lms.audit.models import Event
from lms.common.states import Refused, WrongHands
from talent_pool.labour.actions.limits import MOST, set_minimum_wage, set_threshold
from talent_pool.labour.choices import Unit
from talent_pool.labour.models import MinimumWage, Threshold
from talent_pool.labour.queries import checked_facts, minimum_wages, terms_of, threshold_on, thresholds_of
from talent_pool.labour.rules.checking import DECLARED, RULES
from tests.each import each
from tests.factories import make_dealer, make_employee, make_group
from tests.factories.labour import ON, gathering, placement

pytestmark = pytest.mark.django_db
AT = timezone.make_aware(datetime(2027, 3, 10, 9))
LIMIT = {"rule": "usual_length", "value": Decimal(8), "from_on": date(2027, 3, 1), "reason": "省厅新文件"}


@pytest.fixture
def group_hr():
    return make_employee("group_hr")


def set_limit(group_hr, **changes):
    return set_threshold(group=group_hr.group, **{**LIMIT, "by": group_hr.user, "at": AT, **changes})


# --- Thresholds -----------------------------------------------------------------------------


@pytest.mark.parametrize("position", ["hr_officer", "general_manager", "service_manager", "advisor", "technical_director"])
def test_nobody_but_group_hr_sets_a_limit(group_hr, position):
    with pytest.raises(WrongHands):
        set_limit(group_hr, by=make_employee(position).user)
    assert not Threshold.objects.exists()


def test_group_hr_of_another_group_sets_none(group_hr):
    other = make_employee("group_hr", dealer=make_dealer("ZZ01", group=make_group("zz")))
    with pytest.raises(WrongHands):
        set_limit(group_hr, by=other.user)


def test_the_system_sets_none(group_hr):
    with pytest.raises(WrongHands):
        set_limit(group_hr, by=None)


def test_the_newest_limit_that_has_begun_is_in_force(group_hr):
    set_limit(group_hr, value=Decimal(8), from_on=date(2027, 3, 1))
    set_limit(group_hr, value=Decimal(5), from_on=date(2027, 6, 1))
    set_limit(group_hr, value=Decimal(7), from_on=date(2026, 1, 1))  # entered late, of an earlier day
    days = {
        day: terms_of(group_hr.group_id, day).number(RULES["usual_length"])
        for day in [date(2025, 12, 31), date(2026, 1, 1), date(2027, 2, 28), date(2027, 3, 1), date(2027, 5, 31), date(2027, 6, 1)]
    }
    assert list(days.values()) == [6, 7, 7, 8, 8, 5]


def test_of_two_limits_of_one_day_the_one_set_last_is_in_force(group_hr):
    set_limit(group_hr, value=Decimal(8))
    last = set_limit(group_hr, value=Decimal(9), reason="更正")
    assert terms_of(group_hr.group_id, ON).number(RULES["usual_length"]) == 9
    assert threshold_on(thresholds_of(group_hr.group_id)["usual_length"], ON) == last


def test_a_limit_holds_for_its_group_alone(group_hr):
    other = make_dealer("ZZ01", group=make_group("zz"))
    set_limit(group_hr)
    assert terms_of(other.group_id, ON) == DECLARED
    here = make_employee(kind="intern")
    there = make_employee(kind="intern", dealer=other)
    facts = [
        placement(person=one.pk, dealer=one.dealer_id, ends_on=date(2027, 10, 1), agreement=None, insurance=()) for one in (here, there)
    ]
    with gathering(facts):
        rules = {one.dealer: {finding.rule for finding in broken} for one, broken in checked_facts(on=ON)}
    assert "usual_length" not in rules[here.dealer_id]
    assert "usual_length" in rules[there.dealer_id]


def test_a_weak_rule_blocks_only_where_group_hr_says_so(group_hr):
    intern = make_employee(kind="intern")
    with gathering([placement(person=intern.pk, dealer=intern.dealer_id, nights=True)]):
        assert [one.severity for _facts, broken in checked_facts(on=ON) for one in broken] == ["warn"]
        set_limit(group_hr, rule="nights", value=None, severity="block")
        assert [one.severity for _facts, broken in checked_facts(on=ON) for one in broken] == ["block"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rule": "no_such_rule"}, "rule"),
        ({"value": None}, "value"),
        ({"value": Decimal("6.5")}, "value"),
        ({"value": Decimal(37)}, "value"),
        ({"value": Decimal(-1)}, "value"),
        ({"rule": "nights"}, "value"),
        ({"rule": "pay_floor", "value": Decimal("100.01")}, "value"),
        ({"reason": "  "}, "reason"),
    ],
)
def test_a_limit_that_cannot_be_is_refused_at_its_field(group_hr, changes, field):
    with pytest.raises(Refused) as refusal:
        set_limit(group_hr, **changes)
    assert refusal.value.field == field
    assert not Threshold.objects.exists()


@pytest.mark.parametrize(("rule", "value"), [("usual_length", 36), ("pay_floor", 100), ("hours_day", Decimal("7.5")), ("age_16", 0)])
def test_a_limit_at_the_edge_is_taken(group_hr, rule, value):
    assert set_limit(group_hr, rule=rule, value=Decimal(value)).value == value


def test_every_unit_has_its_most_and_every_number_keeps_to_it():
    assert set(MOST) == set(Unit)
    for rule in each([rule for rule in RULES.values() if rule.number is not None]):
        assert rule.number <= MOST[rule.unit]


def test_a_limit_is_on_record_with_who_why_and_from_when(group_hr):
    row = set_limit(group_hr)
    event = Event.objects.get(verb="labour.threshold_set")
    assert (event.actor, event.target_id) == (group_hr.user, str(row.pk))
    assert event.after == {"rule": "usual_length", "value": "8", "severity": "", "from_on": "2027-03-01", "reason": "省厅新文件"}


# --- Minimum wages --------------------------------------------------------------------------


def set_wage(dealer, by, **changes):
    return set_minimum_wage(
        **{"dealer": dealer, "amount": Decimal(2010), "from_on": date(2027, 1, 1), "source": "公告", "by": by, "at": AT, **changes}
    )


def test_hr_of_the_dealer_and_of_the_group_enter_it_and_nobody_else(group_hr):
    dealer = make_dealer()
    for person in (make_employee("hr_officer"), make_employee("group_hr", dealer=make_dealer("YT02"))):
        assert set_wage(dealer, person.user)
    strangers = [make_employee("hr_officer", dealer=make_dealer("YT02")), make_employee("general_manager"), make_employee("advisor")]
    strangers.append(make_employee("group_hr", dealer=make_dealer("ZZ01", group=make_group("zz"))))
    for person in each(strangers):
        with pytest.raises(WrongHands):
            set_wage(dealer, person.user)
    assert MinimumWage.objects.count() == 2


def test_the_minimum_wage_in_force_is_the_newest_that_has_begun():
    hr, other = make_employee("hr_officer"), make_dealer("YT02")
    set_wage(hr.dealer, hr.user)
    set_wage(hr.dealer, hr.user, amount=Decimal(2200), from_on=date(2027, 7, 1))
    dealers = [hr.dealer_id, other.pk]
    assert [minimum_wages(dealers, day) for day in (date(2026, 12, 31), date(2027, 6, 30), date(2027, 7, 1))] == [
        {},
        {hr.dealer_id: 2010},
        {hr.dealer_id: 2200},
    ]


@pytest.mark.parametrize(("changes", "field"), [({"amount": Decimal(0)}, "amount"), ({"source": " "}, "source")])
def test_a_minimum_wage_that_cannot_be_is_refused(changes, field):
    hr = make_employee("hr_officer")
    with pytest.raises(Refused) as refusal:
        set_wage(hr.dealer, hr.user, **changes)
    assert refusal.value.field == field
