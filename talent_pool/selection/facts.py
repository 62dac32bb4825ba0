"""What the rule check is told of offers and probations (C5): records turned into plain facts, for many in few statements."""

from django.db.models import Q

from lms.people.models import EmploymentEvent
from talent_pool.interns.facts import age_of, lowest_bands, who_came_back
from talent_pool.labour.gatherers import gatherer
from talent_pool.labour.queries import minimum_wages
from talent_pool.labour.rules.facts import Period, ProbationFacts
from talent_pool.selection.models import Offer

ON = [Offer.Status.OFFERED, Offer.Status.ACCEPTED, Offer.Status.PROBATION]


@gatherer
def probations(*, dealers=None, people=None, on):
    """The `ProbationFacts` of every offer that is open or on probation. Five statements, however many there are."""
    wanted = Q() if dealers is None else Q(dealer__in=dealers)
    wanted &= Q() if people is None else Q(placement__person__in=people)
    rows = list(Offer.objects.filter(wanted, status__in=ON).select_related("placement__person__student", "position").order_by("pk"))
    return facts_of_offers(rows, on)


def facts_of_offers(offers, on):
    """Of offers that may be unsaved, with placement, person and position at hand."""
    if not offers:
        return []
    dealers = {one.dealer_id for one in offers}
    wages, bands = minimum_wages(dealers, on), lowest_bands(dealers, on)
    before, back = earlier_probations(offers), who_came_back(one.placement.person for one in offers)
    return [facts_of(one, wages, bands, before.get(_key(one), []), one.placement.person_id in back) for one in offers]


def facts_of(offer, wages, bands, before, came_back):
    student = getattr(offer.placement.person, "student", None)
    lowest, _standard = bands.get((offer.dealer_id, offer.position.track), (None, None))
    return ProbationFacts(
        person=offer.placement.person_id, dealer=offer.dealer_id, intern=student.code if student else "",
        **age_of(student, came_back), contract_kind=offer.contract,
        contract_from=offer.contract_from, contract_until=offer.contract_until,
        probation_from=offer.contract_from if offer.probation_until else None, probation_until=offer.probation_until,
        probation_pay=offer.probation_pay, agreed_wage=offer.agreed_pay, lowest_wage=lowest,
        minimum_wage=wages.get(offer.dealer_id), earlier_probations=tuple(_before(offer, before)),
    )  # fmt: skip


def _key(offer):
    return offer.placement.person_id, offer.dealer_id


def earlier_probations(offers):
    """{(person id, dealer id): lines of their history that state a probation there}. One statement."""
    found: dict = {}
    people, dealers = {one.placement.person_id for one in offers}, {one.dealer_id for one in offers}
    states = Q(probation_until__isnull=False) | Q(status="probation")
    for line in EmploymentEvent.objects.filter(states, employee__in=people, dealer__in=dealers).order_by("on", "pk"):
        found.setdefault((line.employee_id, line.dealer_id), []).append(line)
    return found


def _before(offer, lines):
    """Those that began before this contract: its own lines are of its first day."""
    for line in lines:
        begins = line.contract_from or line.on
        if begins < offer.contract_from:
            yield Period(begins, line.probation_until)
