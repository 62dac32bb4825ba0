"""What must be signed, insured and told before the first day, and what may not be asked for."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from talent_pool.labour.choices import Confidence, Kind, Severity, Unit
from talent_pool.labour.rules import clauses
from talent_pool.labour.rules.declared import UNKNOWN, Words, rule, unknown
from talent_pool.labour.rules.facts import PlacementFacts
from talent_pool.labour.rules.persons import ADULT
from talent_pool.labour.rules.reckoning import first_gap, is_under, last_day

SEEN = Confidence.SEEN


def is_before(day, first):
    return day is not None and day < first


@rule(
    "three_party_agreement",
    _("Three-party agreement"),
    clause=clauses.AGREEMENTS,
    about=PlacementFacts,
    confidence=SEEN,
    cases={
        "none": Words(
            _("School, dealer and student have not signed a three-party agreement."), _("Have all three sign it before %(first_on)s.")
        ),
        "late": Words(
            _("The three-party agreement was signed on %(signed_on)s, not before the first day, %(first_on)s."),
            _("Start the placement after the signing."),
        ),
        UNKNOWN: unknown(_("the term of the three-party agreement")),
        "begins": Words(
            _("The three-party agreement begins on %(from_on)s, after the first day, %(first_on)s."),
            _("Start the placement on %(from_on)s, or sign an agreement that begins earlier."),
        ),
        "ends": Words(
            _("The three-party agreement ends on %(until_on)s, before the last day, %(last_on)s."),
            _("Extend the agreement to %(last_on)s, or end the placement on %(until_on)s."),
        ),
    },
)
def three_party_agreement(facts, on, limit):
    if facts.kind == Kind.VISIT:
        return
    first, signed, term = facts.starts_on, facts.agreement_signed_on, facts.agreement
    if signed is None:
        yield "none", {"first_on": first}
        return
    if not is_before(signed, first):
        yield "late", {"signed_on": signed, "first_on": first}
    if term is None:
        yield UNKNOWN, {}
        return
    if term.from_on > first:
        yield "begins", {"from_on": term.from_on, "first_on": first}
    if (term.until_on or date.max) < facts.ends_on:
        yield "ends", {"until_on": term.until_on, "last_on": facts.ends_on}


@rule(
    "student_consent",
    _("Written consent of the student"),
    clause=clauses.AGREEMENTS,
    about=PlacementFacts,
    confidence=SEEN,
    cases={
        "none": Words(_("The student's written consent is missing."), _("Have the student sign before %(first_on)s.")),
        "late": Words(
            _("The student consented on %(signed_on)s, not before the first day, %(first_on)s."),
            _("Start the placement after the signing."),
        ),
    },
)
def student_consent(facts, on, limit):
    if facts.kind != Kind.VISIT:
        yield from _consent(facts, facts.student_consent_on)


@rule(
    "guardian_consent",
    _("Written consent of a minor's guardian"),
    clause=clauses.AGREEMENTS,
    about=PlacementFacts,
    confidence=SEEN,
    number=ADULT,
    unit=Unit.YEARS,
    cases={
        UNKNOWN: unknown(_("the birth date, and a guardian's consent")),
        "none": Words(
            _("The intern is under %(limit)s on the first day, and the guardian's written consent is missing."),
            _("Have the guardian sign before %(first_on)s."),
        ),
        "late": Words(
            _("The intern is under %(limit)s on the first day, and the guardian consented on %(signed_on)s only."),
            _("Start the placement after the signing."),
        ),
    },
)
def guardian_consent(facts, on, limit):
    if facts.kind == Kind.VISIT:
        return
    under = is_under(facts, limit, facts.starts_on)
    if under:
        yield from _consent(facts, facts.guardian_consent_on)
    elif under is None and facts.guardian_consent_on is None:
        yield UNKNOWN, {}


def _consent(facts, signed_on):
    if signed_on is None:
        yield "none", {"first_on": facts.starts_on}
    elif not is_before(signed_on, facts.starts_on):
        yield "late", {"signed_on": signed_on, "first_on": facts.starts_on}


@rule(
    "liability_insurance",
    _("Liability insurance for the whole term"),
    clause=clauses.INSURANCE,
    about=PlacementFacts,
    confidence=SEEN,
    cases={
        "none": Words(_("No liability insurance for the internship is on record."), _("Insure from %(first_on)s to %(last_on)s.")),
        "gap": Words(_("Not insured from %(from_on)s to %(until_on)s."), _("Extend the liability insurance over these days.")),
        "gap_day": Words(_("Not insured on %(from_on)s."), _("Extend the liability insurance over this day.")),
    },
)
def liability_insurance(facts, on, limit):
    if not facts.insurance:
        yield "none", {"first_on": facts.starts_on, "last_on": facts.ends_on}
        return
    gap = first_gap(facts.insurance, facts.starts_on, facts.ends_on)
    if gap:
        yield ("gap_day" if gap[0] == gap[1] else "gap"), {"from_on": gap[0], "until_on": gap[1]}


@rule(
    "no_deposit",
    _("No deposit"),
    clause=clauses.WHOLE_RULE,
    about=PlacementFacts,
    confidence=SEEN,
    cases={
        UNKNOWN: unknown(_("whether a deposit is asked for")),
        "deposit": Words(_("A deposit of ¥%(asked_yuan)s is asked for."), _("Ask for nothing, and pay back what was paid.")),
    },
)
def no_deposit(facts, on, limit):
    yield from _asked(facts.deposit, "deposit")


@rule(
    "no_fee",
    _("No fee"),
    clause=clauses.FEES,
    about=PlacementFacts,
    cases={
        UNKNOWN: unknown(_("whether a fee is asked for")),
        "fee": Words(_("A fee of ¥%(asked_yuan)s is asked for."), _("Ask for nothing, and pay back what was paid.")),
    },
)
def no_fee(facts, on, limit):
    yield from _asked(facts.fee, "fee")


def _asked(amount, case):
    if amount is None:
        yield UNKNOWN, {}
    elif amount > 0:
        yield case, {"asked_yuan": amount}


@rule(
    "papers_kept",
    _("No keeping of identity papers"),
    clause=clauses.WHOLE_RULE,
    about=PlacementFacts,
    confidence=SEEN,
    cases={
        UNKNOWN: unknown(_("whether identity papers are kept")),
        "kept": Words(_("The intern's identity papers are kept."), _("Give them back.")),
    },
)
def papers_kept(facts, on, limit):
    if facts.papers_kept is None:
        yield UNKNOWN, {}
    elif facts.papers_kept:
        yield "kept", {}


@rule(
    "usual_length",
    _("Usual length of a post internship"),
    clause=clauses.LENGTH,
    about=PlacementFacts,
    severity=Severity.WARN,
    confidence=Confidence.WEAK,
    number=6,
    unit=Unit.MONTHS,
    cases={
        "long": Words(
            _("The post internship lasts to %(last_on)s; %(limit)s months would end on %(usual_on)s."),
            _("Shorten it, or note with the school why it is longer."),
        )
    },
)
def usual_length(facts, on, limit):
    usual = last_day(facts.starts_on, limit)
    if facts.kind != Kind.VISIT and facts.ends_on > usual:
        yield "long", {"last_on": facts.ends_on, "usual_on": usual}


@rule(
    "trainee_protection",
    _("Safety instruction and fitting pay"),
    clause=clauses.TRAINEES,
    about=PlacementFacts,
    cases={
        "not_told": Words(_("No safety instruction is on record."), _("Give it by %(first_on)s and note the day.")),
        "told_late": Words(
            _("Safety instruction was given on %(told_on)s, after the first day, %(first_on)s."),
            _("Start the placement on or after that day."),
        ),
        "no_pay": Words(_("No pay is agreed for this post internship."), _("Agree on fitting pay and enter it.")),
    },
)
def trainee_protection(facts, on, limit):
    told = facts.safety_instruction_on
    if told is None:
        yield "not_told", {"first_on": facts.starts_on}
    elif told > facts.starts_on:
        yield "told_late", {"told_on": told, "first_on": facts.starts_on}
    if facts.kind != Kind.VISIT and not facts.pay_amount:
        yield "no_pay", {}
