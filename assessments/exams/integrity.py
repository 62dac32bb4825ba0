from itertools import islice

from django.db.models import Exists, F, OuterRef, Q

from assessments.answers.models import Response
from assessments.answers.queries import given, newest, reached
from assessments.exams.actions.marks import items_marked_by, percentage
from assessments.exams.models import Attempt, KeyMend, PaperItem, Sitting
from assessments.questions.kinds.registry import kind_of
from assessments.questions.marking import mark
from lms.common.integrity import invariant
from lms.common.scores import CENT

Status = Attempt.Status
BATCH = 200


@invariant("A marked attempt's score is what the newest marks of its newest answers make")
def scores_are_what_the_marks_make():
    for pk, score, items, answers in _marked():
        points = {item.version: item.points for item in items}
        granted = sum(item.points for item in items if item.content.get("everyone") and item.version not in answers)
        counted = {version: one for version, one in answers.items() if version in points}
        right = percentage(reached(counted, points) + granted, sum(points.values()))
        if score not in (right, _as_rounded_once(right)):
            yield f"exams.attempt {pk}: score {score}, the marks make {right}"


@invariant("The newest mark of an answer is what the key makes of it: of the version that was asked, or the one it was mended to (§4)")
def marks_are_what_the_keys_make():
    """But for marks by a rule of an earlier version, and answers that an erasure blanked."""
    for pk, _score, items, answers in _marked():
        for item in items:
            one = answers.get(item.version)
            if one is None or one.response is None or one.rule != kind_of(item.content).rule:
                continue
            if one.key != item.key or one.share != mark(item.content, one.response):
                yield f"exams.attempt {pk}: the mark of version {item.version} is not what version {item.key} makes of the answer"


def _marked():
    """(its pk, score, `Item`s, {version: `Given`}) of every marked attempt, a few at a time."""
    rows = Attempt.objects.filter(status=Status.MARKED).order_by("pk").values_list("pk", "paper_id", "sheet_id", "score").iterator(BATCH)
    while batch := list(islice(rows, BATCH)):
        items, sheets = items_marked_by([row[1] for row in batch]), given([row[2] for row in batch])
        for pk, paper, sheet, score in batch:
            yield pk, score, items[paper], sheets[sheet]


def _as_rounded_once(right):
    """Up to 0.1 what came near a whole mark was rounded up to it; those scores stay as they were published."""
    raised = right + CENT
    return raised if raised == int(raised) else right


@invariant("Every answer that counts in a marked attempt has a mark")
def answers_are_marked():
    return newest().filter(sheet__attempt__status=Status.MARKED, marks=None)


@invariant("An answer belongs to the paper of its attempt")
def answers_belong_to_the_paper():
    asked = PaperItem.objects.filter(paper=OuterRef("sheet__attempt__paper"), version=OuterRef("version"))
    return Response.objects.filter(~Exists(asked), sheet__attempt__isnull=False)


@invariant("The answer sheet of an attempt is the candidate's")
def sheets_are_the_candidates():
    return Attempt.objects.exclude(sheet__person=F("paper__candidate"))


@invariant("Nothing is saved after the end of an attempt")
def nothing_is_saved_after_the_end():
    ended = Q(sheet__attempt__submitted_at__isnull=False, sheet__attempt__by_clock=False)
    return Response.objects.filter(ended, saved_at__gt=F("sheet__attempt__submitted_at"))


@invariant("An attempt that is over was handed in")
def states_of_attempts_agree():
    over = Q(status__in=[Status.SUBMITTED, Status.MARKED], submitted_at=None)
    return Attempt.objects.filter(over | Q(status=Status.MARKED, marked_at=None) | Q(submitted_at__lt=F("started_at")))


@invariant("A sitting keeps the version of the blueprint that it was set by")
def sittings_keep_their_blueprint():
    return Sitting.objects.filter(blueprint__frozen_at=None)


@invariant("A mended key is of the question that it was mended for, by two people (§4)")
def mends_are_of_their_question():
    confirmed = KeyMend.objects.exclude(confirmed_at=None)
    return confirmed.exclude(~Q(confirmed_by=F("proposed_by")), key__question=F("version__question"))
