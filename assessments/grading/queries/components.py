"""Components, their sittings and results: who has which, and who has still to be given a date."""

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from assessments.exams.models import Attempt, Sitting
from assessments.grading.kinds.registry import kinds
from assessments.grading.models import ComponentResult, ComponentSitting
from assessments.grading.models.components import LIVE
from assessments.grading.outcome import Part


def results_of(cycle):
    """The results that count, of all candidates of the cycle."""
    return ComponentResult.objects.filter(LIVE, component__cycle=cycle)


def results_by_candidacy(cycle):
    """(the kinds of components that the cycle has, {candidacy id: its results in the order of these, None where it has none})."""
    found = {}
    for result in results_of(cycle).select_related("component"):
        found.setdefault(result.candidacy_id, {})[result.component.kind] = result
    present = [kind for kind in kinds() if any(kind.name in results for results in found.values())]
    return present, {candidacy: [results.get(kind.name) for kind in present] for candidacy, results in found.items()}


def part_of(result):
    """A result with its component, as plain figures."""
    return Part(result.score, result.component.pass_mark, result.component.weight)


def practicals_of(cycle):
    """The ids of what the panel scores in this cycle."""
    return list(results_of(cycle).exclude(practical=None).values_list("practical", flat=True))


def sittings_of(cycle):
    """Every sitting of the cycle's components, with the component and the exam."""
    return ComponentSitting.objects.filter(component__cycle=cycle).select_related("component", "sitting")


def has_sittings():
    """A condition on components: they are sat at a set time and place."""
    return Q(kind__in=[kind.name for kind in kinds() if kind.has_sittings])


def without_date(at):
    """A condition on results: nobody told where and when yet, or what there was can't be sat any more: voided, or missed."""
    over = Q(sitting__sitting__closes_at__lte=at) | Q(sitting__sitting__status=Sitting.Status.CLOSED)
    return Q(sitting=None) | Q(paper__attempt__status=Attempt.Status.VOIDED) | (Q(paper__attempt=None) & over)


def waiting_for_date(component, at):
    """Whoever should be given a date for this component."""
    waiting = component.results.filter(LIVE).filter(without_date(at))
    return waiting.select_related("candidacy__employee", "paper__attempt").order_by("candidacy__employee__number")


def arrangements_of(cycle, at):
    """What the console shows of each component that is sat: {"component", "rows": its sittings, "waiting": how many have no date}."""
    places = ComponentResult.objects.filter(LIVE, sitting=OuterRef("pk")).order_by().values("sitting").annotate(n=Count("pk")).values("n")
    attempts = "sitting__papers__attempt"
    rows = sittings_of(cycle).annotate(
        places=Coalesce(Subquery(places, output_field=IntegerField()), 0),
        papers=Count("sitting__papers", distinct=True),
        begun=Count(attempts, distinct=True),
        working=Count(attempts, filter=Q(**{f"{attempts}__status": Attempt.Status.IN_PROGRESS}), distinct=True),
        handed_in=Count(attempts, filter=Q(**{f"{attempts}__status__in": Attempt.HANDED_IN}), distinct=True),
    )
    waiting = ComponentResult.objects.filter(LIVE, without_date(at), component=OuterRef("pk")).order_by().values("component")
    components = cycle.components.filter(has_sittings()).order_by("level", "pk")
    waiting = Coalesce(Subquery(waiting.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)
    by_component = {}
    for row in rows.order_by("sitting__opens_at", "pk"):
        by_component.setdefault(row.component_id, []).append(row)
    return [
        {"component": component, "rows": by_component.get(component.pk, []), "waiting": component.waiting}
        for component in components.annotate(waiting=waiting)
    ]
