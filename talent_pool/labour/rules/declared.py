"""A rule: what it asks, where it stands, how much that is worth, and the words of whatever it may find.

    @rule("papers_kept", _("Papers stay with the student"), clause=WHOLE_RULE, about=PlacementFacts, confidence=SEEN, cases={…})
    def papers_kept(facts, on, limit):
        if facts.papers_kept:
            yield "kept", {}

What is found is kept as cases with their figures, and said when it is read. A figure whose name ends in `_on` is a day, in `_yuan` money,
in `_share` a share in per cent; {"zh", "en"} is a name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.common.bilingual import in_language, said, sentences
from lms.common.days import day
from talent_pool.labour.choices import Confidence, Severity
from talent_pool.labour.rules.clauses import Clause
from talent_pool.labour.rules.facts import PlacementFacts

UNKNOWN = "unknown"
CHECK_THE_TEXT = _("We know this clause at second hand only: check the current text.")
NOT_ON_RECORD = _("Not on record: %(what)s. So this rule can't be checked.")
ENTER_IT = _("Enter it.")
CLAUSE = _("Clause: %(clause)s.")


@dataclass(frozen=True)
class Words:
    """What a case says; `what` is what is missing, of an unknown."""

    found: str | Promise
    cure: str | Promise
    what: str | Promise = ""


def unknown(what):
    return Words(NOT_ON_RECORD, ENTER_IT, what)


@dataclass(frozen=True)
class Rule:
    """`about`: which facts it reads. `staff_severity`: of somebody employed, where that differs.

    What is only not on record warns, unless it `must_know`.
    """

    code: str
    title: str | Promise
    clause: Clause
    about: tuple
    judge: Callable
    cases: Mapping[str, Words]
    severity: str = Severity.BLOCK
    confidence: str = Confidence.READ
    number: Decimal | None = None
    unit: str = ""
    staff_severity: str = ""
    must_know: bool = False


RULES: dict[str, Rule] = {}


def rule(code, title, *, clause, about, cases, number=None, **values):
    about = about if isinstance(about, tuple) else (about,)
    number = None if number is None else Decimal(number)

    def register(function):
        RULES[code] = Rule(code, title, clause, about, function, cases, number=number, **values)
        return function

    return register


@dataclass(frozen=True)
class Limit:
    """What is in force of a rule on a day: its number, and another severity than the declared one."""

    value: Decimal | None = None
    severity: str = ""


@dataclass(frozen=True)
class Terms:
    """The limits that somebody set, by rule; the declared ones hold for the others."""

    limits: Mapping[str, Limit] = field(default_factory=dict)

    def number(self, one):
        limit = self.limits.get(one.code)
        return one.number if limit is None or limit.value is None else limit.value

    def severity(self, one, facts):
        limit = self.limits.get(one.code)
        own = one.severity if not one.staff_severity or isinstance(facts, PlacementFacts) else one.staff_severity
        return limit.severity if limit and limit.severity else own


@dataclass(frozen=True)
class Found:
    """That some facts break a rule: `cases` are pairs of a case and its figures, as JSON keeps them."""

    rule: str
    dealer: int
    person: int | None
    intern: str
    place: str
    severity: str
    confidence: str
    cases: tuple

    @property
    def blocks(self):
        return self.severity == Severity.BLOCK

    @property
    def found(self):
        return found_words(self.rule, self.cases)

    @property
    def cure(self):
        return cure_words(self.rule, self.cases, self.confidence)

    @property
    def clause(self):
        return clause_words(self.rule)

    @property
    def sentence(self):
        """All of it, for a refusal: what was found, what would cure it, and where that stands."""
        return sentences([self.found, self.cure, said(lambda: str(CLAUSE)) % {"clause": self.clause}])


# --- In words -----------------------------------------------------------------------------------------------------


def found_words(code, cases):
    return sentences(_say(RULES[code].cases[case], "found", figures) for case, figures in cases)


def cure_words(code, cases, confidence):
    cures = [_say(RULES[code].cases[case], "cure", figures) for case, figures in cases]
    once = {str(cure): cure for cure in cures}.values()
    return sentences([*once, *([said(lambda: str(CHECK_THE_TEXT))] if confidence == Confidence.WEAK else [])])


def clause_words(code):
    return said(lambda: str(RULES[code].clause.words))


def _say(words, side, figures):
    template = said(lambda: str(getattr(words, side)))
    return template % (_shown(figures) | {"what": said(lambda: str(words.what))})


def _shown(figures):
    return {name: _figure(name, value) for name, value in figures.items()}


def _figure(name, value):
    if name.endswith("_on"):
        return day(value)
    if isinstance(value, dict):
        return said(lambda: in_language(value["zh"], value["en"]))
    if name.endswith("_yuan"):
        return _grouped(Decimal(value))
    return f"{_plain(Decimal(value))}%" if name.endswith("_share") else str(value)


def _grouped(amount):
    text = f"{amount:,.2f}"
    return text.removesuffix(".00")


def _plain(number):
    """Without zeros behind the point."""
    text = f"{number:.2f}"
    return text.rstrip("0").rstrip(".")


def kept(figures):
    """Figures as JSON keeps them."""
    return {name: _kept(value) for name, value in figures.items()}


def _kept(value):
    if isinstance(value, date):
        return value.isoformat()
    return _plain(value) if isinstance(value, Decimal) else value
