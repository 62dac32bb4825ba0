"""What waits for a second person, what was decided, and the second signature."""

import django_filters
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lms.common.acting import attempt, form_on, open_to, typed_texts
from lms.common.lists import Column, List
from lms.common.tones import tone_of
from lms.people import actions
from lms.people.actions.proposals import LASTS, particulars_of
from lms.people.fields import DealerFilter
from lms.people.forms import DeclineForm
from lms.people.models import Dealer, Employee, EmploymentEvent, Position, Proposal
from lms.people.permissions import is_the_consoles, may_confirm, may_propose, paired
from lms.people.queries import proposals_to_decide, proposals_visible_to, team_coming_under
from lms.people.signers import is_signer, makes_signer
from lms.people.views.person import show_password

Kind, Status = Proposal.Kind, Proposal.Status
WORDS = {
    "person_kind": _("What the person is"), "sign_in_name": _("Sign-in name"), "staff_number": _("Employee number as staff"),
    "to": _("Dealer"), "position": _("Position"), "reports_to": _("Line manager"), "hired_on": _("Hired on"), "on": _("Takes effect on"),
    "left_on": _("Last day"), "email": _("E-mail"), "was": _("E-mail so far"), "phone": _("Phone"), "status": _("Status"),
    "hand_over_to": _("Who takes over the team"), "reason": _("Reason"), "leaving": _("Why they left"),
    "what": _("What is to come"),
    "probation_until": _("Probation until"), "contract_from": _("Contract from"), "contract_until": _("Contract until"),
}  # fmt: skip


class ProposalFilter(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(label=_("State"), choices=[("yours", _("Waiting for you")), *Status.choices], method="in_status")
    kind = django_filters.ChoiceFilter(label=_("What"), choices=Kind.choices)
    dealer = DealerFilter()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.filters["dealer"].is_needed:
            del self.filters["dealer"]

    def in_status(self, queryset, name, value):
        if value == "yours":
            return queryset.filter(pk__in=[one.pk for one in proposals_to_decide(self.request.user)])
        return queryset.filter(status=value)


class ProposalList(List):
    name = "proposals"
    filterset = ProposalFilter
    default_sort = "-proposed"
    columns = [
        Column("name", _("About"), sort="name", link=lambda p: reverse("proposal", args=[p.pk])),
        Column("number", _("Employee number"), sort="number", shown=False),
        Column("kind", _("What"), value=lambda p: p.get_kind_display(), sort="kind"),
        Column("dealer.name", _("Dealer"), sort="dealer__code"),
        Column("status", _("State"), value=lambda p: p.get_status_display(), badge=lambda p: tone_of(p.status), sort="status"),
        Column("proposed", _("Proposed on"), value=lambda p: _day(p.proposed_at), sort="proposed_at"),
        Column("proposed_by", _("Proposed by"), value=lambda p: proposer_of(p)),
        Column("decided", _("Decided on"), value=lambda p: _day(p.decided_at), sort="decided_at"),
        Column("decided_by", _("Decided by"), value=lambda p: decider_of(p)),
    ]
    empty_icon = "people"
    empty_title = _("Nothing waits for a second person")
    empty_text = _(
        "Whoever examines, approves pay, manages people or authors courses is appointed, moved and given a password by two people."
    )


def _day(moment):
    return moment and timezone.localtime(moment).date()


def proposer_of(proposal):
    return proposal.proposed_by.get_full_name() if proposal.proposed_by else _("the console")


def decider_of(proposal):
    return proposal.decided_by.get_full_name() if proposal.decided_by else proposal.decided_from


@open_to("people.manage_people", "pay.countersign_pay_changes")
def proposals(request):
    return ProposalList(request, proposals_visible_to(request.user)).response("lms/people/proposals.html")


@open_to("people.manage_people", "pay.countersign_pay_changes")
def proposal(request, pk, form=None):
    """What is asked for, by whom, what it does; and the buttons of whoever may decide."""
    one = get_object_or_404(proposals_visible_to(request.user), pk=pk)
    user = request.user
    stands = one.is_waiting and one.proposed_by_id is not None
    context = {
        "proposal": one,
        "tone": tone_of(one.status),
        "proposer": proposer_of(one),
        "decider": decider_of(one),
        "rows": list(_in_words(one)),
        "team": list(team_coming_under(one)) if one.is_waiting and one.team else [],
        "is_old": one.is_waiting and one.proposed_at <= timezone.now() - LASTS,
        "may_take_up": one.is_waiting and not stands and may_propose(user, one.employee, one.dealer),
        "may_confirm": stands and may_confirm(user, one) and not paired(one.proposed_by, user, at=timezone.now()),
        "are_paired": stands and may_confirm(user, one) and paired(one.proposed_by, user, at=timezone.now()),
        "is_own": stands and one.proposed_by_id == user.pk,
        "is_the_consoles": stands and is_the_consoles(one),
        "may_decline": one.is_waiting and (one.proposed_by_id == user.pk or may_confirm(user, one)),
        "begins_anew": one.is_waiting and _begins_anew(one),
        "form": form or DeclineForm(own=one.proposed_by_id == user.pk),
        "typed": [] if one.is_waiting else typed_texts(request),
    }
    return render(request, "lms/people/proposal.html", context)


def _begins_anew(one):
    """Whether confirming it makes a signer of someone who signs in already: what they sign in by ends, and the address counts."""
    post = particulars_of(one).get("position") if one.kind in (Kind.MOVE, Kind.RETURN) else None
    person = one.employee
    return bool(post and person and person.user_id and makes_signer(post) and not is_signer(person, timezone.now()))


def _in_words(one):
    """(label, what it says) of each particular that says something."""
    for name, value in particulars_of(one).items():
        if value and name in WORDS:
            yield WORDS[name], _shown(name, value)


def _shown(name, value):
    if name == "status":
        return Employee.Status(value).label
    if name == "person_kind":
        return Employee.Kind(value).label
    if name == "what":
        return Kind(value).label
    if name == "leaving":
        return EmploymentEvent.Leaving(value).label
    return value.name if isinstance(value, (Dealer, Position)) else value


def _found(request, pk):
    return get_object_or_404(proposals_visible_to(request.user), pk=pk)


@open_to("people.manage_people", "pay.countersign_pay_changes", post=True)
@never_cache
def proposal_confirm(request, pk):
    one = _found(request, pk)
    made = attempt(request, actions.confirm_proposal, _("Confirmed, and done. The person and their manager are told."), proposal=one)
    if made and one.kind == Kind.PASSWORD:
        return show_password(request, one.employee, made)
    return redirect("proposal", pk=pk)


@open_to("people.manage_people", "pay.countersign_pay_changes", post=True)
def proposal_take_up(request, pk):
    attempt(request, actions.take_up_proposal, _("You stand behind it now; a second person confirms it."), proposal=_found(request, pk))
    return redirect("proposal", pk=pk)


@open_to("people.manage_people", "pay.countersign_pay_changes")
@form_on(proposal)
def proposal_decline(request, pk):
    one = _found(request, pk)
    form = DeclineForm(request.POST, own=one.proposed_by_id == request.user.pk)
    if form.is_valid() and attempt(
        request, actions.decline_proposal, _("Declined; nothing was changed."), form=form, proposal=one, **form.cleaned_data
    ):
        return redirect("proposal", pk=pk)
    return proposal(request, pk, form=form)
