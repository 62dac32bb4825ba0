from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from courses.observations.choices import Occasion
from courses.observations.models import Checklist, Observation
from courses.observations.scoring import score_of_points


def checklists_for(dealer, scale):
    """The checklists that something may begin by at this dealer: in use, the dealer's own or everyone's."""
    current = Checklist.objects.filter(version_of=None, in_use=True, scale=scale)
    return current.filter(Q(dealer=None) | Q(dealer=dealer)).filter(items__isnull=False).distinct()


def standing_observations(kind, references):
    """The observations of these occasions that hold, with their items, in order of time: neither taken back nor a mere taking back."""
    found = Observation.objects.filter(occasion=kind, reference__in=[str(one) for one in references], corrected_by=None)
    return found.exclude(items=None).select_related("observer__employee").prefetch_related("items__item").order_by("at", "pk")


@dataclass(frozen=True)
class Scored:
    """An evaluation with what it comes to of 100; `points` is {item id: points}."""

    observation: Observation
    points: dict
    score: Decimal | None


def points_of(kind, references):
    """{reference: [`Scored`, in order of time]} of the evaluations by points that hold, in two statements."""
    found = defaultdict(list)
    for one in standing_observations(kind, references).filter(checklist__scale=Checklist.Scale.POINTS):
        items = list(one.items.all())
        points = {row.item_id: row.value for row in items}
        weights = {row.item_id: row.item.weight for row in items}
        found[one.reference].append(Scored(one, points, score_of_points(points, weights)))
    return dict(found)


def occasion_of(record):
    """The occasion that a record of an upper room is: its model and number."""
    return Occasion(record._meta.model_name, str(record.pk))
