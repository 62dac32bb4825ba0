"""What the rules say of placements now (C5), and what else stands in the way of starting."""

from collections import defaultdict

from talent_pool.interns.facts import placements
from talent_pool.labour.models import Finding
from talent_pool.labour.queries import terms_by_group
from talent_pool.labour.rules.checking import DECLARED, check


def findings_of(rows, on):
    """{placement id: what its facts break, in the order of the rules}, judged at this moment and not as last recorded."""
    rows = list(rows)
    if not rows:
        return {}
    groups = {row.batch.dealer_id: row.batch.dealer.group_id for row in rows}
    wanted, terms = {str(row.pk) for row in rows}, terms_by_group(on)
    found = {}
    for facts in placements(dealers=list(groups), people=[row.person_id for row in rows], on=on):
        if facts.placement in wanted:
            found[int(facts.placement)] = check(facts, on, terms.get(groups[facts.dealer], DECLARED))
    return found


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
