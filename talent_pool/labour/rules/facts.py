"""What the rules are asked about, as plain data: upper rooms fill it, no rule reads a record.

None is “not on record”: it is found as that, never taken for good. Days are both included.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from talent_pool.labour.choices import Contract, Kind, Venue


@dataclass(frozen=True)
class Period:
    """From one day to another; `until_on` None has no end."""

    from_on: date
    until_on: date | None = None


@dataclass(frozen=True)
class Elsewhere:
    """Another placement of the same person. `names`: its dealer's, {"zh", "en"}."""

    dealer: int
    from_on: date
    until_on: date
    names: dict = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PlacementFacts:
    """One placement of one student or intern at one dealer; money in CNY.

    `intern` is our student code, `placement` the id of the placement, `person` and `dealer` the ids of their records. `proved_age` is an
    age that the person had reached on the first day by a birth date that has been erased since.
    """

    intern: str
    placement: str
    person: int
    dealer: int
    kind: str = Kind.POST
    starts_on: date
    ends_on: date
    born_on: date | None = None
    proved_age: int | None = None
    school_year: int | None = None  # 1 is the first
    through_agency: bool | None = None
    place_kind: str | None = Venue.DEALER
    # The three-party agreement, and the consents.
    agreement_signed_on: date | None = None
    agreement: Period | None = None
    student_consent_on: date | None = None
    guardian_consent_on: date | None = None
    insurance: tuple[Period, ...] = ()
    safety_instruction_on: date | None = None
    # Working time.
    hours_a_day: Decimal | None = None
    days_a_week: Decimal | None = None
    overtime_a_month: Decimal | None = None  # hours
    nights: bool | None = None  # between 22:00 and 6:00
    holidays: bool | None = None  # public ones
    high_risk: bool | None = None
    labour_grade: int | None = None  # of physical labour, 1 (light) to 4
    # Pay: `pay_amount` is for `pay_months` months.
    independent: bool | None = None  # works relatively independently
    pay_amount: Decimal | None = None
    pay_months: Decimal | None = Decimal(1)
    in_money: bool | None = None
    to_student: bool | None = None
    post_wage: Decimal | None = None  # a month, of the same post
    lowest_wage: Decimal | None = None  # a month, the lowest grade of it
    # What may not be asked for.
    deposit: Decimal | None = None
    fee: Decimal | None = None
    papers_kept: bool | None = None
    elsewhere: tuple[Elsewhere, ...] = ()


@dataclass(frozen=True)
class PostShare:
    """How many staff and interns work in one post of a dealer. `names`: {"zh", "en"}."""

    post: str
    staff: int
    interns: int
    names: dict = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class DealerFacts:
    """Whom a dealer has at work on the day: staff without interns, and interns on a post internship."""

    dealer: int
    staff: int
    interns: int
    posts: tuple[PostShare, ...] = ()
    intern: str = ""
    placement: str = ""
    person: None = None


@dataclass(frozen=True, kw_only=True)
class WorkFacts:
    """The working time of somebody employed."""

    person: int
    dealer: int
    hours_a_day: Decimal | None = None
    days_a_week: Decimal | None = None
    overtime_a_month: Decimal | None = None
    intern: str = ""  # the student code, of whoever came that way
    placement: str = "work"


@dataclass(frozen=True, kw_only=True)
class ProbationFacts:
    """A contract of employment with a probation; money in CNY a month, the bond's as a whole.

    `minimum_wage` is that of the dealer's place on the day (`labour.queries.minimum_wages`).
    """

    person: int
    dealer: int
    intern: str = ""  # the student code, of whoever came that way
    placement: str = "probation"
    born_on: date | None = None
    proved_age: int | None = None
    contract_kind: str = Contract.FIXED
    contract_from: date
    contract_until: date | None = None
    probation_from: date | None = None  # None: no probation
    probation_until: date | None = None
    probation_pay: Decimal | None = None
    agreed_wage: Decimal | None = None
    lowest_wage: Decimal | None = None  # the lowest grade of the same post
    minimum_wage: Decimal | None = None
    earlier_probations: tuple[Period, ...] = ()  # at this employer
    # A bond (服务期) for training that the employer paid for: `bond_penalty` is what leaving on the day would cost.
    bond_penalty: Decimal | None = None
    training_cost: Decimal | None = None
    special_training: bool | None = None
    bond_months: int | None = None
    served_months: int = 0
    other_penalty: Decimal | None = None
