"""What the components make of a candidate: plain figures in, an outcome out. No ORM."""

from dataclasses import dataclass
from decimal import Decimal

from assessments.grading.choices import Outcome


@dataclass(frozen=True)
class Part:
    """One component as it went: `score` and `pass_mark` of 100; no score where nothing counts."""

    score: Decimal | None
    pass_mark: int
    weight: int = 1

    @property
    def is_passed(self):
        return self.score is not None and self.score >= self.pass_mark


def outcome_of(parts, *, may_sit=True):
    """Every component must reach its own pass mark, whatever it weighs; who lacks one has missed the exam, if they might have sat it."""
    if not may_sit:
        return Outcome.NOT_ADMITTED
    if not parts or any(part.score is None for part in parts):
        return Outcome.MISSED
    return Outcome.PASSED if all(part.is_passed for part in parts) else Outcome.FAILED


def overall(parts):
    """The mean of the scores by their weights, of 100, cut after two digits: it never shows more than was reached.

    None where one is lacking."""
    if not parts or any(part.score is None for part in parts):
        return None
    reached = sum(100 * part.weight * part.score for part in parts)
    return Decimal(int(reached / sum(part.weight for part in parts))) / 100
