"""How many of whom came how far, by school and year; and how many places of an agreement were taken, by year."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talent_pool.interns.models import Placement
from talent_pool.schools.models import Agreement, School
from talent_pool.selection.models import Offer
from talent_pool.selection.permissions import selection_scope

Stage, Status = Placement.Stage, Offer.Status
BEGUN = [Status.PROBATION, Status.CONFIRMED, Status.ENDED]
# How far someone has come: whoever reached a step reached those before it.
STEPS = {
    "applied": Q(),
    "placed": ~Q(stage=Stage.APPLIED),
    "passed": Q(decided_at__isnull=False) & ~Q(stage=Stage.NOT_PASSED),
    "offered": Q(offers__isnull=False),
    "probation": Q(offers__status__in=BEGUN),
    "confirmed": Q(offers__status=Status.CONFIRMED),
}
LABELS = {
    "applied": pgettext_lazy("internship", "Applied"),
    "placed": pgettext_lazy("internship", "Placed"),
    "passed": pgettext_lazy("internship", "Passed"),
    "offered": pgettext_lazy("internship", "Offered"),
    "probation": pgettext_lazy("internship", "On probation"),
    "confirmed": pgettext_lazy("internship", "Confirmed"),
}
MOST = 12  # pictures, and agreements, on one page
PLACES = _("Places taken")


@dataclass(frozen=True)
class Funnel:
    """`counts` is {step: how many came that far}."""

    school: School
    year: int
    counts: dict


def placements_scope_of(user):
    return Placement.objects.filter(selection_scope(user, "batch__dealer"))


def funnels(user):
    """The newest years first. Two statements."""
    counts = {step: Count("pk", filter=condition, distinct=True) for step, condition in STEPS.items() if condition}
    rows = placements_scope_of(user).order_by().values("batch__school", "batch__starts_on__year")
    found = list(rows.annotate(applied=Count("pk", distinct=True), **counts).order_by("-batch__starts_on__year", "batch__school")[:MOST])
    schools = School.objects.in_bulk({row["batch__school"] for row in found})
    return [Funnel(schools[row["batch__school"]], row["batch__starts_on__year"], {step: row[step] for step in STEPS}) for row in found]


def came_that_far(user, *, school, year, step):
    """The placements behind one bar."""
    found = placements_scope_of(user).filter(STEPS[step], batch__school=school, batch__starts_on__year=year)
    return found.select_related("person__student", "batch__dealer", "batch__school").distinct()


def places_by_agreement(user):
    """[(agreement, year, places taken)], the newest first: interns who began in a batch of that year. Two statements."""
    begun = placements_scope_of(user).exclude(started_at=None).exclude(batch__agreement=None).order_by()
    rows = begun.values("batch__agreement", "batch__starts_on__year").annotate(taken=Count("pk"))
    found = list(rows.order_by("-batch__starts_on__year", "batch__agreement")[:MOST])
    agreements = Agreement.objects.select_related("school").in_bulk({row["batch__agreement"] for row in found})
    return [(agreements[row["batch__agreement"]], row["batch__starts_on__year"], row["taken"]) for row in found]
