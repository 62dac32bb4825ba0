"""What the check finds, kept: opened once, closed when it is found no more, told to HR when it blocks (C5)."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from lms.common.background import enqueue
from lms.notifications.actions import notify
from lms.people.models import Dealer
from talent_pool.labour import gatherers
from talent_pool.labour.choices import Severity
from talent_pool.labour.models import Finding
from talent_pool.labour.queries import checked_facts, dealers_of_people, hr_of, in_parts

CHANGING = ["severity", "confidence", "particulars"]


def recheck(*, dealers=None, people=None):
    """Check these dealers (ids), and those of these people (ids), soon after the present transaction: for whoever changed what a rule
    looks at. The nightly check makes up for one that is lost."""
    if gatherers.are_any():
        enqueue("labour.recheck", dealers=sorted(dealers or []), people=sorted(people or []))


def recheck_now(*, dealers=(), people=(), at):
    return record_findings(dealers=set(dealers) | dealers_of_people(people), at=at)


def record_findings(*, at, dealers=None, on=None):
    """Bring what is on record in line with what holds on the day, for these dealers (ids) or all. Returns how many were opened or closed.

    Repeating it changes nothing. A few dealers at a time: no more is held in memory, and nobody waits for long.
    """
    on = on or timezone.localdate(at)
    wanted = Dealer.objects.order_by("pk").values_list("pk", flat=True)
    wanted = wanted if dealers is None else wanted.filter(pk__in=dealers)
    return sum(_record(some, on, at) for some in in_parts(list(wanted)))


@transaction.atomic
def _record(dealers, on, at):
    # One check of a dealer at a time: two at once could each have read what the other is about to change.
    held = list(Dealer.objects.select_for_update(no_key=True).filter(pk__in=dealers).order_by("pk"))
    found = {
        (one.dealer, one.rule, one.person, one.place): one for _facts, several in checked_facts(on=on, dealers=dealers) for one in several
    }
    on_record = {(one.dealer_id, *one.key): one for one in Finding.objects.filter(dealer__in=dealers, gone_at=None)}
    closed = Finding.objects.filter(pk__in=[one.pk for key, one in on_record.items() if key not in found]).update(gone_at=at)
    opened = _open([one for key, one in found.items() if key not in on_record], at)
    _keep([(one, found[key]) for key, one in on_record.items() if key in found])
    for dealer in held:
        _tell_hr(dealer, [one for one in opened if one.dealer_id == dealer.pk])
    return closed + len(opened)


def _open(found, at):
    rows = [
        Finding(
            rule=one.rule, dealer_id=one.dealer, person_id=one.person, intern=one.intern if one.person else "", place=one.place,
            first_found_at=at, **_said(one),
        )
        for one in found
    ]  # fmt: skip
    Finding.objects.bulk_create(rows, batch_size=500)
    return rows


def _keep(pairs):
    """What stays open says what is found now."""
    changed = []
    for row, one in pairs:
        said = _said(one)
        if any(getattr(row, name) != value for name, value in said.items()):
            for name, value in said.items():
                setattr(row, name, value)
            changed.append(row)
    if changed:
        Finding.objects.bulk_update(changed, CHANGING, batch_size=500)


def _said(one):
    return {"severity": one.severity, "confidence": one.confidence, "particulars": [list(case) for case in one.cases]}


def _tell_hr(dealer, opened):
    """Once of each that blocks; all that one check opens at a dealer is one notice."""
    blocking = [one.pk for one in opened if one.severity == Severity.BLOCK]
    if blocking:
        notify(
            kind="labour_blocking",
            people=hr_of(dealer),
            key=f"findings:{min(blocking)}",
            url=f"{reverse('labour_findings')}?severity=block",
            context={"count": len(blocking), "findings": " ".join(map(str, blocking))},
        )
