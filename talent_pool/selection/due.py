"""Offers and probations on Today: an offer to oneself, first days to record, probations that end."""

from datetime import datetime, time

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lms.common.registries import due
from lms.people.permissions import dealer_scope, may_sign
from talent_pool.selection.models import Offer
from talent_pool.selection.permissions import SELECT
from talent_pool.selection.queries.offers import ending_soon

Status = Offer.Status


@due
def own_offer(employee, at):
    """One statement, and none of staff: an offer goes to whoever is not."""
    if employee.is_staff:
        return []
    found = Offer.objects.filter(placement__person=employee, status=Status.OFFERED).select_related("position", "dealer")
    return [
        _line(
            _("A probation is offered to you"),
            _("%(post)s at %(dealer)s. Accept or decline it.") % {"post": one.position.name, "dealer": one.dealer.name},
            reverse("my_offer"),
            pgettext("reply", "Answer"),
        )
        for one in found
    ]


@due
def for_hr(employee, at):
    """Two statements, for HR alone."""
    user = employee.user
    if not may_sign(user) or not user.has_perm(SELECT):
        return []
    today = timezone.localdate(at)
    return [*_first_days(user, today), *_ending(user, today)]


def _first_days(user, today):
    begun = Offer.objects.filter(dealer_scope(user), status=Status.ACCEPTED, contract_from__lte=today).count()
    if begun:
        title = ngettext("%(n)d first day to record", "%(n)d first days to record", begun) % {"n": begun}
        text = _("They accepted and begin today or began before. The first day turns their record into that of staff.")
        yield _line(title, text, f"{reverse('offers')}?status=accepted", _("Record"))


def _ending(user, today):
    found = ending_soon(today).filter(dealer_scope(user)).order_by()
    counts = found.aggregate(all=Count("pk"), over=Count("pk", filter=Q(probation_until__lt=today)), first=Min("probation_until"))
    if not counts["all"]:
        return
    title = ngettext("%(n)d probation to confirm or end", "%(n)d probations to confirm or end", counts["all"]) % {"n": counts["all"]}
    text = _("They end within 30 days.")
    if counts["over"]:
        text = ngettext("%(n)d is over without a decision.", "%(n)d are over without a decision.", counts["over"]) % {"n": counts["over"]}
    last = timezone.make_aware(datetime.combine(counts["first"], time(23, 59)))
    yield _line(title, text, f"{reverse('offers')}?status=probation&sort=probation_until", _("Decide"), last)


def _line(title, text, url, action, at=None):
    return {"at": at, "title": title, "text": text, "url": url, "action": action, "now": False}
