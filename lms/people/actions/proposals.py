"""What is done to signers takes two people (§1): one proposes, another confirms, and then it happens.

An action that finds it is about a signer calls `propose` in place of doing it, and registers by `carries_out` what is done on
confirmation: the same checks again, on what stands there then.
"""

from datetime import date, timedelta
from functools import partial

from django.db import IntegrityError, transaction

from lms.audit.actions import record_event
from lms.common.bilingual import gettext as _
from lms.common.states import Refused, WrongState, advance, require
from lms.people.actions import rules
from lms.people.called import numbered
from lms.people.models import Dealer, Employee, Position, Proposal
from lms.people.permissions import employee_of, is_the_consoles, may_confirm, may_manage, may_manage_person, may_propose, paired
from lms.people.signals import signer_changed

Kind, Status = Proposal.Kind, Proposal.Status
# A proposal that nobody confirmed by then has to be made anew: what it rested on is old.
LASTS = timedelta(days=30)

BY_ITSELF = "Pitlane"

_doers = {}
_RECORDS = {"to": Dealer, "position": Position, "hand_over_to": Employee}
_DAYS = {"hired_on", "on", "left_on", "probation_until", "contract_from", "contract_until"}


def carries_out(kind):
    """Register the decorated `function(proposal, values, by, at)`: what happens when a proposal of this kind is confirmed."""

    def register(function):
        _doers[kind] = function
        return function

    return register


def plain(values):
    """Particulars as JSON keeps them: records by number of record, days as text."""
    return {name: getattr(value, "pk", value.isoformat() if isinstance(value, date) else value) for name, value in values.items()}


def particulars_of(proposal):
    """The particulars again as the action takes them."""
    return {name: _restored(name, value) for name, value in proposal.particulars.items()}


def manager_of(proposal, number):
    """Whoever has this number now: a manager may have come after the proposal was made. None where nobody has it yet; that whoever has it
    is here is the rules' to ask."""
    return numbered(Employee.objects.filter(group=proposal.dealer.group_id), number)


def _restored(name, value):
    if value is None:
        return None
    if name in _RECORDS:
        return _RECORDS[name].objects.get(pk=value)
    return date.fromisoformat(value) if name in _DAYS else value


@transaction.atomic
def propose(*, kind, dealer, number, name, employee=None, signs_in_as="", by, at, **values):
    """Ask for something about a signer. Asked again the same, it is the proposal that waits already; the own one may be replaced.

    `by` None is the console: a first person of HR takes the proposal up, a second confirms it.
    """
    require(by is None or may_propose(by, employee, dealer), _not_first(name))
    wanted = plain(values)
    whom = _whom(dealer, number, employee, signs_in_as)
    waiting = Proposal.objects.select_for_update().filter(kind=kind, status=Status.WAITING, **whom).first()
    if waiting and is_the_same(waiting, wanted, at):
        return waiting
    if waiting:
        reason = why_not_beside(waiting, wanted, by, at)
        if reason:
            raise Refused(reason)
        close_proposal(waiting, _("Replaced by a new proposal."), by, at)
    try:
        with transaction.atomic():
            proposal = Proposal.objects.create(
                kind=kind, dealer=dealer, employee=employee, number=number, signs_in_as=signs_in_as, name=name, particulars=wanted,
                proposed_at=at, proposed_by=by,
            )  # fmt: skip
    except IntegrityError:
        if not Proposal.objects.filter(kind=kind, status=Status.WAITING, **whom).exists():
            raise
        # Two at once: the other's waits now, and is answered as it would have been a moment later.
        about = {"number": number, "name": name, "employee": employee, "signs_in_as": signs_in_as}
        return propose(kind=kind, dealer=dealer, **about, by=by, at=at, **values)
    said = {name: value for name, value in wanted.items() if name != "stood"}
    record_event("proposal.made", target=proposal, by=by, at=at, after={"kind": kind, "number": number, **said})
    return proposal


def _whom(dealer, number, employee, signs_in_as):
    """The condition on proposals about the same person: by number; without one by record, or by what someone new will sign in by."""
    if number:
        return {"dealer": dealer, "number": number}
    if employee:
        return {"employee": employee, "number": ""}
    return {"dealer": dealer, "employee": None, "number": "", "signs_in_as": signs_in_as}


def is_the_same(waiting, wanted, at):
    """Whether the proposal that waits asks for just this, and is not too old to be confirmed."""
    return waiting.particulars == wanted and waiting.proposed_at > at - LASTS


def why_not_beside(waiting, wanted, by, at):
    """Why nothing else can be proposed now: a colleague's proposal is decided first. The own one, or an old one, gives way."""
    if is_the_same(waiting, wanted, at) or (by is not None and (waiting.proposed_by_id == by.pk or waiting.proposed_at <= at - LASTS)):
        return ""
    who = waiting.proposed_by.get_full_name() if waiting.proposed_by else _("The console")
    return _("%(who)s proposed something else about %(name)s, and it still waits. Confirm or decline that first.") % {
        "who": who,
        "name": waiting.name,
    }


def _not_first(name):
    return _("%(name)s signs. Only HR with the right over this dealer proposes this, and nobody about themselves.") % {"name": name}


@transaction.atomic
def take_up_proposal(*, proposal, by, at):
    """Put the first name under what the console proposed."""
    require(may_propose(by, proposal.employee, proposal.dealer), _not_first(proposal.name))
    taken = Proposal.objects.filter(pk=proposal.pk, status=Status.WAITING, proposed_by=None).update(proposed_by=by)
    if not taken:
        raise WrongState(_("Somebody took this up a moment ago; a second person confirms it now."))
    proposal.proposed_by = by
    record_event("proposal.taken_up", target=proposal, by=by, at=at)
    return proposal


@transaction.atomic
def confirm_proposal(*, proposal, by, at):
    """The second signature: what was proposed happens now. Returns what the action gives (the person; a first password as text)."""
    proposal = _locked(proposal)
    require(proposal.proposed_by_id is not None, _("Nobody of HR stands behind this yet. Take it up first; another person confirms it."))
    require(may_confirm(by, proposal), _not_second(proposal))
    require(not paired(proposal.proposed_by, by, at=at), appointed_each_other())
    return _carry_out(proposal, by, at, decided_by=by)


@transaction.atomic
def confirm_from_console(*, proposal, run_by, at):
    """Confirm what concerns a general manager's own post in a group without group HR, the one thing that only the console does (§1).

    `run_by` says who sits there: "user@host".
    """
    proposal = _locked(proposal)
    require(proposal.proposed_by_id is not None, _("Nobody of HR stands behind this yet. Take it up first; another person confirms it."))
    require(
        is_the_consoles(proposal), _("Only a general manager's own post is confirmed here, and only where the group has no HR of its own.")
    )
    return _carry_out(proposal, None, at, decided_from=run_by[:80])


def _locked(proposal):
    found = Proposal.objects.select_for_update(of=("self",)).select_related(
        "dealer", "employee__position", "employee__dealer", "proposed_by"
    )
    return found.get(pk=proposal.pk)


def _carry_out(proposal, by, at, **decided):
    first = proposal.proposed_by
    require(may_propose(first, proposal.employee, proposal.dealer), no_longer(first))
    _check_still_theirs(proposal, by)
    if proposal.proposed_at <= at - LASTS:
        raise Refused(_("This was proposed more than %(days)d days ago. Decline it and propose it anew.") % {"days": LASTS.days})
    advance(proposal, start=Status.WAITING, end=Status.CONFIRMED, decided_at=at, **decided)
    result = _doers[proposal.kind](proposal, particulars_of(proposal), by, at)
    after = {"kind": proposal.kind, "number": proposal.number, "proposed_by": first.pk, "run_by": decided.get("decided_from", "")}
    record_event("proposal.confirmed", target=proposal, by=by, at=at, after=after)
    transaction.on_commit(partial(signer_changed.send_robust, Proposal, proposal_id=proposal.pk))
    return result


def _check_still_theirs(proposal, by):
    """The person may have gone to another dealer, or to the group, since it was proposed: then others decide about them."""
    person = proposal.employee
    if person is None or proposal.kind == Kind.RETURN:
        return
    if person.dealer_id != proposal.dealer_id:
        raise Refused(
            _("%(name)s works at %(dealer)s now. Decline this; whoever looks after people there proposes it anew.")
            % {"name": person.name, "dealer": person.dealer.name}
        )
    hands = [user for user in (proposal.proposed_by, by) if user is not None and may_manage(user, proposal.dealer)]
    require(all(may_manage_person(user, person) for user in hands), rules.not_your_post(person.position))


def _not_second(proposal):
    if is_the_consoles(proposal):
        return _(
            "The group has no HR of its own, so what concerns the general manager's post is confirmed at the console: "
            "manage.py confirm_proposal %(pk)d --apply."
        ) % {"pk": proposal.pk}
    return _("This takes a second person: HR with the right over this dealer, neither who proposed it nor who it is about.")


def no_longer(first):
    """Why a first signature counts no more."""
    return _("%(name)s, who proposed this, no longer has the right to. Decline it; someone who has proposes it anew.") % {
        "name": first.get_full_name()
    }


def appointed_each_other():
    """Why two signatures do not count together (see `paired`)."""
    return _(
        "One of you two gave the other the post or a password within the last 30 days, so your signatures do not count together yet. "
        "Someone else confirms this."
    )


@transaction.atomic
def decline_proposal(*, proposal, reason="", by, at):
    """Do away with a proposal: by whoever made it, or whoever could confirm it, with a reason."""
    own = proposal.proposed_by_id == by.pk
    require(
        own or may_confirm(by, proposal) or (may_manage(by, proposal.dealer) and employee_of(by) != proposal.employee),
        _("Only HR with the right over this dealer decides about this, and nobody about themselves."),
    )
    if not own and not reason.strip():
        raise Refused(_("Say why: the reason stays on record."), field="reason")
    close_proposal(proposal, reason.strip()[:200], by, at)


def close_proposal(proposal, reason, by, at):
    """Nobody decides about it any more. Without `by` it fell by itself."""
    who = {"decided_by": by} if by else {"decided_from": BY_ITSELF}
    advance(proposal, start=Status.WAITING, end=Status.DECLINED, decided_at=at, decided_reason=reason, **who)
    record_event("proposal.declined", target=proposal, by=by, at=at, after={"number": proposal.number, "reason": reason})
    transaction.on_commit(partial(signer_changed.send_robust, Proposal, proposal_id=proposal.pk))
