"""Offers as they are read: in the list, by whoever was offered something, and those whose probation ends."""

from datetime import timedelta

from django.utils import timezone

from lms.common.shown import facts_of
from lms.people.choices import Role
from lms.people.models import Employee, Position
from talent_pool.interns.models import Placement
from talent_pool.labour.queries import terms_of
from talent_pool.labour.rules.checking import check
from talent_pool.schools.models import Student
from talent_pool.selection.facts import facts_of_offers
from talent_pool.selection.models import Offer
from talent_pool.selection.permissions import offers_scope, selection_scope

Status = Offer.Status
OPEN = [Status.OFFERED, Status.ACCEPTED, Status.PROBATION, Status.CONFIRMED]
WARNED = (30, 7)  # days before the end of a probation


def offers_visible_to(user):
    """Offers of the dealers whose selection `user` sees, with all that a list and a page show."""
    related = (
        "placement__person__user", "placement__person__student", "placement__batch__school", "placement__batch__agreement", "dealer",
        "position", "offered_by__employee", "answered_by__employee", "closed_by__employee",
    )  # fmt: skip
    return Offer.objects.filter(offers_scope(user)).select_related(*related)


def offers_listed(user):
    """Without one's own where that is all one sees."""
    return offers_visible_to(user).filter(selection_scope(user))


def own_offer(user):
    """The latest offer that was made to `user`, or None."""
    return offers_visible_to(user).filter(placement__person__user=user).first()


def placements_to_offer(user):
    """Placements that an offer may be made on by whoever sees their selection."""
    found = Placement.objects.filter(selection_scope(user, "batch__dealer"), stage__in=[Placement.Stage.PASSED, Placement.Stage.DECLINED])
    return found.select_related("person__user", "person__student", "batch__dealer", "batch__agreement", "batch__school")


def posts_to_offer():
    """Posts that a newcomer can be given: those of staff, none that leads and none that signs."""
    return Position.objects.filter(role=Role.STAFF, is_leading=False, is_outside=False)


def findings_of(offer, on=None):
    """What the rules of probation find about an offer, saved or not."""
    on = on or max(timezone.localdate(), offer.contract_from)
    (facts,) = facts_of_offers([offer], on)
    return check(facts, on, terms_of(offer.dealer.group_id, on))


def ending_soon(today, days=WARNED[0]):
    """Probations whose last day lies within so many days, or is over without a decision."""
    found = Offer.objects.filter(status=Status.PROBATION, probation_until__lte=today + timedelta(days=days))
    return found.select_related("placement__person__manager", "dealer", "position")


def left_on_probation():
    """Probations of people who have left by another way."""
    return Offer.objects.filter(status=Status.PROBATION, placement__person__status=Employee.Status.LEFT)


def taken_places(agreement, year):
    """(placed, offered) of an agreement in a calendar year, by the first days of its batches."""
    placed = Placement.objects.filter(batch__agreement=agreement, batch__starts_on__year=year).exclude(started_at=None)
    offered = Offer.objects.filter(placement__in=placed.values("pk"), status__in=OPEN)
    return placed.count(), offered.count()


def offer_shown(offer):
    """What a page of an offer showed, for `lms.common.shown`."""
    return facts_of(offer, "status")


def student_of(person):
    return Student.objects.filter(person=person).select_related("school").first()
