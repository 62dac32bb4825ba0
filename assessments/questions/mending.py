"""A key that proved wrong, put right in frozen content: a new content is made of it, the old one stays. Plain functions, no ORM.

"also" holds further answers that are right as well, each as the kind's part of content ("key", a number's "tolerance"); "everyone"
says that the points are given whatever was answered, or nothing. The author's question never has either.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.questions.kinds.registry import kind_of
from lms.common.states import Refused

ADDED = ("also", "everyone")


class Way(TextChoices):
    ANOTHER = "another", gettext_lazy("Another answer is right")
    ALSO = "also", gettext_lazy("Another answer is right as well")
    EVERYONE = "everyone", gettext_lazy("Everyone gets the points")


class MarkedSoAlready(Refused):
    """Nothing would change."""


def is_mendable(content):
    """Whether a key decides of it, which may be wrong."""
    return kind_of(content).is_mendable


def mended(content, way, response):
    """The content by which to mark from now on; `response` is the answer that is right, as a candidate gives it.

    Raises `Refused` for what can be no answer, and where nothing would change.
    """
    if not is_mendable(content):
        raise Refused(_("A person marks this question, not a key."))
    new = _mended(content, way, response)
    if new == content or (way != Way.EVERYONE and _is_right_already(content, response, way)):
        raise MarkedSoAlready(_("This is how it is marked already; nothing would change."), field="answer")
    return new


def _mended(content, way, response):
    plain = {name: value for name, value in content.items() if name not in ADDED}
    if way == Way.EVERYONE:
        return {**plain, "everyone": True}
    part = part_of(content, response)
    if way == Way.ANOTHER:
        return {**plain, **part}
    return {**content, "also": [*content.get("also", ()), part]}


def part_of(content, response):
    """What the kind keeps of an answer as its key. Raises `Refused` for what can be none."""
    try:
        return kind_of(content).key_from(content, response or [])
    except ValueError:
        raise Refused(_("Give the answer that is right, as a candidate would give it."), field="answer") from None


def _is_right_already(content, response, way):
    if content.get("everyone"):
        return way == Way.ALSO
    part = part_of(content, response)
    stands = {name: content.get(name) for name in part} == part
    return (stands and not content.get("also")) if way == Way.ANOTHER else (stands or part in content.get("also", ()))
