"""Objective questions mark themselves; the number of statements grows neither with the questions nor with their kinds."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from django.db import transaction

from assessments.answers.actions import add_marks, mark_of
from assessments.answers.queries import given
from assessments.exams.models import Attempt, PaperItem
from assessments.questions.marking import mark
from lms.audit.actions import event_of, record_events
from lms.common.scores import score_of

BATCH = 50  # attempts a round: 2,000 answers or so in memory


def mark_attempt(*, attempt, at):
    """Mark one attempt that was handed in. Returns it; one that is marked already stays as it is."""
    mark_attempts(attempts=[attempt], at=at)
    attempt.refresh_from_db()
    return attempt


def mark_unmarked(*, at):
    """Mark whatever was handed in and not marked, should a failure have come between. Part of the sweep; returns how many."""
    return mark_attempts(
        attempts=list(Attempt.objects.filter(status=Attempt.Status.SUBMITTED).select_related("paper__sitting", "paper__candidate")), at=at
    )


def mark_attempts(*, attempts, at):
    """Mark those among `attempts` that are handed in and unmarked. Returns how many."""
    return sum(_mark_batch(attempts[start : start + BATCH], at) for start in range(0, len(attempts), BATCH))


@transaction.atomic
def _mark_batch(attempts, at):
    unmarked = Attempt.objects.filter(pk__in=[attempt.pk for attempt in attempts], status=Attempt.Status.SUBMITTED)
    claimed_ids = set(unmarked.select_for_update().order_by("pk").values_list("pk", flat=True))
    claimed = [attempt for attempt in attempts if attempt.pk in claimed_ids]
    items, sheets = _items_by_paper(claimed), given([attempt.sheet_id for attempt in claimed])
    marks = []
    for attempt in claimed:
        attempt.score, new = _score(items[attempt.paper_id], sheets[attempt.sheet_id], at)
        marks += new
    add_marks(marks)
    done = [attempt for attempt in claimed if attempt.score is not None]
    for attempt in done:
        Attempt.objects.filter(pk=attempt.pk).update(status=Attempt.Status.MARKED, marked_at=at, score=attempt.score)
    record_events([event_of("attempt.marked", target=one, by=None, at=at, after={"score": one.score}) for one in done])
    return len(done)


def _items_by_paper(attempts):
    items = defaultdict(list)
    rows = PaperItem.objects.filter(paper__in={attempt.paper_id for attempt in attempts})
    for paper_id, version_id, points, content in rows.values_list("paper_id", "version_id", "points", "version__content"):
        items[paper_id].append((version_id, points, content))
    return items


def _score(items, responses, at):
    """The score of one attempt, or None while a person has yet to mark; and the marks that the rules add. A mark that is there stands."""
    shares, marks = {}, []
    for version, _points, content in items:
        if version in responses:
            one = responses[version]
            shares[version] = mark(content, one.response) if one.share is None else one.share
            if one.share is None and shares[version] is not None:
                marks.append(mark_of(one.id, version, content, shares[version], at))
    if None in shares.values():
        return None, marks
    total = sum(points for _version, points, _content in items)
    return percentage(sum(points * shares.get(version, 0) for version, points, _content in items), total), marks


def percentage(reached, total):
    """`reached` of `total` as a score of 100."""
    return score_of(100 * Fraction(reached) / total) if total else Decimal(0)
