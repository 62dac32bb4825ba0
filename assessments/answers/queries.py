from collections import defaultdict
from fractions import Fraction
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from assessments.answers.models import MOST_RESPONSES, Mark, Response


class Given(NamedTuple):
    """The newest response to a question, and the share that its newest mark gave it, by which rule, after the key of which version.

    The share is None where it has no mark; the rule is empty where a person gave it.
    """

    id: int
    response: list | None
    sequence: int
    share: Fraction | None
    rule: str = ""
    key: int | None = None


def is_full(sheet_id):
    """Whether the sheet takes no more responses."""
    return Response.objects.filter(sheet=sheet_id, number__gte=MOST_RESPONSES).exists()


def newest():
    """Responses that no newer one to the same question has replaced."""
    newer = Response.objects.filter(sheet=OuterRef("sheet"), version=OuterRef("version"), sequence__gt=OuterRef("sequence"))
    return Response.objects.filter(~Exists(newer))


def given(sheet_ids, *, marked=True):
    """{sheet: {version: `Given`}}, by keys, for sheets in two statements: what counts of all that was given and marked.

    Not `marked`: one statement for sheets that nobody has marked yet.
    """
    shares = {}
    if marked:
        marks = Mark.objects.filter(response__sheet__in=sheet_ids).order_by("pk")
        rows = marks.values_list("response_id", "earned", "possible", "rule", "key_id")
        shares = {response: (Fraction(earned, possible), *by) for response, earned, possible, *by in rows}  # the last is the newest
    found = defaultdict(dict)
    rows = Response.objects.filter(sheet__in=sheet_ids).order_by("sheet", "sequence", "pk")
    for pk, sheet, version, response, sequence in rows.values_list("pk", "sheet_id", "version_id", "response", "sequence"):
        found[sheet][version] = Given(pk, response, sequence, *shares.get(pk, (None,)))  # and so with the responses to a question
    return found


def reached(given, points):
    """The fold of a sheet: the points that its marks make, exactly. `points` are by version's pk; what has no mark earns nothing."""
    return sum((points[version] * one.share for version, one in given.items() if one.share is not None), Fraction(0))
