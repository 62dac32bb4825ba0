from datetime import UTC, date, datetime
from decimal import Decimal

from talent_pool.selection.actions.offers import accept_offer, make_offer
from talent_pool.selection.actions.probation import begin_probation
from talent_pool.selection.actions.rankings import rank_batch
from tests.factories.pay import hr_of
from tests.factories.people import make_position
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


FIRST_DAY = date(2026, 11, 25)


def make_finished_batch(dealer=None, **values):
    """A batch whose internship is over before `FIRST_DAY`."""
    return make_batch(dealer=dealer, **{"starts_on": date(2026, 5, 4), "ends_on": date(2026, 10, 30)} | values)


def offered(placement, *, position="technician", by=None, at=PASSED_AT, **terms):
    """An offer by HR: three years with half a year of probation."""
    given = {
        "contract": "fixed", "contract_from": FIRST_DAY, "contract_until": date(2029, 11, 24), "probation_until": date(2027, 5, 24),
        "probation_pay": Decimal(4000), "agreed_pay": Decimal(4500),
    } | terms  # fmt: skip
    by = by or hr_of(placement.batch.dealer)
    return make_offer(placement=placement, position=make_position(position), by=by, at=at, **given)


def make_offered(dealer=None, *, name="", **terms):
    """An offer to someone who is alone in a ranked batch."""
    placement = make_passed(make_finished_batch(dealer), name=name)
    make_ranking(placement.batch)
    return offered(placement, **terms)


def make_accepted(dealer=None, **values):
    offer = make_offered(dealer, **values)
    return accept_offer(offer=offer, by=offer.placement.person.user, at=PASSED_AT)


def make_on_probation(dealer=None, *, number="", at=None, **values):
    offer = make_accepted(dealer, **values)
    at = at or datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    return begin_probation(offer=offer, number=number or f"N{offer.pk:05}", by=hr_of(offer.dealer), at=at)
