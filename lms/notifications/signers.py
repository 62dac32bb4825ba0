"""Whoever signs hears what two people did about their post, password or address, and so does the manager above them (§1).

Whoever proposed it hears what became of it.
"""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse

from lms.audit.models import Event
from lms.notifications.actions import Telling, notify_all
from lms.people.models import Employee, Proposal

MANAGERS_FOR = timedelta(days=30)


@transaction.atomic
def tell_about_signers(*, at):
    """Tell of every decided proposal that nobody heard of yet. Repeatable; returns how many there were."""
    untold = Proposal.objects.exclude(status=Proposal.Status.WAITING).filter(told_at=None)
    beside = ("employee__manager", "employee__user", "proposed_by__employee", "decided_by__employee")
    found = list(untold.select_related(*beside))
    if found:
        done = [one for one in found if one.status == Proposal.Status.CONFIRMED and one.employee]
        above = _managers_lately(done)
        notify_all([_told_whom_it_is_about(one, above[one.pk]) for one in done])
        notify_all([_told_who_proposed_it(one) for one in found if one.proposed_by_id not in (None, one.decided_by_id)])
        Proposal.objects.filter(pk__in=[one.pk for one in found]).update(told_at=at)
    return len(found)


def _second(proposal):
    return proposal.decided_by.get_full_name() if proposal.decided_by else proposal.decided_from


def _told_whom_it_is_about(proposal, managers):
    person = proposal.employee
    return Telling(
        kind="signer_changed",
        people=[one for one in {person, person.manager, *managers} if one is not None and one.is_here],
        key=f"proposal:{proposal.pk}",
        context={
            "what": proposal.kind,
            "name": person.name,
            "first": proposal.proposed_by.get_full_name(),
            "second": _second(proposal),
        },
        contexts={person.pk: {"own": True, "anew": bool(person.user and not person.user.has_usable_password())}},
        # Whoever took an address over must not be the only one to hear of it.
        also_at={person.pk: proposal.particulars.get("was", "")},
        url=reverse("person", args=[person.pk]),
    )


def _managers_lately(proposals):
    """{proposal: who stood above its person in the month before}: an accomplice put above them is not told in their place."""
    if not proposals:
        return {}
    since = min(one.proposed_at for one in proposals) - MANAGERS_FOR
    people = [one.employee_id for one in proposals]
    moves = list(Event.objects.filter(about__in=people, verb__in=("person.moved", "person.changed"), at__gte=since).only("about", "before"))
    numbers = {move.before["manager"] for move in moves if move.before.get("manager")}
    groups = {one.employee.group_id for one in proposals}
    known = {(one.group_id, one.number): one for one in Employee.objects.filter(group__in=groups, number__in=numbers)} if numbers else {}
    above = {one.pk: set() for one in proposals}
    for proposal in proposals:
        former = (
            known.get((proposal.employee.group_id, move.before.get("manager"))) for move in moves if move.about == proposal.employee_id
        )
        above[proposal.pk] = {one for one in former if one}
    return above


def _told_who_proposed_it(proposal):
    proposer = getattr(proposal.proposed_by, "employee", None)
    return Telling(
        kind="proposal_decided",
        people=[proposer] if proposer and proposer.is_here else [],
        key=f"proposal:{proposal.pk}",
        context={
            "what": proposal.kind,
            "name": proposal.name,
            "declined": proposal.status == Proposal.Status.DECLINED,
            "why": proposal.decided_reason,
            "second": _second(proposal),
        },
        url=reverse("proposal", args=[proposal.pk]),
    )
