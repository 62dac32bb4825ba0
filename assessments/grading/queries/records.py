"""Cycles and candidacies: who sees which, and who is in them."""

from django.db.models import Case, CharField, DecimalField, F, OuterRef, Q, Subquery, Value, When

from assessments.grading.kinds.registry import kinds
from assessments.grading.models import Candidacy, ComponentResult, Cycle
from assessments.grading.models.components import LIVE
from assessments.grading.permissions import in_dealer, on_panel, own, results_seen
from lms.people.choices import Level
from lms.people.queries import present_people

SCORE = DecimalField(max_digits=5, decimal_places=2)


def cycles_visible_to(user):
    """Cycles of the dealers whose grading `user` sees, and those on whose panel they sit."""
    return Cycle.objects.filter(in_dealer(user) | on_panel(user)).select_related("dealer")


def candidacies_visible_to(user):
    """Candidacies `user` may see: of those cycles, and their own.

    Results come as `seen_outcome` and, for each kind of component, `seen_theory`, `seen_practical` and so on: pending and None until
    this user may see them. The outcome itself is left out, so that no page shows it by mistake.
    """
    seen = results_seen(user)
    return (
        Candidacy.objects.filter(in_dealer(user, "cycle__") | on_panel(user, "cycle") | own(user))
        .select_related("cycle__dealer", "employee__position", "employee__manager")
        .defer("outcome")
        .annotate(
            seen_outcome=Case(When(seen, then=F("outcome")), default=Value("pending"), output_field=CharField()),
            **{f"seen_{kind.name}": Case(When(seen, then=_score_in(kind)), default=None, output_field=SCORE) for kind in kinds()},
        )
    )


def _score_in(kind):
    counting = ComponentResult.objects.filter(LIVE, candidacy=OuterRef("pk"), component__kind=kind.name)
    return Subquery(counting.order_by().values("score")[:1], output_field=SCORE)


def people_in_track(dealer, track):
    """G1: everyone at the dealer in a position of the track, interns too, whatever their level."""
    return present_people(dealer).filter(position__track=track)


def people_not_candidates(cycle):
    """Staff of the track who are not in the cycle because they hold the highest level already."""
    return people_in_track(cycle.dealer, cycle.track).filter(**{f"{cycle.track}_level": Level.SENIOR})


ADMITTED = Q(is_eligible=True) | Q(waived_at__isnull=False)


def admitted(cycle):
    """The candidacies that may sit: eligible, or waived."""
    return cycle.candidacies.filter(ADMITTED)


def levels_admitted(cycle):
    """The levels aimed at by those who may sit, lowest first."""
    return sorted(admitted(cycle).order_by().values_list("to_level", flat=True).distinct())
