"""What the rules say of placements now (C5), and what else stands in the way of starting."""

from collections import defaultdict

from talent_pool.interns.facts import facts_given
from talent_pool.interns.models import STANDING
from talent_pool.labour.models import Finding
from talent_pool.labour.queries import terms_by_group
from talent_pool.labour.rules.checking import DECLARED, check


def findings_of(rows, on):
    """{placement id: what its facts break, in the order of the rules}, judged at this moment and not as last recorded.

    `rows` have student and dealer at hand. Of what is over or decided nothing is found.
    """
    rows = [row for row in rows if row.stage in STANDING and row.last_day >= on]
    if not rows:
        return {}
    groups, terms = {row.batch.dealer_id: row.batch.dealer.group_id for row in rows}, terms_by_group(on)
    return {int(one.placement): check(one, on, terms.get(groups[one.dealer], DECLARED)) for one in facts_given(rows, on)}


def blocking_of(rows, on):
    """{placement id: those that keep it from starting}; without those that nothing blocks."""
    return {key: blocking for key, found in findings_of(rows, on).items() if (blocking := [one for one in found if one.blocks])}


def recorded_findings(rows):
    """{placement id: findings that the last check left open}, one statement: for lists, where judging anew would cost too much."""
    found = defaultdict(list)
    keys = [str(row.pk) for row in rows]
    for one in Finding.objects.filter(place__in=keys, gone_at=None).order_by("severity", "pk"):
        found[int(one.place)].append(one)
    return found


def past_findings(placement):
    """What was found of a placement and is cured by now, the latest first."""
    return Finding.objects.filter(place=str(placement.pk), person=placement.person_id, gone_at__isnull=False).order_by("-gone_at")[:30]
