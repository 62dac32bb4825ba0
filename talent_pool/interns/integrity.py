from django.db.models import Count, F, Q

from lms.common.integrity import invariant
from talent_pool.interns.models import BEFORE, Batch, Placement

Stage = Placement.Stage


@invariant("A batch is of the school and the dealer of its agreement, and its class is one of that school (C3)")
def batches_agree_with_their_agreement():
    other = Q(agreement__isnull=False) & (~Q(agreement__school=F("school")) | ~Q(agreement__dealer=F("dealer")))
    return Batch.objects.filter(other | Q(targeted_class__isnull=False) & ~Q(targeted_class__agreement__school=F("school")))


@invariant("An internship that is under way was started by somebody, one that waits was not (C4)")
def what_is_under_way_was_started():
    return Placement.objects.filter(Q(stage=Stage.UNDER_WAY, started_at=None) | Q(stage__in=BEFORE, started_at__isnull=False))


@invariant("Nobody is an intern in two places at once (C4)")
def nobody_is_in_two_places():
    twice = Placement.objects.filter(stage=Stage.UNDER_WAY).order_by().values("person").annotate(number=Count("pk")).filter(number__gt=1)
    return Placement.objects.filter(stage=Stage.UNDER_WAY, person__in=twice.values("person"))


@invariant("Whoever is under way is an intern of the batch's dealer, has left, or is staff by now (C4)")
def interns_are_at_their_dealer():
    wrong = Placement.objects.filter(stage=Stage.UNDER_WAY).exclude(person__status="left").exclude(person__kind="staff")
    return wrong.exclude(person__kind="intern", person__dealer=F("batch__dealer"))
