"""All rules, asked of some facts."""

from talent_pool.labour.choices import Severity
from talent_pool.labour.rules import declared, hours, papers, pay, persons, probation
from talent_pool.labour.rules.declared import UNKNOWN, Found, Terms, kept

MODULES = (persons, papers, pay, hours, probation)  # each declares its rules
# In the order in which they are shown, whichever module was read first.
RULES = {code: rule for module in MODULES for code, rule in declared.RULES.items() if rule.judge.__module__ == module.__name__}
DECLARED = Terms()


def check(facts, on, terms=DECLARED, only=None):
    """What the facts of one placement, dealer or probation break on a day, in the order of the rules; `only` one, by its code."""
    found = []
    for code, rule in RULES.items():
        if only in (None, code) and isinstance(facts, rule.about) and rule.clause.since <= on:
            found += _found(rule, facts, on, terms)
    return found


def blocking(facts, on, terms=DECLARED):
    """The sentences that keep a placement from starting: what was found and what would cure it, with the clause. In both languages."""
    return [one for one in check(facts, on, terms) if one.blocks]


def _found(rule, facts, on, terms):
    number = terms.number(rule)
    cases = [(case, _figures(figures, number)) for case, figures in rule.judge(facts, on, number)]
    if not cases:
        return
    said = {"rule": rule.code, "dealer": facts.dealer, "person": facts.person, "intern": facts.intern, "confidence": str(rule.confidence)}
    yield Found(place=facts.placement, severity=_severity(rule, facts, terms, cases), cases=tuple(cases), **said)


def _figures(figures, number):
    return kept(figures if number is None else {"limit": number, **figures})


def _severity(rule, facts, terms, cases):
    """What is only not on record warns, unless the rule has to know it."""
    own = terms.severity(rule, facts)
    only_unknown = all(not is_breach(rule, case) for case, _figures in cases)
    return str(Severity.WARN if only_unknown and not rule.must_know else own)


def is_breach(rule, case):
    """Whether a case says that the rule is broken, not that something isn't on record."""
    return not rule.cases[case].what and case != UNKNOWN
