"""Objective questions mark themselves; the number of statements grows neither with the questions nor with their kinds."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from django.db import transaction

from assessments.answers.actions import add_marks, mark_of
from assessments.answers.queries import given
from assessments.exams.models import Attempt, PaperItem
from assessments.exams.queries import mended_keys
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
    items, sheets = items_marked_by([attempt.paper_id for attempt in claimed]), given([attempt.sheet_id for attempt in claimed])
    marks = []
    for attempt in claimed:
        attempt.score, new = reckon(items[attempt.paper_id], sheets[attempt.sheet_id], at)
        marks += new
    add_marks(marks)
    done = [attempt for attempt in claimed if attempt.score is not None]
    for attempt in done:
        Attempt.objects.filter(pk=attempt.pk).update(status=Attempt.Status.MARKED, marked_at=at, score=attempt.score)
    record_events([event_of("attempt.marked", target=one, by=None, at=at, after={"score": one.score}) for one in done])
    return len(done)


class Item(NamedTuple):
    """A question of a paper: the version asked, and by which content it is marked, that of the version `key`: the same, or a mended one."""

    version: int
    points: int
    content: dict
    key: int


def items_marked_by(papers):
    """{paper's pk: its `Item`s}, as they are marked now."""
    items = defaultdict(list)
    rows = PaperItem.objects.filter(paper__in=papers).values_list("paper_id", "paper__sitting", "version_id", "points", "version__content")
    rows = list(rows)
    mended = mended_keys({sitting for _paper, sitting, *_rest in rows})
    for paper, sitting, version, points, content in rows:
        key = mended.get((sitting, version))
        items[paper].append(Item(version, points, key.content if key else content, key.pk if key else version))
    return items


def reckon(items, responses, at, *, again=(), reason=""):
    """The score of one attempt, or None while a person has yet to mark; and the marks that the rules add.

    A mark that is there stands, but for those of the versions in `again`, which are marked anew for this `reason`.
    """
    shares, marks = {}, []
    for item in items:
        one = responses.get(item.version)
        stands = one is not None and one.share is not None and item.version not in again
        share = shares[item.version] = one.share if stands else mark(item.content, one and one.response)
        if one is not None and not stands and share is not None:
            marks.append(mark_of(one.id, item.key, item.content, share, at, reason))
    if None in shares.values():
        return None, marks
    total = sum(item.points for item in items)
    return percentage(sum(item.points * shares[item.version] for item in items), total), marks


def percentage(reached, total):
    """`reached` of `total` as a score of 100."""
    return score_of(100 * Fraction(reached) / total) if total else Decimal(0)
