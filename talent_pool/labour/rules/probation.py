"""Probations: how long, how often, how paid; and what leaving may cost (Labour Contract Law)."""

from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR

from django.utils.translation import gettext_lazy as _

from talent_pool.labour.choices import Contract, Severity, Unit
from talent_pool.labour.rules import clauses
from talent_pool.labour.rules.declared import UNKNOWN, Words, rule, unknown
from talent_pool.labour.rules.facts import ProbationFacts
from talent_pool.labour.rules.pay import CENT, lowest_of
from talent_pool.labour.rules.reckoning import DAY, last_day, lasts

PROBATION = {"clause": clauses.PROBATION, "about": ProbationFacts}
# The lengths of contract that allow a probation: from so many months, the number of months of the rule.
SHORT, MIDDLE, LONG = 3, 12, 36
TOO_LONG = {
    "long": Words(
        _("The probation lasts to %(until_on)s; with this contract it may last to %(lawful_on)s."), _("End the probation on %(lawful_on)s.")
    )
}


def class_of(facts):
    """The months of contract from which the probation may last what it may; None: no probation at all."""
    if facts.contract_kind == Contract.TASK:
        return None
    if facts.contract_kind == Contract.OPEN or facts.contract_until is None:
        return LONG
    return next((months for months in (LONG, MIDDLE, SHORT) if lasts(facts.contract_from, facts.contract_until, months)), None)


def has_probation(facts):
    return facts.probation_from is not None


def _length(facts, months, limit):
    if not has_probation(facts) or class_of(facts) != months:
        return
    lawful = last_day(facts.probation_from, limit)
    if facts.probation_until and facts.probation_until > lawful:  # one without an end is found by `probation_inside_term`
        yield "long", {"until_on": facts.probation_until, "lawful_on": lawful}


@rule("probation_under_1_year", _("Probation in a contract under a year"), **PROBATION, number=1, unit=Unit.MONTHS, cases=TOO_LONG)
def probation_under_1_year(facts, on, limit):
    yield from _length(facts, SHORT, limit)


@rule(
    "probation_under_3_years", _("Probation in a contract of 1 to under 3 years"), **PROBATION, number=2, unit=Unit.MONTHS, cases=TOO_LONG
)
def probation_under_3_years(facts, on, limit):
    yield from _length(facts, MIDDLE, limit)


@rule(
    "probation_longer", _("Probation in a contract of 3 years or without an end"), **PROBATION, number=6, unit=Unit.MONTHS, cases=TOO_LONG
)
def probation_longer(facts, on, limit):
    yield from _length(facts, LONG, limit)


@rule(
    "probation_none",
    _("No probation in a contract under 3 months or for a task"),
    **PROBATION,
    cases={
        "none": Words(
            _("A contract under three months, or for a task, can't have a probation."),
            _("Drop the probation, or agree on a longer contract."),
        )
    },
)
def probation_none(facts, on, limit):
    if has_probation(facts) and class_of(facts) is None:
        yield "none", {}


@rule(
    "probation_once",
    _("One probation at an employer"),
    **PROBATION,
    cases={
        "second": Words(
            _("The person had a probation at this employer before, from %(from_on)s."), _("Employ the person without a probation.")
        )
    },
)
def probation_once(facts, on, limit):
    if has_probation(facts) and facts.earlier_probations:
        yield "second", {"from_on": min(one.from_on for one in facts.earlier_probations)}


@rule(
    "probation_inside_term",
    _("Probation inside the contract's term"),
    **PROBATION,
    cases={
        UNKNOWN: unknown(_("the last day of the probation")),
        "before": Words(_("The probation begins on %(from_on)s, before the contract, %(contract_on)s."), _("Begin both on the same day.")),
        "after": Words(
            _("The probation ends on %(until_on)s, after the contract, %(contract_on)s."), _("End the probation before the contract ends.")
        ),
    },
)
def probation_inside_term(facts, on, limit):
    if not has_probation(facts):
        return
    if facts.probation_until is None:
        yield UNKNOWN, {}
    if facts.probation_from < facts.contract_from:
        yield "before", {"from_on": facts.probation_from, "contract_on": facts.contract_from}
    if facts.contract_until and facts.probation_until and facts.probation_until > facts.contract_until:
        yield "after", {"until_on": facts.probation_until, "contract_on": facts.contract_until}


@rule(
    "probation_only_contract",
    _("A contract is more than its probation"),
    **PROBATION,
    cases={
        "only": Words(
            _("The contract consists of the probation only, so by law it has no probation."),
            _("Agree on a contract that goes on after the probation."),
        )
    },
)
def probation_only_contract(facts, on, limit):
    ends = facts.contract_until
    if has_probation(facts) and ends and facts.probation_from <= facts.contract_from and (facts.probation_until or ends) >= ends:
        yield "only", {}


@rule(
    "probation_pay",
    _("Pay on probation"),
    clause=clauses.PROBATION_PAY,
    about=ProbationFacts,
    number=80,
    unit=Unit.PERCENT,
    cases={
        UNKNOWN: unknown(_("the pay on probation, or the agreed wage")),
        "low": Words(
            _("Pay on probation is ¥%(paid_yuan)s a month; the lowest allowed is ¥%(floor_yuan)s."),
            _("Pay at least ¥%(floor_yuan)s a month: %(limit)s%% of the agreed wage, or the lowest grade of the same post."),
        ),
    },
)
def probation_pay(facts, on, limit):
    if not has_probation(facts):
        return
    floor = lowest_of(facts.agreed_wage and facts.agreed_wage * limit / 100, facts.lowest_wage)
    if facts.probation_pay is None or floor is None:
        yield UNKNOWN, {}
    elif facts.probation_pay < floor:
        yield "low", {"paid_yuan": facts.probation_pay, "floor_yuan": floor.quantize(CENT, ROUND_CEILING)}


@rule(
    "probation_minimum_wage",
    _("Local minimum wage"),
    clause=clauses.PROBATION_PAY,
    about=ProbationFacts,
    cases={
        UNKNOWN: unknown(_("the local minimum wage")),
        "low": Words(
            _("Pay on probation is ¥%(paid_yuan)s a month; the local minimum wage is ¥%(floor_yuan)s."),
            _("Pay at least ¥%(floor_yuan)s a month."),
        ),
    },
)
def probation_minimum_wage(facts, on, limit):
    if not has_probation(facts) or facts.probation_pay is None:
        return
    if facts.minimum_wage is None:
        yield UNKNOWN, {}
    elif facts.probation_pay < facts.minimum_wage:
        yield "low", {"paid_yuan": facts.probation_pay, "floor_yuan": facts.minimum_wage}


LAWFUL = {SHORT: 1, MIDDLE: 2, LONG: 6}  # months of probation


@rule(
    "probation_beyond_law",
    _("Full wage beyond the lawful probation"),
    clause=clauses.PROBATION_BEYOND,
    about=ProbationFacts,
    severity=Severity.WARN,
    cases={
        "beyond": Words(
            _("From %(from_on)s the probation goes beyond the law, and pay is below the agreed wage of ¥%(agreed_yuan)s a month."),
            _("Pay the full wage from %(from_on)s."),
        )
    },
)
def probation_beyond_law(facts, on, limit):
    if not has_probation(facts) or None in (facts.probation_pay, facts.agreed_wage):
        return
    months = LAWFUL.get(class_of(facts)) if not facts.earlier_probations else None
    begins = last_day(facts.probation_from, months) + DAY if months else facts.probation_from
    if begins <= (facts.probation_until or date.max) and facts.probation_pay < facts.agreed_wage:
        yield "beyond", {"from_on": begins, "agreed_yuan": facts.agreed_wage}


@rule(
    "training_bond",
    _("What leaving may cost"),
    clause=clauses.BONDS,
    about=ProbationFacts,
    cases={
        UNKNOWN: unknown(_("the cost of the training, or the months of the bond")),
        "not_special": Words(_("A training bond is agreed without special, paid professional training."), _("Drop the bond.")),
        "over": Words(
            _("Leaving now would cost ¥%(asked_yuan)s; the part of the training that is not yet served cost ¥%(most_yuan)s."),
            _("Ask for at most ¥%(most_yuan)s, less for each month served."),
        ),
        "other": Words(_("Another penalty for leaving is agreed: ¥%(asked_yuan)s."), _("Drop this penalty.")),
    },
)
def training_bond(facts, on, limit):
    if facts.other_penalty:
        yield "other", {"asked_yuan": facts.other_penalty}
    if not facts.bond_penalty:
        return
    if not facts.special_training:
        yield "not_special", {}
    elif not facts.training_cost or not facts.bond_months:
        yield UNKNOWN, {}
    else:
        unserved = max(0, facts.bond_months - facts.served_months)
        most = facts.training_cost * unserved / facts.bond_months
        if facts.bond_penalty > most:
            yield "over", {"asked_yuan": facts.bond_penalty, "most_yuan": most.quantize(CENT, ROUND_FLOOR)}
