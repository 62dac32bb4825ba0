"""What an intern is paid, how, and how many interns a dealer may have."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from django.utils.translation import gettext_lazy as _

from talent_pool.labour.choices import Confidence, Kind, Severity, Unit
from talent_pool.labour.rules import clauses
from talent_pool.labour.rules.declared import UNKNOWN, Words, rule, unknown
from talent_pool.labour.rules.facts import DealerFacts, PlacementFacts
from talent_pool.labour.rules.reckoning import share

CENT = Decimal("0.01")


def lowest_of(*amounts):
    """The lowest of those that are on record; either of two floors is enough."""
    known = [amount for amount in amounts if amount is not None]
    return min(known) if known else None


@rule(
    "pay_floor",
    _("Lowest pay of a post internship"),
    clause=clauses.PAY,
    about=PlacementFacts,
    confidence=Confidence.SEEN,
    number=80,
    unit=Unit.PERCENT,
    cases={
        UNKNOWN: unknown(_("whether the intern works relatively independently")),
        "no_wage": unknown(_("the wage of the same post")),
        "low": Words(
            _("Pay is ¥%(paid_yuan)s a month; the lowest allowed is ¥%(floor_yuan)s."),
            _("Pay at least ¥%(floor_yuan)s a month: %(limit)s%% of the wage of the same post, or its lowest grade."),
        ),
    },
)
def pay_floor(facts, on, limit):
    if facts.kind == Kind.VISIT or facts.independent is False or not facts.pay_amount:
        return  # that a post internship is without pay is found by `trainee_protection`
    if facts.independent is None:
        yield UNKNOWN, {}
        return
    floor = lowest_of(facts.post_wage and facts.post_wage * limit / 100, facts.lowest_wage)
    if floor is None:
        yield "no_wage", {}
    elif facts.pay_months and facts.pay_amount < floor * facts.pay_months:
        yield (
            "low",
            {
                "paid_yuan": (facts.pay_amount / facts.pay_months).quantize(CENT, ROUND_FLOOR),
                "floor_yuan": floor.quantize(CENT, ROUND_CEILING),
            },
        )


@rule(
    "pay_in_money_monthly",
    _("Paid in money, in full, to the student, monthly"),
    clause=clauses.PAY,
    about=PlacementFacts,
    confidence=Confidence.SEEN,
    number=1,
    unit=Unit.MONTHS,
    cases={
        UNKNOWN: unknown(_("how often, in what and to whom pay is paid")),
        "rare": Words(
            _("The pay period is longer than allowed (months: %(every)s, at most %(limit)s)."),
            _("Pay at least once in a period of that length."),
        ),
        "kind": Words(_("Pay is not in money."), _("Pay in money, not in goods or vouchers.")),
        "others": Words(_("Pay goes to a third party."), _("Pay the student directly.")),
    },
)
def pay_in_money_monthly(facts, on, limit):
    if facts.kind == Kind.VISIT or not facts.pay_amount:
        return
    if None in (facts.pay_months, facts.in_money, facts.to_student):
        yield UNKNOWN, {}
    if facts.pay_months is not None and facts.pay_months > limit:
        yield "rare", {"every": facts.pay_months}
    if facts.in_money is False:
        yield "kind", {}
    if facts.to_student is False:
        yield "others", {}


@rule(
    "share_of_staff",
    _("Share of interns among all staff"),
    clause=clauses.SHARES,
    about=DealerFacts,
    severity=Severity.WARN,
    confidence=Confidence.WEAK,
    number=10,
    unit=Unit.PERCENT,
    cases={
        "many": Words(
            _("Interns here: %(interns)s beside %(staff)s staff, %(reached_share)s; the usual limit is %(limit)s%%."),
            _("Have at most %(most)s interns here at a time, or place some at another dealer."),
        )
    },
)
def share_of_staff(facts, on, limit):
    if share(facts.interns, facts.staff) > limit:
        yield "many", _share_figures(facts, limit)


@rule(
    "share_of_post",
    _("Share of interns in one post"),
    clause=clauses.SHARES,
    about=DealerFacts,
    severity=Severity.WARN,
    confidence=Confidence.WEAK,
    number=20,
    unit=Unit.PERCENT,
    cases={
        "many": Words(
            _("%(post)s: %(interns)s interns beside %(staff)s staff, %(reached_share)s; the usual limit is %(limit)s%%."),
            _("%(post)s: have at most %(most)s interns at a time, or rotate some to another station."),
        )
    },
)
def share_of_post(facts, on, limit):
    for post in facts.posts:
        if share(post.interns, post.staff) > limit:
            yield "many", _share_figures(post, limit) | {"post": post.names or {"zh": post.post, "en": post.post}}


def _share_figures(counted, limit):
    reached = share(counted.interns, counted.staff).quantize(CENT, ROUND_CEILING)
    return {"interns": counted.interns, "staff": counted.staff, "reached_share": reached, "most": int(counted.staff * limit / 100)}
