"""Who may be an intern, and where."""

from django.utils.translation import gettext_lazy as _

from talent_pool.labour.choices import BANNED, Confidence, Kind, Severity, Unit
from talent_pool.labour.rules import clauses
from talent_pool.labour.rules.declared import UNKNOWN, Words, rule, unknown
from talent_pool.labour.rules.facts import PlacementFacts, ProbationFacts
from talent_pool.labour.rules.reckoning import is_under

BIRTH_DATE = unknown(_("the birth date"))
SEEN = Confidence.SEEN
ADULT = 18


@rule(
    "follow_along_kind",
    _("Visit or post internship"),
    clause=clauses.KINDS,
    about=PlacementFacts,
    severity=Severity.WARN,
    confidence=SEEN,
    cases={
        "gone": Words(
            _("The placement is a follow-along internship, a kind that no longer exists."),
            _("Make it a visit internship or a post internship."),
        )
    },
)
def follow_along_kind(facts, on, limit):
    if facts.kind == Kind.FOLLOW:
        yield "gone", {}


@rule(
    "age_16",
    _("Minimum age on the first day"),
    clause=clauses.LIMITS,
    about=PlacementFacts,
    confidence=SEEN,
    number=16,
    unit=Unit.YEARS,
    must_know=True,
    cases={
        UNKNOWN: BIRTH_DATE,
        "young": Words(
            _("The intern is under %(limit)s on the first day, %(first_on)s."),
            _("Start the placement on or after that birthday."),
        ),
    },
)
def age_16(facts, on, limit):
    under = is_under(facts, limit, facts.starts_on)
    if under is None:
        yield UNKNOWN, {}
    elif under:
        yield "young", {"first_on": facts.starts_on}


@rule(
    "first_year",
    _("No first-year student on a post internship"),
    clause=clauses.LIMITS,
    about=PlacementFacts,
    confidence=SEEN,
    cases={
        UNKNOWN: unknown(_("the school year")),
        "first": Words(
            _("The student is in the first year, and this is a post internship."),
            _("Make it a visit internship, or wait for the second year."),
        ),
    },
)
def first_year(facts, on, limit):
    if facts.kind == Kind.VISIT:
        return
    if facts.school_year is None:
        yield UNKNOWN, {}
    elif facts.school_year < 2:
        yield "first", {}


@rule(
    "agency",
    _("No agency in between"),
    clause=clauses.LIMITS,
    about=PlacementFacts,
    confidence=SEEN,
    cases={
        UNKNOWN: unknown(_("whether an agency arranged the placement")),
        "agency": Words(_("An agency arranged the placement."), _("Arrange it with the school directly.")),
    },
)
def agency(facts, on, limit):
    if facts.through_agency is None:
        yield UNKNOWN, {}
    elif facts.through_agency:
        yield "agency", {}


@rule(
    "banned_place",
    _("No bars, KTV or net cafés"),
    clause=clauses.LIMITS,
    about=PlacementFacts,
    confidence=SEEN,
    cases={
        UNKNOWN: unknown(_("the kind of workplace")),
        "banned": Words(_("The workplace is a bar, a KTV or a net café."), _("Choose another workplace.")),
    },
)
def banned_place(facts, on, limit):
    if facts.place_kind is None:
        yield UNKNOWN, {}
    elif facts.place_kind in BANNED:
        yield "banned", {}


@rule(
    "labour_grade",
    _("No heavy physical labour for minors"),
    clause=clauses.LIMITS,
    about=PlacementFacts,
    confidence=SEEN,
    number=3,
    unit=Unit.GRADE,
    cases={
        UNKNOWN: unknown(_("the birth date of someone in heavy physical labour")),
        "no_grade": unknown(_("the grade of physical labour of a minor")),
        "heavy": Words(
            _("The intern is under 18, and the work is physical labour of grade %(grade)s."),
            _("Give work below grade %(limit)s until the 18th birthday."),
        ),
    },
)
def labour_grade(facts, on, limit):
    minor = is_under(facts, ADULT, facts.starts_on)
    if facts.labour_grade is None:
        if minor:
            yield "no_grade", {}
    elif facts.labour_grade >= limit and minor is not False:
        yield (UNKNOWN, {}) if minor is None else ("heavy", {"grade": facts.labour_grade})


@rule(
    "one_dealer",
    _("One dealer at a time"),
    clause=clauses.AGREEMENTS,
    about=PlacementFacts,
    confidence=SEEN,
    cases={
        "two": Words(
            _("From %(from_on)s to %(until_on)s the student is also placed at another dealer, %(dealer)s."),
            _("End one of the two placements before the other starts: each agreement is with one dealer."),
        )
    },
)
def one_dealer(facts, on, limit):
    for other in facts.elsewhere:
        first, last = max(facts.starts_on, other.from_on), min(facts.ends_on, other.until_on)
        if other.dealer != facts.dealer and first <= last:
            yield "two", {"from_on": first, "until_on": last, "dealer": other.names or {"zh": str(other.dealer), "en": str(other.dealer)}}


@rule(
    "under_16_employment",
    _("No one under 16 is employed"),
    clause=clauses.CHILD_LABOUR,
    about=ProbationFacts,
    number=16,
    unit=Unit.YEARS,
    must_know=True,
    cases={
        UNKNOWN: Words(
            _("Not on record: the birth date. An employer must check who it employs."),
            _("Check the identity card and enter the birth date."),
        ),
        "young": Words(_("The person is under %(limit)s when the contract begins."), _("Begin the contract on or after that birthday.")),
    },
)
def under_16_employment(facts, on, limit):
    under = is_under(facts, limit, facts.contract_from)
    if under is None:
        yield UNKNOWN, {}
    elif under:
        yield "young", {}


@rule(
    "minor_at_work",
    _("Protection of minors at work"),
    clause=clauses.MINORS,
    about=(PlacementFacts, ProbationFacts),
    severity=Severity.WARN,
    number=ADULT,
    unit=Unit.YEARS,
    cases={
        "minor": Words(
            _("The person is under %(limit)s: a minor at work."),
            _("Give the protection that minors have: health checks, and no dangerous or heavy work. This ends by itself at %(limit)s."),
        )
    },
)
def minor_at_work(facts, on, limit):
    begins = facts.starts_on if isinstance(facts, PlacementFacts) else facts.contract_from
    if is_under(facts, limit, max(on, begins)):
        yield "minor", {}
