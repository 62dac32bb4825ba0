"""Objective questions mark themselves; the number of statements grows neither with the questions nor with their kinds."""

import math
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from django.db import transaction

from assessments.exams.models import Answer, Attempt, PaperItem
from assessments.questions.marking import mark
from lms.audit.actions import event_of, record_events

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
    items = _items_by_paper(claimed)
    answers = defaultdict(dict)
    for pk, attempt_id, item_id, response in Answer.objects.filter(attempt__in=claimed_ids).values_list(
        "pk", "attempt_id", "item_id", "response"
    ):
        answers[attempt_id][item_id] = (pk, response)
    earned = defaultdict(list)  # points → answers that earned them
    for attempt in claimed:
        attempt.score = _score(items[attempt.paper_id], answers[attempt.pk], earned)
    claimed = [attempt for attempt in claimed if attempt.score is not None]
    for attempt in claimed:
        Attempt.objects.filter(pk=attempt.pk).update(status=Attempt.Status.MARKED, marked_at=at, score=attempt.score)
    for points, answer_ids in earned.items():
        Answer.objects.filter(pk__in=answer_ids).update(points=points)
    record_events([event_of("attempt.marked", target=one, by=None, at=at, after={"score": one.score}) for one in claimed])
    return len(claimed)


def _items_by_paper(attempts):
    items = defaultdict(list)
    rows = PaperItem.objects.filter(paper__in={attempt.paper_id for attempt in attempts})
    for pk, paper_id, points, content in rows.values_list("pk", "paper_id", "points", "version__content"):
        items[paper_id].append((pk, points, content))
    return items


def _score(items, answers, earned):
    """The score of one attempt, or None where a person has to mark; notes in `earned` which answer earned how many points."""
    shares = [(answers[item][0], points, mark(content, answers[item][1])) for item, points, content in items if item in answers]
    if any(share is None for _pk, _points, share in shares):
        return None
    for pk, points, share in shares:
        earned[rounded(points * share)].append(pk)
    return percentage(sum(points * share for _pk, points, share in shares), sum(points for _item, points, _content in items))


def percentage(reached, total):
    """`reached` of `total` as 0-100 with two digits: 61.675 is 61.68."""
    return rounded(100 * Fraction(reached) / total) if total else Decimal(0)


def rounded(exact):
    """A fraction with two digits, half up."""
    return Decimal(math.floor(exact * 100 + Fraction(1, 2))) / 100
