"""A probation is offered to someone who passed, and they take it or not; checked against the clauses before it is made (C4, C5)."""

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from lms.audit.actions import record_event
from lms.common.bilingual import gettext as _
from lms.common.bilingual import names_of, sentences
from lms.common.days import day
from lms.common.states import Refused, advance, require
from lms.notifications.actions import notify
from talent_pool.interns.actions.shared import let_go, locked
from talent_pool.interns.models import Placement
from talent_pool.selection.models import Offer
from talent_pool.selection.permissions import is_own, may_answer, may_select
from talent_pool.selection.queries.offers import findings_of, posts_to_offer
from talent_pool.selection.queries.rankings import decisions_of, latest_ranking, places_of, standing_of

Stage, Status = Placement.Stage, Offer.Status


class CannotOffer(Refused):
    pass


def held(offer):
    """The offer as it stands now, held until the transaction ends."""
    related = ("placement__person__user", "placement__batch__dealer", "dealer", "position", "offered_by__employee")
    return Offer.objects.select_for_update(of=("self",)).select_related(*related).get(pk=offer.pk)


def selected_by_hr():
    return _("Offers are made and decided by HR of the dealer or of the group. You can't decide about yourself.")


def reason_of(text):
    if not text.strip():
        raise CannotOffer(_("Say why: the reason stays on record."), field="reason")
    return text.strip()[:200]


@transaction.atomic
def make_offer(
    *, placement, position, contract, contract_from, probation_pay, agreed_pay, by, at, contract_until=None, probation_until=None
):
    """Offer a post with a contract, and a probation where `probation_until` is given. Refused with every clause that stands against it."""
    placement = locked(placement)
    require(may_select(by, placement.batch.dealer, placement.person), selected_by_hr())
    terms = {
        "position": position, "contract": contract, "contract_from": contract_from,
        "contract_until": None if contract == Offer.Contract.OPEN else contract_until, "probation_until": probation_until,
        "probation_pay": probation_pay, "agreed_pay": agreed_pay,
    }  # fmt: skip
    _check_person(placement.person)
    ranked = _ranked(placement)
    offer = Offer(placement=placement, ranked=ranked, dealer=placement.batch.dealer, offered_at=at, offered_by=by, **terms)
    _check_terms(offer, timezone.localdate(at))
    _check_rules(offer)
    advance(placement, start=[Stage.PASSED, Stage.DECLINED], end=Stage.OFFERED, field="stage")
    _save_once(offer)
    record_event("offer.made", target=offer, by=by, at=at, after={name: terms[name] for name in SAID})
    _tell(offer, "offer_made", [placement.person], reverse("my_offer"))
    return offer


SAID = ("contract_from", "contract_until", "probation_until", "probation_pay", "agreed_pay")


def _save_once(offer):
    try:
        with transaction.atomic():
            offer.save()
    except IntegrityError:
        words = {"name": offer.placement.person.name}
        raise CannotOffer(_("%(name)s has an offer already. Withdraw that one first.") % words) from None


def _check_person(person):
    """Whoever has left, or is staff by now, is offered nothing by their internship of then."""
    if not person.is_here:
        raise CannotOffer(_("%(name)s has left, so nothing can be offered. Record the return first.") % {"name": person.name})
    if person.is_staff:
        sentence = _("%(name)s is staff already. Another post is given on the page of the person, as a move.")
        raise CannotOffer(sentence % {"name": person.name})


def _ranked(placement):
    """The place in the latest ranking of the batch: no offer goes to whoever has none, or shares one that nobody has decided."""
    ranking = latest_ranking(placement.batch)
    rows = places_of(ranking) if ranking else []
    row = next((one for one in rows if one.placement_id == placement.pk), None)
    words = {"name": placement.person.name, "batch": placement.batch.name}
    if row is None:
        raise CannotOffer(_("%(name)s is not in the latest ranking of %(batch)s. Rank the batch first.") % words)
    if row.place is None:
        sentence = _("%(name)s has no place in the ranking: a grade is missing. Enter it and rank the batch again.")
        raise CannotOffer(sentence % words)
    _final, _tied, open_ones = standing_of(rows, decisions_of(ranking))
    if any(row.pk in keys for keys in open_ones.values()):
        sentence = _("%(name)s shares place %(place)s, and nobody has decided the tie. Decide it first; the page of the ranking asks.")
        raise CannotOffer(sentence % (words | {"place": row.place}))
    return row


def _check_terms(offer, today):
    placement = offer.placement
    if not posts_to_offer().filter(pk=offer.position.pk).exists():
        raise CannotOffer(_("This post leads or signs, or is not one of staff. Choose another."), field="position")
    if offer.contract_from <= placement.last_day:
        words = {"day": day(placement.last_day)}
        raise CannotOffer(_("The internship lasts to %(day)s; the contract begins after it.") % words, field="contract_from")
    if offer.contract_from < today:
        raise CannotOffer(_("The contract can't begin on a day that is over."), field="contract_from")
    if offer.contract == Offer.Contract.FIXED and offer.contract_until is None:
        raise CannotOffer(_("A fixed-term contract has a last day. Give it."), field="contract_until")
    if offer.contract_until and offer.contract_until < offer.contract_from:
        raise CannotOffer(_("The contract ends before it begins."), field="contract_until")
    if offer.probation_until and offer.probation_until < offer.contract_from:
        raise CannotOffer(_("The probation ends before the contract begins."), field="probation_until")


def _check_rules(offer):
    blocking = [one for one in findings_of(offer) if one.blocks]
    if blocking:
        words = {"name": offer.placement.person.name, "list": sentences(one.sentence for one in blocking)}
        raise CannotOffer(_("This can't be offered to %(name)s: %(list)s") % words)


@transaction.atomic
def accept_offer(*, offer, by, at):
    """They take it: the person themselves, or HR who writes down what they said. What they do on the first day is `begin_probation`."""
    offer = held(offer)
    require(may_answer(by, offer), _("An offer is answered by the person it was made to, or by HR on their behalf."))
    advance(offer, start=Status.OFFERED, end=Status.ACCEPTED, answered_at=at, answered_by=by)
    record_event("offer.accepted", target=offer, by=by, at=at)
    _tell_hr(offer, "offer_accepted", by)
    return offer


@transaction.atomic
def decline_offer(*, offer, by, at, reason=""):
    """They don't take it. The intern is a student again."""
    offer = held(offer)
    require(may_answer(by, offer), _("An offer is answered by the person it was made to, or by HR on their behalf."))
    own = is_own(by, offer)
    reason = reason.strip()[:200] if own else reason_of(reason)
    closed = {"answered_at": at, "answered_by": by, "closed_at": at, "closed_by": by, "closed_reason": reason}
    advance(offer, start=[Status.OFFERED, Status.ACCEPTED], end=Status.DECLINED, **closed)
    advance(offer.placement, start=Stage.OFFERED, end=Stage.DECLINED, field="stage")
    record_event("offer.declined", target=offer, by=by, at=at, after={"reason": reason})
    let_go(placement=offer.placement, reason=reason, by=None if own else by, at=at)
    _tell_hr(offer, "offer_declined", by)
    return offer


@transaction.atomic
def withdraw_offer(*, offer, reason, by, at):
    """The dealer takes it back before the first day, with a reason. The person is again someone who passed."""
    offer = held(offer)
    require(may_select(by, offer.dealer, offer.placement.person), selected_by_hr())
    reason = reason_of(reason)
    closed = {"closed_at": at, "closed_by": by, "closed_reason": reason}
    advance(offer, start=[Status.OFFERED, Status.ACCEPTED], end=Status.WITHDRAWN, **closed)
    advance(offer.placement, start=Stage.OFFERED, end=Stage.PASSED, field="stage")
    record_event("offer.withdrawn", target=offer, by=by, at=at, after={"reason": reason})
    _tell(offer, "offer_withdrawn", [offer.placement.person], reverse("my_offer"))
    return offer


def _tell(offer, kind, people, url):
    context = {"offer": offer.pk, "name": offer.placement.person.name, "post": names_of(offer.position), "dealer": names_of(offer.dealer)}
    notify(kind=kind, people=people, key=str(offer.pk), url=url, context=context)


def _tell_hr(offer, kind, by):
    """Whoever made the offer, where the person answered it themselves."""
    maker = getattr(offer.offered_by, "employee", None)
    if maker is not None and offer.offered_by != by:
        _tell(offer, kind, [maker], reverse("offer", args=[offer.pk]))
