"""Whoever signs hears what two people did about their post, password or address, and so does the manager above them (§1).

Whoever proposed it hears what became of it.
"""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse

from lms.audit.models import Event
from lms.notifications.actions import notify
from lms.people.models import Employee, Proposal

MANAGERS_FOR = timedelta(days=30)


def tell_about_signers(*, at):
    """Tell of every decided proposal that nobody heard of yet. Repeatable; returns how many there were."""
    untold = Proposal.objects.exclude(status=Proposal.Status.WAITING).filter(told_at=None)
    found = list(untold.select_related("employee__manager", "employee__user", "proposed_by__employee", "decided_by__employee"))
    for proposal in found:
        _tell(proposal, at)
    return len(found)


@transaction.atomic
def _tell(proposal, at):
    if proposal.status == Proposal.Status.CONFIRMED and proposal.employee:
        _tell_whom_it_is_about(proposal, proposal.employee)
    if proposal.proposed_by_id not in (None, proposal.decided_by_id):
        _tell_who_proposed_it(proposal)
    Proposal.objects.filter(pk=proposal.pk).update(told_at=at)


def _second(proposal):
    return proposal.decided_by.get_full_name() if proposal.decided_by else proposal.decided_from


def _tell_whom_it_is_about(proposal, person):
    told = [one for one in {person, person.manager, *_managers_lately(person, proposal)} if one is not None and one.is_here]
    notify(
        kind="signer_changed",
        people=told,
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


def _managers_lately(person, proposal):
    """Who stood above the person in the month before: whoever puts an accomplice above them first is not told in the manager's place."""
    since = proposal.proposed_at - MANAGERS_FOR
    moves = Event.objects.filter(about=person.pk, verb__in=("person.moved", "person.changed"), at__gte=since).only("before")
    numbers = {event.before.get("manager") for event in moves} - {None, ""}
    return Employee.objects.filter(group=person.group_id, number__in=numbers)


def _tell_who_proposed_it(proposal):
    notify(
        kind="proposal_decided",
        people=[one for one in (getattr(proposal.proposed_by, "employee", None),) if one is not None and one.is_here],
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
