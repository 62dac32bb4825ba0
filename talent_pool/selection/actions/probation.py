"""The first day turns an intern into staff of the same record; then probation is confirmed or ended, with a reason (C4)."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from lms.audit.actions import record_event
from lms.common.bilingual import gettext as _
from lms.common.bilingual import names_of
from lms.common.days import day
from lms.common.states import Refused, advance, require
from lms.notifications.actions import notify
from lms.people.actions.departures import record_departure
from lms.people.actions.details import change_status, record_contract
from lms.people.actions.moves import become_staff
from lms.people.models import Employee, EmploymentEvent, Proposal
from talent_pool.interns.actions.shared import refuse_while_intern
from talent_pool.interns.models import Placement
from talent_pool.labour.actions.findings import recheck
from talent_pool.selection.actions.offers import CannotOffer, held, reason_of, selected_by_hr
from talent_pool.selection.models import Offer
from talent_pool.selection.permissions import may_select
from talent_pool.selection.queries.offers import findings_of, left_on_probation

Stage, Status = Placement.Stage, Offer.Status


@transaction.atomic
def begin_probation(*, offer, by, at, number=""):
    """On the first day: the same record gets number and post; contract and probation go into its history. Without a probation they are
    confirmed at once. Courses, attendance, task book and evaluations belong to the record and stay."""
    offer = held(offer)
    person, today = offer.placement.person, timezone.localdate(at)
    require(may_select(by, offer.dealer, person), selected_by_hr())
    _check_first_day(offer, today)
    refuse_while_intern(offer.placement, [Stage.UNDER_WAY])
    closed = {} if offer.probation_until else {"closed_at": at, "closed_by": by}
    status, stage = (Status.PROBATION, Stage.PROBATION) if offer.probation_until else (Status.CONFIRMED, Stage.CONFIRMED)
    advance(offer, start=Status.ACCEPTED, end=status, **closed)
    advance(offer.placement, start=Stage.OFFERED, end=stage, field="stage")
    person = _taken_on(offer, number, by, at)
    record_event("offer.begun", target=offer, by=by, at=at, after={"number": person.number})
    recheck(dealers={offer.dealer_id}, people={person.pk})
    return offer


def _check_first_day(offer, today):
    if offer.status == Status.OFFERED:
        raise CannotOffer(_("%(name)s has not answered the offer yet.") % {"name": offer.placement.person.name})
    if offer.contract_from > today:
        raise CannotOffer(_("The contract begins on %(day)s. Record the first day on that day.") % {"day": day(offer.contract_from)})
    blocking = [one for one in findings_of(offer) if one.blocks]
    if blocking:
        raise CannotOffer(blocking[0].sentence)


def _taken_on(offer, number, by, at):
    """Number, post, status and contract, by the actions that look after people."""
    person, on = offer.placement.person, offer.contract_from
    later = person.history.filter(on__gt=on).exists()
    on = timezone.localdate(at) if later else max(on, person.hired_on)
    about = {"employee": person, "by": by, "at": at, "on": on}
    try:
        taken = become_staff(number=number, dealer=offer.dealer, position=offer.position, reason=offer.placement.batch.name, **about)
    except Refused as refusal:
        raise CannotOffer(refusal.words, field="number") from refusal
    if isinstance(taken, Proposal):
        raise CannotOffer(_("This post needs two people to give it. Offer another one."))
    if offer.probation_until:
        change_status(status=Employee.Status.PROBATION, **about)
    dates = {"contract_from": offer.contract_from, "contract_until": offer.contract_until, "probation_until": offer.probation_until}
    record_contract(**about, **dates)
    return taken


@transaction.atomic
def confirm_probation(*, offer, by, at, reason=""):
    """They stay. On the last day of the probation, or before it."""
    offer = held(offer)
    person = offer.placement.person
    require(may_select(by, offer.dealer, person), selected_by_hr())
    reason = reason.strip()[:200]
    advance(offer, start=Status.PROBATION, end=Status.CONFIRMED, closed_at=at, closed_by=by, closed_reason=reason)
    advance(offer.placement, start=Stage.PROBATION, end=Stage.CONFIRMED, field="stage")
    if person.status != Employee.Status.ON_LEAVE:  # whoever is away comes back by the page of the person
        change_status(employee=person, status=Employee.Status.ACTIVE, by=by, at=at)
    record_event("offer.confirmed", target=offer, by=by, at=at, after={"reason": reason})
    context = {"offer": offer.pk, "name": person.name, "post": names_of(offer.position), "dealer": names_of(offer.dealer)}
    notify(kind="probation_confirmed", people=[person], key=str(offer.pk), url=reverse("my_offer"), context=context)
    return offer


@transaction.atomic
def end_probation(*, offer, left_on, reason, by, at, leaving=EmploymentEvent.Leaving.DISMISSED):
    """They go within the probation: the departure is recorded as any other, with this reason."""
    offer = held(offer)
    person = offer.placement.person
    require(may_select(by, offer.dealer, person), selected_by_hr())
    reason = reason_of(reason)
    if left_on > offer.probation_until:
        words = {"day": day(offer.probation_until)}
        sentence = _("The probation was over on %(day)s: confirm it. Who leaves later leaves as any other, on the page of the person.")
        raise CannotOffer(sentence % words, field="left_on")
    if left_on > timezone.localdate(at):
        raise CannotOffer(_("%(day)s is still to come; record it on the day.") % {"day": day(left_on)}, field="left_on")
    _close(offer, reason, by, at)
    record_departure(employee=person, left_on=left_on, leaving=leaving, reason=reason, by=by, at=at)
    record_event("offer.ended", target=offer, by=by, at=at, after={"reason": reason, "left_on": left_on})
    return offer


def _close(offer, reason, by, at):
    advance(offer, start=Status.PROBATION, end=Status.ENDED, closed_at=at, closed_by=by, closed_reason=reason)
    advance(offer.placement, start=Stage.PROBATION, end=Stage.ENDED, field="stage")


def close_left(*, at):
    """Probations of people whose departure was recorded by another way have ended with it. Part of the night's sweep. Returns how many."""
    closed = 0
    for offer in left_on_probation().select_related("placement__person", "offered_by"):
        line = offer.placement.person.history.filter(kind=EmploymentEvent.Kind.LEFT).order_by("-pk").first()
        by = (line and line.recorded_by) or offer.offered_by
        with transaction.atomic():
            _close(held(offer), (line and line.reason) or "", by, at)
        closed += 1
    return closed
