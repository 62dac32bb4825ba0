"""Whoever signs hears what two people did about their post, password or address, and so does the manager above them (§1)."""

from django.db import transaction
from django.urls import reverse

from lms.notifications.actions import Telling, notify_all
from lms.people.models import Proposal


@transaction.atomic
def tell_about_signers(*, at):
    """Tell of every confirmed proposal that nobody heard of yet. Repeatable; returns how many there were."""
    untold = Proposal.objects.filter(status=Proposal.Status.CONFIRMED, told_at=None, employee__isnull=False)
    found = list(untold.select_related("employee__manager", "proposed_by__employee", "decided_by__employee"))
    if found:
        notify_all([_telling(proposal) for proposal in found])
        Proposal.objects.filter(pk__in=[proposal.pk for proposal in found]).update(told_at=at)
    return len(found)


def _telling(proposal):
    person = proposal.employee
    return Telling(
        kind="signer_changed",
        people=[one for one in (person, person.manager) if one is not None and one.is_here],
        key=f"proposal:{proposal.pk}",
        context={
            "what": proposal.kind,
            "name": person.name,
            "first": proposal.proposed_by.get_full_name(),
            "second": proposal.decided_by.get_full_name() if proposal.decided_by else proposal.decided_from,
        },
        contexts={person.pk: {"own": True}},
        # Whoever took an address over must not be the only one to hear of it.
        also_at={person.pk: proposal.particulars.get("was", "")},
        url=reverse("person", args=[person.pk]),
    )
