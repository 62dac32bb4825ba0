"""When and how long interns and staff work."""

from django.utils.translation import gettext_lazy as _

from talent_pool.labour.choices import Confidence, Severity, Unit
from talent_pool.labour.rules import clauses
from talent_pool.labour.rules.declared import UNKNOWN, Words, rule, unknown
from talent_pool.labour.rules.facts import PlacementFacts, WorkFacts

WORKING = (PlacementFacts, WorkFacts)
WEAK = {"severity": Severity.WARN, "confidence": Confidence.WEAK, "clause": clauses.NO_NIGHTS, "about": PlacementFacts}
HOURS, DAYS = unknown(_("the hours a day")), unknown(_("the working days a week"))
OVERTIME = unknown(_("the overtime a month"))


@rule(
    "nights",
    _("No night work of interns"),
    **WEAK,
    cases={
        UNKNOWN: unknown(_("whether the intern works at night")),
        "night": Words(_("The intern works between 22:00 and 6:00."), _("Take the intern off night shifts.")),
    },
)
def nights(facts, on, limit):
    yield from _not_allowed(facts.nights, "night")


@rule(
    "holidays_work",
    _("No work of interns on public holidays"),
    **WEAK,
    cases={
        UNKNOWN: unknown(_("whether the intern works on public holidays")),
        "holiday": Words(_("The intern works on public holidays."), _("Take the intern off shifts on public holidays.")),
    },
)
def holidays_work(facts, on, limit):
    yield from _not_allowed(facts.holidays, "holiday")


@rule(
    "high_risk",
    _("No high-risk work of interns"),
    **WEAK,
    cases={
        UNKNOWN: unknown(_("whether the work is high-risk")),
        "risk": Words(_("The intern does high-risk work."), _("Choose a station without it.")),
    },
)
def high_risk(facts, on, limit):
    yield from _not_allowed(facts.high_risk, "risk")


def _not_allowed(answer, case):
    if answer is None:
        yield UNKNOWN, {}
    elif answer:
        yield case, {}


@rule(
    "overtime",
    _("No overtime of interns"),
    **WEAK,
    cases={
        UNKNOWN: OVERTIME,
        "some": Words(_("The intern works %(hours)s hours of overtime a month."), _("Plan no overtime for interns.")),
    },
)
def overtime(facts, on, limit):
    if facts.overtime_a_month is None:
        yield UNKNOWN, {}
    elif facts.overtime_a_month > 0:
        yield "some", {"hours": facts.overtime_a_month}


@rule(
    "overtime_month",
    _("Overtime a month"),
    clause=clauses.OVERTIME,
    about=WORKING,
    staff_severity=Severity.WARN,
    number=36,
    unit=Unit.HOURS_A_MONTH,
    cases={
        "long": Words(
            _("Overtime is %(hours)s hours a month; at most %(limit)s are allowed."), _("Plan at most %(limit)s hours of overtime.")
        )
    },
)
def overtime_month(facts, on, limit):
    if facts.overtime_a_month is not None and facts.overtime_a_month > limit:
        yield "long", {"hours": facts.overtime_a_month}


@rule(
    "hours_day",
    _("Hours a day"),
    clause=clauses.WORKING_HOURS,
    about=WORKING,
    staff_severity=Severity.WARN,
    number=8,
    unit=Unit.HOURS_A_DAY,
    cases={
        UNKNOWN: HOURS,
        "long": Words(_("A working day has %(hours)s hours; at most %(limit)s are allowed."), _("Plan at most %(limit)s hours a day.")),
    },
)
def hours_day(facts, on, limit):
    if facts.hours_a_day is None:
        yield UNKNOWN, {}
    elif facts.hours_a_day > limit:
        yield "long", {"hours": facts.hours_a_day}


@rule(
    "hours_week",
    _("Hours a week"),
    clause=clauses.WORKING_HOURS,
    about=WORKING,
    staff_severity=Severity.WARN,
    number=40,
    unit=Unit.HOURS_A_WEEK,
    cases={
        "long": Words(_("A working week has %(hours)s hours; at most %(limit)s are allowed."), _("Plan at most %(limit)s hours a week."))
    },
)
def hours_week(facts, on, limit):
    """That hours or days are not on record is found by `hours_day` and `rest_day`."""
    if None in (facts.hours_a_day, facts.days_a_week):
        return
    hours = facts.hours_a_day * facts.days_a_week
    if hours > limit:
        yield "long", {"hours": hours}


@rule(
    "rest_day",
    _("Days off a week"),
    clause=clauses.REST,
    about=WORKING,
    staff_severity=Severity.WARN,
    number=1,
    unit=Unit.DAYS_A_WEEK,
    cases={
        UNKNOWN: DAYS,
        "few": Words(_("The working week has %(days)s days."), _("Leave days off each week: at least %(limit)s.")),
    },
)
def rest_day(facts, on, limit):
    if facts.days_a_week is None:
        yield UNKNOWN, {}
    elif 7 - facts.days_a_week < limit:
        yield "few", {"days": facts.days_a_week}
