from dataclasses import dataclass, replace

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from lms.common.acting import attempt, form_on, open_to
from lms.common.lists import Column, List
from lms.common.tones import tone_of
from lms.people.queries import sees_several_dealers
from talent_pool.pay.queries import record_looks
from talent_pool.selection.actions import offers as offering
from talent_pool.selection.actions import probation
from talent_pool.selection.forms import (
    AnswerForm,
    BeginForm,
    ConfirmForm,
    EndForm,
    OfferFilter,
    OfferForm,
    OwnReasonForm,
    ReasonForm,
)
from talent_pool.selection.models import Offer
from talent_pool.selection.permissions import SELECT, VIEW, may_select
from talent_pool.selection.queries.offers import (
    findings_of,
    offers_listed,
    own_offer,
    placements_to_offer,
    posts_to_offer,
    taken_places,
)

Status = Offer.Status


@dataclass(frozen=True)
class Act:
    """What HR may do with an offer in some states, as its page offers it."""

    do: object
    form: type
    starts: tuple
    title: str | Promise
    text: str | Promise
    done: str | Promise
    tone: str = ""


ACTS = {
    "begin": Act(
        probation.begin_probation, BeginForm, (Status.ACCEPTED,), gettext_lazy("Record the first day"),
        gettext_lazy("The same record becomes that of a staff member: post, contract and probation go into its history."),
        gettext_lazy("The first day is recorded."), "go",
    ),
    "confirm": Act(
        probation.confirm_probation, ConfirmForm, (Status.PROBATION,), gettext_lazy("Confirm after probation"),
        gettext_lazy("They stay, and their status becomes “Active”."), gettext_lazy("The probation is confirmed."), "go",
    ),
    "end": Act(
        probation.end_probation, EndForm, (Status.PROBATION,), gettext_lazy("End the probation"),
        gettext_lazy("The departure is recorded with this reason, and they can't sign in any more."),
        gettext_lazy("The probation is ended and the departure recorded."), "danger",
    ),
    "accept": Act(
        offering.accept_offer, AnswerForm, (Status.OFFERED,), gettext_lazy("They accept"),
        gettext_lazy("Write down what they answered; they can answer themselves on their phone, too."),
        gettext_lazy("The answer is recorded."), "go",
    ),
    "decline": Act(
        offering.decline_offer, ReasonForm, (Status.OFFERED, Status.ACCEPTED), gettext_lazy("They decline"),
        gettext_lazy("The intern becomes a student again."), gettext_lazy("The answer is recorded."),
    ),
    "withdraw": Act(
        offering.withdraw_offer, ReasonForm, (Status.OFFERED, Status.ACCEPTED), gettext_lazy("Withdraw the offer"),
        gettext_lazy("They are told, and stand again as someone who passed."), gettext_lazy("The offer is withdrawn."), "danger",
    ),
}  # fmt: skip


class OfferList(List):
    name = "offers"
    columns = [
        Column(
            "placement.person.name",
            gettext_lazy("Name"),
            sort="placement__person__name",
            link=lambda offer: reverse("offer", args=[offer.pk]),
        ),
        Column("placement.batch.name", gettext_lazy("Batch")),
        Column("placement.batch.school.name", gettext_lazy("School")),
        Column("dealer.code", gettext_lazy("Dealer"), sort="dealer__code"),
        Column("position.name", gettext_lazy("Position")),
        Column("contract_from", gettext_lazy("Contract from"), sort="contract_from"),
        Column("probation_until", gettext_lazy("Probation until"), sort="probation_until"),
        Column(
            "status",
            gettext_lazy("State"),
            sort="status",
            value=lambda offer: offer.get_status_display(),
            badge=lambda offer: tone_of(offer.status),
        ),
    ]
    filterset = OfferFilter
    default_sort = "-contract_from"
    empty_icon = "signature"
    empty_title = gettext_lazy("No offers yet")
    empty_text = gettext_lazy("An offer is made from the ranking of a batch, to someone who passed.")

    def __init__(self, request, queryset):
        super().__init__(request, queryset)
        if not sees_several_dealers(request.user):
            self.columns = [replace(column, shown=False) if column.name == "dealer.code" else column for column in self.columns]


@open_to(VIEW)
@require_safe
def offers(request):
    return OfferList(request, offers_listed(request.user)).response("talent_pool/selection/offers.html")


@open_to(SELECT)
@require_http_methods(["GET", "POST"])
def offer_new(request, pk):
    """An offer to someone who passed; what a clause forbids is said with the clause."""
    placement = get_object_or_404(placements_to_offer(request.user), pk=pk)
    form = OfferForm(request.POST or None, posts=posts_to_offer())
    if form.is_valid():
        done = _("The offer is made, and they are told.")
        made = attempt(request, offering.make_offer, done, form=form, placement=placement, **form.cleaned_data)
        if made:
            return redirect("offer", pk=made.pk)
    agreement, year = placement.batch.agreement, placement.batch.starts_on.year
    context = {"placement": placement, "form": form, "agreement": agreement, "year": year}
    if agreement:
        context["placed"], context["offered"] = taken_places(agreement, year)
    return render(request, "talent_pool/selection/offer_new.html", context)


def visible_offer(request, pk):
    return get_object_or_404(offers_listed(request.user), pk=pk)


@open_to(VIEW)
@require_safe
def offer(request, pk):
    return _page(request, visible_offer(request, pk))


def _page(request, one, refused=None):
    """`refused` is the pair of an act and its form that was refused."""
    person = one.placement.person
    may = may_select(request.user, one.dealer, person)
    if may:
        record_looks([person], by=request.user, at=timezone.now(), where="offer")
    context = {
        "offer": one,
        "person": person,
        "sees_pay": may,
        "findings": findings_of(one, timezone.localdate()) if one.status in (Status.OFFERED, Status.ACCEPTED, Status.PROBATION) else [],
        "acts": list(_acts(one, refused)) if may else [],
    }
    return render(request, "talent_pool/selection/offer.html", context)


def _acts(one, refused):
    for name, act in ACTS.items():
        too_early = name == "begin" and one.contract_from > timezone.localdate()
        if one.status in act.starts and not too_early:
            is_refused = refused is not None and refused[0] == name
            yield {"name": name, "act": act, "form": refused[1] if is_refused else act.form(prefix=name), "is_open": is_refused}


@open_to(SELECT)
@form_on(lambda request, pk, act: offer(request, pk=pk))
def offer_act(request, pk, act):
    """One step of an offer: HR records an answer, the first day, or the end of the probation."""
    one, does = visible_offer(request, pk), ACTS.get(act)
    if does is None:
        raise Http404
    form = does.form(request.POST, prefix=act)
    if form.is_valid() and attempt(request, does.do, does.done, form=form, offer=one, **form.cleaned_data):
        return redirect("offer", pk=pk)
    return _page(request, visible_offer(request, pk), refused=(act, form))


@open_to("learning.take_courses")
@require_http_methods(["GET", "POST"])
def my_offer(request):
    """What was offered to me, and my answer."""
    one = own_offer(request.user)
    form = OwnReasonForm(request.POST or None)
    if one is not None and request.method == "POST" and form.is_valid() and _answered(request, one, form):
        return redirect("my_offer")
    return render(request, "talent_pool/selection/my_offer.html", {"offer": one, "form": form})


def _answered(request, one, form):
    if "accept" in request.POST:
        return attempt(request, offering.accept_offer, _("You have accepted the offer. HR has been told."), form=form, offer=one)
    if "decline" in request.POST:
        done = _("You have declined the offer. HR has been told.")
        return attempt(request, offering.decline_offer, done, form=form, offer=one, **form.cleaned_data)
    return False
