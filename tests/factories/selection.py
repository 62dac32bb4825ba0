from datetime import UTC, datetime
from decimal import Decimal

from talent_pool.selection.actions.rankings import rank_batch
from tests.factories.pay import hr_of
from tests.factories.pipeline import make_batch, make_grade, make_placement, make_student

PASSED_AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def make_passed(batch=None, *, name="", internship="85", coursework="80", graduation="90", dealer=None, **values):
    """The placement of someone who passed; a grade of None is not there yet."""
    batch = batch or make_batch(dealer=dealer)
    student = make_student(batch.targeted_class, dealer=batch.dealer, position="intern", **({"name": name} if name else {}))
    for kind, score in (("coursework", coursework), ("graduation", graduation)):
        if score is not None:
            make_grade(student, kind, score)
    values = {
        "stage": "passed", "internship_score": Decimal(internship), "decided_at": PASSED_AT, "decided_by": hr_of(batch.dealer),
        "started_at": PASSED_AT, "started_by": hr_of(batch.dealer),
    } | values  # fmt: skip
    return make_placement(batch, student, **values)


def make_ranking(batch, *, by=None, at=PASSED_AT):
    return rank_batch(batch=batch, by=by or hr_of(batch.dealer), at=at)


def row_of(ranking, placement):
    return ranking.places.get(placement=placement)
