from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.practicals.models import Practical, ScoreSheet, SheetMark
from assessments.practicals.permissions import may_score
from assessments.practicals.queries import own_marks, sheet_shown
from lms.audit.actions import record_event
from lms.audit.meanwhile import check_shown
from lms.common.bilingual import listed
from lms.common.scores import score_of
from lms.common.states import Refused, require
from lms.people.permissions import employee_of


def make_practicals(*, candidates, rubric, markers):
    """One practical exam by a frozen `rubric` for each of the candidates, to be scored by the markers. {candidate id: Practical}."""
    practicals = Practical.objects.bulk_create([Practical(candidate_id=pk, rubric=rubric) for pk in candidates], batch_size=500)
    seats = Practical.markers.through
    seats.objects.bulk_create(
        [seats(practical_id=practical.pk, employee_id=marker) for practical in practicals for marker in markers], batch_size=500
    )
    return {practical.candidate_id: practical for practical in practicals}


def close_practicals(*, practicals, status=Practical.Status.CLOSED):
    """Take no further sheets for these (ids): their scores are about to count. With status OPEN: take sheets again."""
    Practical.objects.filter(pk__in=practicals).update(status=status)


def change_marker(*, practicals, leaver, marker):
    """Let `marker` score these (ids) in the place of `leaver`, whose sheets stay on record and count no more."""
    seats = Practical.markers.through.objects.filter(practical__in=practicals)
    seats.filter(employee=leaver).update(employee=marker)


@transaction.atomic
def record_sheet(*, practical, marker, points, comment="", by, at, shown=None):
    """Keep one marker's scoring: `points` is {criterion id: points}, every criterion given. Each marker scores for themselves.

    A correction is a new sheet; of one marker's sheets the latest counts.
    """
    # The lock makes a closing of the practical wait for this sheet, or this sheet meet a closed practical.
    practical = Practical.objects.select_for_update(of=("self",)).select_related("rubric", "candidate").get(pk=practical.pk)
    check_hands(practical, marker, by)
    criteria = list(practical.rubric.criteria.all())
    check_shown(shown, sheet_shown(criteria, *own_marks(practical, marker)), practical)
    given = check_points(criteria, points)
    most = sum(criterion.max_points for criterion in criteria)
    score = score_of(Fraction(100 * sum(given.values())) / most)
    sheet = ScoreSheet.objects.create(practical=practical, marker=marker, score=score, comment=comment.strip(), marked_at=at, marked_by=by)
    SheetMark.objects.bulk_create(SheetMark(sheet=sheet, criterion_id=pk, points=value) for pk, value in given.items())
    record_event("practical.scored", target=practical, by=by, at=at, after={"marker": marker.pk, "score": score})
    return sheet


def check_hands(practical, marker, by):
    own = by is not None and employee_of(by) == marker
    require(
        own and may_score(by, practical),
        _("This exam is scored by the members of its panel, each for themselves, and never by the candidate."),
    )
    if practical.status != Practical.Status.OPEN:
        raise Refused(
            _("The results of this exam are being signed; no further scores are taken. HR can take the results back to marking first.")
        )


def check_points(criteria, points):
    """The points of every criterion as decimals, or a refusal that names what is missing or out of range."""
    if not criteria:
        raise Refused(_("The rubric has no criteria yet. Its author must add some first."))
    missing = [criterion.name for criterion in criteria if points.get(criterion.pk) is None]
    if missing:
        raise Refused(_("Still without points: %(names)s. Every criterion needs some, 0 counts too.") % {"names": listed(missing)})
    given = {criterion.pk: Decimal(str(points[criterion.pk])) for criterion in criteria}
    for criterion in criteria:
        if not 0 <= given[criterion.pk] <= criterion.max_points:
            raise Refused(_("“%(name)s” takes 0 to %(most)d points.") % {"name": criterion.name, "most": criterion.max_points})
    if set(points) - set(given):
        raise Refused(_("These points belong to another rubric. Open the page again and give the points anew."))
    return given
