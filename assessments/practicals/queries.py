from fractions import Fraction

from django.db.models import Exists, F, OuterRef

from assessments.practicals.models import Practical, ScoreSheet
from lms.common.scores import score_of
from lms.common.shown import fact
from lms.people.permissions import employee_of


def practicals_to_mark(user):
    """The practical exams that `user` may score: those they are a marker of, except ones already closed."""
    employee = employee_of(user)
    if employee is None or not user.is_active:
        return Practical.objects.none()
    own = ScoreSheet.objects.filter(practical=OuterRef("pk"), marker=employee)
    return (
        Practical.objects.filter(markers=employee, status=Practical.Status.OPEN)
        .select_related("candidate__position", "rubric")
        .annotate(is_scored=Exists(own))
        .order_by("rubric__level", "candidate__number")
    )


def latest_sheets(practical_ids):
    """{practical id: [the latest sheet of each marker]}; earlier ones, and those of who gave up the seat, count no more."""
    latest = {}
    counting = ScoreSheet.objects.filter(practical__in=practical_ids, practical__markers=F("marker"))
    for sheet in counting.select_related("marker").order_by("pk"):
        latest.setdefault(sheet.practical_id, {})[sheet.marker_id] = sheet
    return {practical: list(by_marker.values()) for practical, by_marker in latest.items()}


def practical_scores(practical_ids):
    """{practical id: the mean of its markers' latest scores, 0-100 with two places}; None where nobody has scored yet."""
    sheets = latest_sheets(practical_ids)
    return {pk: mean([sheet.score for sheet in sheets[pk]]) if pk in sheets else None for pk in practical_ids}


def mean(scores):
    return score_of(sum(map(Fraction, scores)) / len(scores))


def own_marks(practical, marker):
    """The marker's latest sheet of this practical and its points as {criterion id: points}, or (None, {})."""
    sheet = ScoreSheet.objects.filter(practical=practical, marker=marker).order_by("-pk").prefetch_related("marks").first()
    return sheet, {mark.criterion_id: mark.points for mark in sheet.marks.all()} if sheet else {}


def sheet_shown(criteria, sheet, marks):
    """What a page shows of a marker's own scoring: the points of each criterion and the comment, for `lms.common.shown`."""
    points = {f"c{one.pk}": fact(one.name, None if one.pk not in marks else int(marks[one.pk])) for one in criteria}
    return points | {"comment": fact(ScoreSheet._meta.get_field("comment").verbose_name, sheet.comment if sheet else "")}
