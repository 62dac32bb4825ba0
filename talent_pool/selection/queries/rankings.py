"""Who of a batch passed, what they reached, and in which order they stand."""

from django.db.models import Count, F, OuterRef, Q, Subquery

from lms.common.bilingual import listed
from lms.common.shown import fact
from talent_pool.interns.models import Batch, Placement
from talent_pool.schools.models import Grade, Student
from talent_pool.selection.models import RankedIntern, Ranking, TieDecision
from talent_pool.selection.permissions import selection_scope
from talent_pool.selection.ranking import PARTS, open_ties, ranked, settled, ties

Stage = Placement.Stage
PASSED = Q(decided_at__isnull=False) & ~Q(stage=Stage.NOT_PASSED)
FIELDS = {field.name: field for field in RankedIntern._meta.fields}
LABELS = {part: FIELDS[part].verbose_name for part in PARTS}


def batches_visible_to(user):
    """Batches whose selection `user` sees, with how many `passed`, how many wait for a decision, and when they were `ranked_at`."""
    latest = Ranking.objects.filter(batch=OuterRef("pk")).order_by("-made_at", "-pk")
    passed = Q(placements__decided_at__isnull=False) & ~Q(placements__stage=Stage.NOT_PASSED)
    under_way = Q(placements__decided_at=None, placements__ended_on=None)
    found = Batch.objects.filter(selection_scope(user)).select_related("dealer", "school", "agreement")
    return found.annotate(
        passed=Count("placements", filter=passed),
        undecided=Count("placements", filter=under_way),
        ranked_at=Subquery(latest.values("made_at")[:1]),
    )


def rankings_visible_to(user):
    return Ranking.objects.filter(selection_scope(user, "batch__dealer")).select_related("batch__dealer", "made_by__employee")


def latest_ranking(batch):
    return Ranking.objects.filter(batch=batch).select_related("made_by__employee").first()


def passed_of(batch):
    """The placements of those who passed, in order of their names."""
    return list(Placement.objects.filter(PASSED, batch=batch).select_related("person").order_by("person__name", "pk"))


def grades_of(people):
    """{person id: {“coursework” or “graduation”: the latest score}} in one statement."""
    found: dict = {}
    rows = Grade.objects.filter(student__person__in=people).order_by("recorded_at", "pk")
    for person, kind, score in rows.values_list("student__person", "kind", "score"):
        found.setdefault(person, {})[kind] = score
    return found


def parts_now(batch):
    """{placement: its parts as they are now} of those who passed."""
    placements = passed_of(batch)
    grades = grades_of([one.person_id for one in placements])
    return {one: {"internship": one.internship_score, **_grades(grades.get(one.person_id, {}))} for one in placements}


def _grades(found):
    return {part: found.get(part) for part in PARTS[1:]}


def ranked_now(batch):
    """The rows of a ranking made at this moment."""
    return ranked(parts_now(batch), batch.agreement.weights)


def weights_of(ranking):
    return {part: getattr(ranking, f"weight_{part}") for part in PARTS}


def parts_of(row):
    return {part: getattr(row, part) for part in PARTS}


def places_of(ranking):
    """The rows of a ranking with their people, the best first."""
    related = ("placement__person", "placement__batch")
    return list(ranking.places.select_related(*related).order_by(F("place").asc(nulls_last=True), "placement__person__name", "pk"))


def is_overtaken(ranking, rows, batch):
    """Whether a ranking made now would be another one: other weights, parts or people. `rows` are its `places_of`."""
    if batch.agreement is None:
        return False
    then = {row.placement_id: parts_of(row) for row in rows}
    now = {placement.pk: parts for placement, parts in parts_now(batch).items()}
    return (weights_of(ranking), then) != (batch.agreement.weights, now)


def decisions_of(ranking):
    """{place: the decision that holds}"""
    return {one.place: one for one in TieDecision.objects.filter(ranking=ranking).select_related("decided_by__employee").order_by("pk")}


def orders_of(decisions):
    return {place: one.order for place, one in decisions.items()}


def standing_of(rows, decisions):
    """(the final place of each row, the ties, those that are open), by id of the row."""
    places = {row.pk: row.place for row in rows}
    orders = orders_of(decisions)
    return settled(places, orders), ties(places), open_ties(places, orders)


def students_of(rows):
    """{person id: the school's record of them} with school and code."""
    found = Student.objects.filter(person__in=[row.placement.person_id for row in rows]).select_related("school")
    return {one.person_id: one for one in found}


def tie_shown(ranking, place):
    """Which decision of a tie a page showed, for `lms.common.shown`."""
    latest = decisions_of(ranking).get(place)
    names = latest and named(latest.order)
    return {f"tie-{place}": fact(TieDecision._meta.verbose_name, latest and latest.pk, names)}


def named(order):
    """The names of ranked interns (ids), in this order."""
    found = dict(RankedIntern.objects.filter(pk__in=order).values_list("pk", "placement__person__name"))
    return listed(found[pk] for pk in order if pk in found)
