from decimal import Decimal

from django.db.models import F, OuterRef, Q, Subquery, Sum

from assessments.exams.models import Answer, Attempt, PaperItem, Sitting
from lms.common.integrity import invariant

Status = Attempt.Status
# Points are kept to two digits: of many half-right answers the sum differs from the exact one by up to half a point in a hundred.
ROUNDING = Decimal("0.51")


@invariant("A marked attempt's score is the sum of its answers' points")
def scores_are_the_sum_of_points():
    reached = Answer.objects.filter(attempt=OuterRef("pk")).order_by().values("attempt").annotate(sum=Sum("points")).values("sum")
    total = PaperItem.objects.filter(paper=OuterRef("paper")).order_by().values("paper").annotate(sum=Sum("points")).values("sum")
    marked = Attempt.objects.filter(status=Status.MARKED).annotate(reached=Subquery(reached), total=Subquery(total))
    for pk, score, got, of in marked.values_list("pk", "score", "reached", "total").iterator():
        right = 100 * Decimal(got or 0) / of if of else Decimal(0)
        if score is None or abs(score - right) > ROUNDING:
            yield f"exams.attempt {pk}: score {score}, the answers make {right:.2f}"


@invariant("Every answer of a marked attempt has its points, none more than the question gives")
def answers_are_marked():
    unmarked = Q(points=None) & Q(attempt__status=Status.MARKED)
    return Answer.objects.filter(unmarked | Q(points__gt=F("item__points")) | Q(points__lt=0))


@invariant("An answer belongs to the paper of its attempt")
def answers_belong_to_the_paper():
    return Answer.objects.exclude(item__paper=F("attempt__paper"))


@invariant("Nothing is saved after the end of an attempt")
def nothing_is_saved_after_the_end():
    return Answer.objects.exclude(attempt__submitted_at=None).filter(saved_at__gt=F("attempt__submitted_at"), attempt__by_clock=False)


@invariant("An attempt that is over was handed in")
def states_of_attempts_agree():
    over = Q(status__in=[Status.SUBMITTED, Status.MARKED], submitted_at=None)
    return Attempt.objects.filter(over | Q(status=Status.MARKED, marked_at=None) | Q(submitted_at__lt=F("started_at")))


@invariant("A sitting keeps the version of the blueprint that it was set by")
def sittings_keep_their_blueprint():
    return Sitting.objects.filter(blueprint__frozen_at=None)
