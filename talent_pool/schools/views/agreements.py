"""Agreements: signed, renewed, ended early, with what is owed under them."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lms.common import limits
from lms.common.acting import attempt, open_to
from lms.common.states import require
from lms.common.uploads import takes_files
from lms.people.permissions import employee_of
from lms.people.queries import dealers_visible_to
from talent_pool.schools.actions import agreements as actions
from talent_pool.schools.forms import AgreementEndForm, AgreementForm, DutyForm, DutyFormSet
from talent_pool.schools.models import Duty
from talent_pool.schools.permissions import MANAGE, VIEW, may_keep_at
from talent_pool.schools.queries.agreements import chain_of, places_by_agreement
from talent_pool.schools.queries.classes import with_counts
from talent_pool.schools.queries.visible import agreements_visible_to, classes_visible_to, schools_visible_to
from talent_pool.schools.terms import tone_of
from talent_pool.schools.views.shared import form_page, posted


@open_to(VIEW)
@require_safe
def agreement(request, pk):
    found = get_object_or_404(agreements_visible_to(request.user).select_related("made_by__employee", "renews"), pk=pk)
    on = timezone.localdate()
    chain = chain_of(found)
    for one in chain:
        one.state, one.tone = one.state_on(on), tone_of(one, on, is_renewed=one != chain[0])
    is_newest = chain[0].pk == found.pk
    context = {
        "agreement": found, "state": found.state_on(on), "tone": tone_of(found, on, is_renewed=not is_newest),
        "chain": chain if len(chain) > 1 else [], "is_newest": is_newest, "on": on, "duties": found.duties.select_related("done_by"),
        "places": places_by_agreement([found])[found.pk], "classes": with_counts(classes_visible_to(request.user).filter(agreement=found)),
        "keeps": may_keep_at(request.user, found.dealer),
    }  # fmt: skip
    return render(request, "talent_pool/schools/agreement.html", context)


@open_to(VIEW)
@require_safe
def agreement_file(request, pk):
    found = get_object_or_404(agreements_visible_to(request.user), pk=pk)
    if not found.file:
        raise Http404
    ending = found.file.name.rpartition(".")[2]
    response = FileResponse(found.file.open("rb"), as_attachment=True, filename=f"{found.number}.{ending}")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@takes_files(most=limits.EVIDENCE_FILE)
@open_to(MANAGE)
def agreement_new(request, pk):
    school = get_object_or_404(schools_visible_to(request.user), pk=pk)
    own = employee_of(request.user)
    form = AgreementForm(
        posted(request), request.FILES or None, dealers=dealers_visible_to(request.user), initial={"dealer": own and own.dealer.code}
    )
    page = {
        "title": _("Record an agreement"),
        "lead": school.name,
        "button": _("Record the agreement"),
        "back": reverse("school", args=[pk]),
    }
    return _signed(request, form, page, actions.sign_agreement, school=school)


@takes_files(most=limits.EVIDENCE_FILE)
@open_to(MANAGE)
def agreement_renew(request, pk):
    """Filled in with the terms of the old one, which stays as it is."""
    old = _kept(request, pk)
    kept = ("quota", "weight_internship", "weight_coursework", "weight_graduation")
    initial = {name: getattr(old, name) for name in kept} | {"majors": "、".join(old.majors)}
    initial["starts_on"] = old.ends_on + timezone.timedelta(days=1)
    form = AgreementForm(posted(request), request.FILES or None, initial=initial)
    title = _("Renew agreement %(number)s") % {"number": old.number}
    lead = _("%(school)s · The old agreement stays on record as it is.") % {"school": old.school.name}
    page = {"title": title, "lead": lead, "button": _("Record the renewal"), "back": reverse("agreement", args=[pk])}
    return _signed(request, form, page, actions.renew_agreement, agreement=old)


def _signed(request, form, page, action, **about):
    """The form with the rows of what is owed."""
    rows = DutyFormSet(posted(request), prefix="duty")
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        duties = [row.cleaned_data for row in rows if row.cleaned_data.get("words")]
        made = attempt(request, action, _("The agreement is on record."), form=form, duties=duties, **about, **form.cleaned_data)
        if made:
            return redirect("agreement", pk=made.pk)
    return form_page(request, form, rows=rows, **page)


def _kept(request, pk):
    found = get_object_or_404(agreements_visible_to(request.user), pk=pk)
    require(may_keep_at(request.user, found.dealer), actions.whose_agreement())
    return found


@open_to(MANAGE)
def agreement_end(request, pk):
    found = _kept(request, pk)
    form = AgreementEndForm(posted(request))
    if form.is_valid() and attempt(request, actions.end_agreement_early, _("Recorded."), form=form, agreement=found, **form.cleaned_data):
        return redirect("agreement", pk=pk)
    count = places = sum(one.taken for one in places_by_agreement([found])[found.pk])
    asks = ngettext(
        "Agreement %(number)s ends early. %(count)d student has a place under it.",
        "Agreement %(number)s ends early. %(count)d students have a place under it.",
        count,
    ) % {"number": found.number, "count": places}
    lead = _("Classes and students stay on record; it can't be renewed then.")
    title = _("End agreement %(number)s early") % {"number": found.number}
    back = reverse("agreement", args=[pk])
    return form_page(request, form, title=title, lead=lead, button=_("End the agreement"), tone="danger", asks=asks, back=back)


@open_to(MANAGE)
def duty_new(request, pk):
    found = _kept(request, pk)
    form = DutyForm(posted(request))
    if form.is_valid() and attempt(
        request, actions.add_duty, _("The obligation is on record."), form=form, agreement=found, **form.cleaned_data
    ):
        return redirect("agreement", pk=pk)
    back = reverse("agreement", args=[pk])
    return form_page(request, form, title=_("Add an obligation"), lead=found.number, button=_("Add the obligation"), back=back)


@open_to(MANAGE, post=True)
def duty_done(request, pk):
    duties = Duty.objects.filter(agreement__in=agreements_visible_to(request.user))
    duty = get_object_or_404(duties, pk=pk)
    attempt(request, actions.mark_duty_done, _("Recorded as done."), duty=duty)
    return redirect("agreement", pk=duty.agreement_id)
