"""Cycles and candidacies: who sees which, and who is in them."""

from django.db.models import Case, CharField, Count, DecimalField, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Round
from django.utils import timezone

from assessments.grading.kinds.registry import kinds
from assessments.grading.models import Candidacy, ComponentResult, Cycle, LevelDecision
from assessments.grading.models.components import LIVE
from assessments.grading.permissions import SHOWN, UNDER_WAY, in_dealer, on_panel, own, results_seen
from lms.common.compiled import compiled
from lms.people.choices import Level
from lms.people.models import Employee
from lms.people.permissions import employee_of
from lms.people.queries import present_people, sees_several_dealers

ADMITTED = Q(is_eligible=True) | Q(waived_at__isnull=False)
SCORE = DecimalField(max_digits=5, decimal_places=2)


def cycles_visible_to(user):
    """Cycles of the dealers whose grading `user` sees, and those on whose panel they sit."""
    return Cycle.objects.filter(in_dealer(user) | on_panel(user)).select_related("dealer")


def with_counts(cycles):
    """Annotates `candidates` and `may_sit`, counted for the cycles that are shown and not for all that there are."""
    return cycles.annotate(candidates=_count_of(Candidacy.objects.all()), may_sit=_count_of(Candidacy.objects.filter(ADMITTED)))


def _count_of(candidacies):
    counted = candidacies.filter(cycle=OuterRef("pk")).order_by().values("cycle").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


def called(cycle, user):
    """A cycle by its name, and by its dealer's for whoever reads those of several: group HR, outside examiners, who came from another."""
    reader = employee_of(user)
    is_own = reader is not None and reader.dealer_id == cycle.dealer_id and not reader.position.is_outside
    return str(cycle) if is_own and not sees_several_dealers(user) else f"{cycle} · {cycle.dealer.name}"


def candidacies_visible_to(user):
    """Candidacies `user` may see: of those cycles, and their own.

    Results come as `seen_outcome` and, for each kind of component, `seen_theory`, `seen_practical` and so on: pending and None until
    this user may see them. The outcome itself is left out, so that no page shows it by mistake.
    """
    found = Candidacy.objects.filter(in_dealer(user, "cycle__") | on_panel(user, "cycle") | own(user))
    return _with_results(found, results_seen(user))


def own_candidacies(employee):
    """The newest dozen of `candidacies_visible_to` that are the person's own: whose results they see once they are published, wherever else
    they sit or work (G5). One statement."""
    return _own(tuple(kind.name for kind in kinds()), employee=employee.pk)


@compiled
def _own(_kinds, *, employee):
    found = _with_results(Candidacy.objects.filter(employee=employee), Q(cycle__status__in=SHOWN))
    return found.order_by("-cycle__year", "-cycle__quarter", "-pk")[:12]


def _with_results(candidacies, seen):
    return (
        candidacies.select_related("cycle__dealer", "employee__position", "employee__manager")
        .defer("outcome")
        .annotate(
            seen_outcome=Case(
                When(seen & ~ADMITTED & Q(outcome=Candidacy.Outcome.MISSED), then=Value(Candidacy.Outcome.NOT_ADMITTED)),  # of older cycles
                When(seen, then=F("outcome")),
                default=Value("pending"),
                output_field=CharField(),
            ),
            **{f"seen_{kind.name}": Case(When(seen, then=_score_in(kind)), default=None, output_field=SCORE) for kind in kinds()},
        )
    )


def _score_in(kind):
    counting = ComponentResult.objects.filter(LIVE, candidacy=OuterRef("pk"), component__kind=kind.name)
    score = Subquery(counting.order_by().values("score")[:1], output_field=SCORE)
    return Round(score, precision=2, output_field=SCORE)  # a mean has more digits in SQLite, and none of them would be found again


def people_in_track(dealer, track, at):
    """G1: everyone at the dealer in a position of the track who has begun work by then, interns too, whatever their level."""
    return present_people(dealer).filter(position__track=track, hired_on__lte=timezone.localdate(at))


def people_not_candidates(cycle):
    """Staff of the track who are not in the cycle because they hold the highest level already."""
    return people_in_track(cycle.dealer, cycle.track, timezone.now()).filter(**{f"{cycle.track}_level": Level.SENIOR})


def admitted(cycle):
    """The candidacies that may sit: eligible, or waived."""
    return cycle.candidacies.filter(ADMITTED)


def under_way(cycle):
    """Candidacies in other cycles of the track by which people are being examined."""
    found = Candidacy.objects.filter(ADMITTED, cycle__track=cycle.track, cycle__status__in=UNDER_WAY)
    return found.exclude(cycle=cycle)


def steps_of_the_quarter(cycle):
    """Steps that other cycles of the track and quarter gave. The database holds that nobody is given two (G2)."""
    return LevelDecision.objects.filter(track=cycle.track, year=cycle.year, quarter=cycle.quarter).exclude(cycle=cycle)


def who_left(cycle):
    """The candidacies of a ratified cycle whose people have left since they were admitted: publication withdraws them."""
    gone = admitted(cycle).filter(cycle__status=Cycle.Status.RATIFIED, employee__status=Employee.Status.LEFT)
    return gone.select_related("employee").order_by("employee__number")


def levels_admitted(cycle):
    """The levels aimed at by those who may sit, lowest first."""
    return sorted(admitted(cycle).order_by().values_list("to_level", flat=True).distinct())
