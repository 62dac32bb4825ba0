"""Probations that end soon are warned of at 30 and at 7 days; part of the night's sweep."""

from django.urls import reverse
from django.utils import timezone

from lms.common.bilingual import names_of
from lms.notifications.actions import Telling, notify_all
from talent_pool.labour.queries import hr_of
from talent_pool.selection.queries.offers import WARNED, ending_soon


def remind_probations(*, at):
    """HR and the line manager hear of it once at each mark. Returns how many were told now."""
    today = timezone.localdate(at)
    offers = [one for one in ending_soon(today) if one.probation_until >= today]
    deciders = {one.dealer_id: list(hr_of(one.dealer)) for one in offers}
    return notify_all([_telling(one, deciders[one.dealer_id], today) for one in offers])


def _telling(offer, hr, today):
    person, days = offer.placement.person, (offer.probation_until - today).days
    mark = min(mark for mark in WARNED if days <= mark)
    people = [one for one in {*hr, *([person.manager] if person.manager else [])} if one.pk != person.pk]
    context = {"offer": offer.pk, "name": person.name, "post": names_of(offer.position), "until": offer.probation_until.isoformat()}
    return Telling(
        kind="probation_ending", people=people, key=f"{offer.pk}:{mark}", context=context, url=reverse("person", args=[person.pk])
    )
