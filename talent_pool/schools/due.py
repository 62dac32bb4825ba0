"""What HR must see to about schools, for Today: agreements that end, obligations that are due."""

from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.common.days import day
from lms.common.registries import due
from talent_pool.schools.models import Duty
from talent_pool.schools.permissions import MANAGE
from talent_pool.schools.queries.agreements import duties_due, duties_open, ending_soon
from talent_pool.schools.queries.visible import agreements_visible_to
from talent_pool.schools.terms import WARNED_AT

MOST = 20


@due
def due_for(employee, at):
    """Two statements for HR, none for others."""
    user, on = employee.user, timezone.localdate(at)
    if not user.has_perm(MANAGE):
        return []
    ending = ending_soon(agreements_visible_to(user), on).order_by("ends_on", "pk")[:MOST]
    owed = duties_due(duties_open(user), on)[:MOST]
    return [*(_of_agreement(one, on) for one in ending), *(_of_duty(one, on) for one in owed)]


def _of_agreement(agreement, on):
    words = {"number": agreement.number, "school": agreement.school.name, "day": day(agreement.ends_on)}
    return {
        "at": _end_of(agreement.ends_on),
        "title": _("Agreement %(number)s with %(school)s ends on %(day)s") % words,
        "text": _("Renew it, or tell the school that it ends."),
        "url": reverse("agreement", args=[agreement.pk]),
        "action": _("Look at the agreement"),
        "now": (agreement.ends_on - on).days <= WARNED_AT[-1],
    }


def _of_duty(duty, on):
    agreement = duty.agreement
    by_us = duty.side == Duty.Side.DEALER
    words = {"school": agreement.school.name, "number": agreement.number}
    return {
        "at": _end_of(duty.due_on),
        "title": duty.words,
        "text": (_("We owe it to %(school)s · %(number)s") if by_us else _("%(school)s owes it to us · %(number)s")) % words,
        "url": reverse("agreement", args=[agreement.pk]),
        "action": _("Look at the agreement"),
        "now": duty.due_on <= on,
    }


def _end_of(on):
    return timezone.make_aware(datetime.combine(on, time(23, 59)))
