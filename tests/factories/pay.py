from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

from django.utils import timezone

from assessments.certification.models import Certificate
from assessments.grading.models import Candidacy, Component, ComponentResult, Cycle, LevelDecision
from lms.people.models import Employee
from talent_pool.pay.actions.proposing import propose_pay_changes
from talent_pool.pay.actions.tables import make_band_table
from tests.factories.grading import make_rubric
from tests.factories.people import make_dealer, make_employee

PUBLISHED_AT = datetime(2026, 11, 20, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PAY = {"service": (4000, 4800, 5600, 6800), "technical": (4200, 5000, 6000, 7500)}
_serial = count(1)


def bands_of(pay=PAY):
    """Bands as `make_band_table` takes them."""
    letter = {"service": "S", "technical": "T"}
    return {(track, level): (f"{letter[track]}{level}", Decimal(base)) for track, row in pay.items() for level, base in enumerate(row)}


def make_bands(dealer=None, *, effective_on=date(2025, 1, 1), pay=PAY, by=None, at=PUBLISHED_AT):
    """A table of all eight bands that has begun."""
    dealer = dealer or make_dealer()
    return make_band_table(dealer=dealer, effective_on=effective_on, bands=bands_of(pay), by=by or hr_of(dealer), at=at)


def hr_of(dealer):
    """Whoever is HR there already, else someone new: what HR does is done by a person."""
    hr = Employee.objects.filter(dealer=dealer, position__code="hr_officer", user__isnull=False).first()
    return (hr or make_employee("hr_officer", dealer=dealer)).user


def make_published_cycle(dealer=None, *, track="service", year=2026, quarter=4, by=None, at=PUBLISHED_AT):
    by = by or make_employee("hr_officer", dealer=dealer).user
    return Cycle.objects.create(
        dealer=dealer or make_dealer(), track=track, year=year, quarter=quarter, status="published", published_at=at, published_by=by
    )


def make_candidacy(cycle, employee=None, *, outcome="passed", from_level=0):
    """Someone with this outcome, and the score of a practical exam that made it so (none for who did not sit)."""
    employee = employee or make_employee("advisor" if cycle.track == "service" else "technician", dealer=cycle.dealer)
    candidacy = Candidacy.objects.create(
        cycle=cycle, employee=employee, from_level=from_level, to_level=from_level + 1, is_eligible=True, outcome=outcome
    )
    component = Component.objects.filter(cycle=cycle, level=candidacy.to_level).first() or Component.objects.create(
        cycle=cycle, level=candidacy.to_level, kind="practical", rubric=make_rubric(cycle.track, candidacy.to_level)
    )
    ComponentResult.objects.create(candidacy=candidacy, component=component, score={"passed": 80, "failed": 40}.get(outcome))
    return candidacy


def make_award(cycle=None, employee=None, *, at=PUBLISHED_AT):
    """A promotion by one step, with its candidacy and certificate; the level on the employee's row follows."""
    cycle = cycle or make_published_cycle()
    employee = employee or make_employee("advisor" if cycle.track == "service" else "technician", dealer=cycle.dealer)
    candidacy = make_candidacy(cycle, employee, from_level=employee.level_in(cycle.track))
    serial = next(_serial)
    certificate = Certificate.objects.create(
        employee=employee,
        number=f"YT-{serial:05}",
        code=f"code{serial:08}",
        source=f"candidacy:{candidacy.pk}",
        track=cycle.track,
        level=candidacy.to_level,
        holder_name=employee.name,
        dealer_zh=cycle.dealer.name_zh,
        issued_at=at,
        issued_by=cycle.published_by,
    )
    award = LevelDecision.objects.create(
        kind=LevelDecision.Kind.AWARD,
        number=employee.level_decisions.filter(track=cycle.track).count() + 1,
        candidacy=candidacy,
        cycle=cycle,
        employee=employee,
        track=cycle.track,
        year=cycle.year,
        quarter=cycle.quarter,
        from_level=candidacy.from_level,
        to_level=candidacy.to_level,
        certificate=certificate,
        effective_on=timezone.localdate(at),
        decided_at=at,
        decided_by=cycle.published_by,
    )
    Employee.objects.filter(pk=employee.pk).update(**{f"{cycle.track}_level": award.to_level})
    employee.refresh_from_db()
    return award


def make_pay_changes(number=1, *, cycle=None):
    """Proposed changes of a published cycle with this many promotions, at a dealer with bands."""
    cycle = cycle or make_published_cycle()
    if not cycle.dealer.band_tables.exists():
        make_bands(cycle.dealer)
    for _ in range(number):
        make_award(cycle)
    return propose_pay_changes(cycle_id=cycle.pk, at=PUBLISHED_AT + timedelta(seconds=1))
