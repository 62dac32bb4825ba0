from django.db.models import Exists, F, OuterRef, Q

from lms.common.integrity import invariant
from lms.people.models import Employee
from talent_pool.interns.models import Placement
from talent_pool.selection.models import Offer, RankedIntern, Ranking, TieDecision
from talent_pool.selection.queries.rankings import parts_of, weights_of
from talent_pool.selection.ranking import composite_of, ranked

Status, Stage = Offer.Status, Placement.Stage
# Which stage an offer in each of these states puts its placement into.
STAGES = {
    Status.OFFERED: Stage.OFFERED,
    Status.ACCEPTED: Stage.OFFERED,
    Status.PROBATION: Stage.PROBATION,
    Status.CONFIRMED: Stage.CONFIRMED,
}


@invariant("Each composite is the parts by the weights of its ranking, and each place says how many are better (C4)")
def composites_are_reckoned():
    for ranking in Ranking.objects.prefetch_related("places").iterator(chunk_size=100):
        rows = {row.pk: row for row in ranking.places.all()}
        weights = weights_of(ranking)
        places = {one.key: one.place for one in ranked({pk: parts_of(row) for pk, row in rows.items()}, weights)}
        wrong = [row for pk, row in rows.items() if row.composite != composite_of(parts_of(row), weights) or row.place != places[pk]]
        yield from wrong


@invariant("Whoever is ranked is of the batch and had passed (C4)")
def ranked_have_passed():
    return RankedIntern.objects.exclude(placement__batch=F("ranking__batch"), placement__decided_at__isnull=False)


@invariant("A tie that was decided is one of its ranking (C4)")
def decisions_are_of_ties():
    for one in TieDecision.objects.select_related("ranking").iterator(chunk_size=100):
        tied = RankedIntern.objects.filter(ranking=one.ranking, place=one.place).values_list("pk", flat=True)
        if sorted(one.order) != sorted(tied):
            yield one


@invariant("A placement stands where its open offer puts it (C4)")
def stages_follow_offers():
    agrees = Q()
    for status, stage in STAGES.items():
        agrees |= Q(status=status, placement__stage=stage)
    return Offer.objects.filter(status__in=STAGES).exclude(agrees)


@invariant("A placement that is offered, on probation or confirmed has the offer that says so (C4)")
def stages_have_offers():
    offers = Offer.objects.filter(placement=OuterRef("pk"), status__in=STAGES)
    return Placement.objects.filter(stage__in=set(STAGES.values())).exclude(Exists(offers))


@invariant("Whoever is on probation or confirmed by an offer is staff (C4)")
def hired_are_staff():
    return Offer.objects.filter(status__in=[Status.PROBATION, Status.CONFIRMED]).exclude(placement__person__kind=Employee.Kind.STAFF)


@invariant("Nobody made, confirmed or ended an offer to themselves (C4)")
def nobody_decides_about_themselves():
    own = F("placement__person__user")
    return Offer.objects.filter(Q(offered_by=own) | Q(closed_by=own) & ~Q(status=Status.DECLINED))
