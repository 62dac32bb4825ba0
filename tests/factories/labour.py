"""Facts for the rule check of which nothing is wrong, and a gatherer that gives what a test puts into it."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal

from talent_pool.labour.choices import Contract, Kind
from talent_pool.labour.gatherers import alone
from talent_pool.labour.rules.facts import DealerFacts, Period, PlacementFacts, PostShare, ProbationFacts, WorkFacts

# A post internship of four months by somebody of nineteen; on the day it has begun.
ON = date(2027, 3, 10)
PLACEMENT = PlacementFacts(
    intern="YT-2027-001",
    placement="1",
    person=1,
    dealer=1,
    kind=Kind.POST,
    starts_on=date(2027, 3, 1),
    ends_on=date(2027, 6, 30),
    born_on=date(2007, 5, 4),
    school_year=3,
    through_agency=False,
    agreement_signed_on=date(2027, 2, 10),
    agreement=Period(date(2027, 3, 1), date(2027, 6, 30)),
    student_consent_on=date(2027, 2, 10),
    insurance=(Period(date(2027, 3, 1), date(2027, 6, 30)),),
    safety_instruction_on=date(2027, 3, 1),
    hours_a_day=Decimal(8),
    days_a_week=Decimal(5),
    overtime_a_month=Decimal(0),
    nights=False,
    holidays=False,
    high_risk=False,
    labour_grade=2,
    independent=True,
    pay_amount=Decimal(3200),
    in_money=True,
    to_student=True,
    post_wage=Decimal(4000),
    lowest_wage=Decimal(3600),
    deposit=Decimal(0),
    fee=Decimal(0),
    papers_kept=False,
)
DEALER = DealerFacts(dealer=1, staff=100, interns=10, posts=(PostShare("technician", 20, 4, {"zh": "维修技师", "en": "Technician"}),))
WORK = WorkFacts(person=1, dealer=1, hours_a_day=Decimal(8), days_a_week=Decimal(5), overtime_a_month=Decimal(36))
# Three years, with the six months of probation that they allow.
PROBATION = ProbationFacts(
    person=1,
    dealer=1,
    born_on=date(2007, 5, 4),
    contract_kind=Contract.FIXED,
    contract_from=date(2027, 3, 1),
    contract_until=date(2030, 2, 28),
    probation_from=date(2027, 3, 1),
    probation_until=date(2027, 8, 31),
    probation_pay=Decimal(3200),
    agreed_wage=Decimal(4000),
    lowest_wage=Decimal(3600),
    minimum_wage=Decimal(2000),
)


def placement(**changes):
    return replace(PLACEMENT, **changes)


def probation(**changes):
    return replace(PROBATION, **changes)


@contextmanager
def gathering(facts):
    """The rule check is given these facts, a list that the test may change, and nothing else."""

    def given(*, dealers=None, people=None, on):
        for one in facts:
            if (dealers is None or one.dealer in dealers) and (people is None or one.person in people):
                yield one

    with alone(given):
        yield facts
