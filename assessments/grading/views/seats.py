"""After the lock: a seat given again by two people, and sheets that will not come."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.grading.actions.guarding import not_yours
from assessments.grading.actions.seats import confirm_seat, excuse_sheets, propose_seat, withdraw_seat
from assessments.grading.forms import ReasonForm, SeatAgainForm
from assessments.grading.models import PanelMember, SeatChange
from assessments.grading.permissions import may_run
from assessments.grading.queries.judging import sat, without_sheet
from assessments.grading.queries.records import called, cycles_visible_to
from lms.common.acting import attempt, open_to
from lms.common.states import require


def _member_or_refuse(request, pk):
    members = PanelMember.objects.filter(cycle__in=cycles_visible_to(request.user)).select_related("cycle__dealer", "examiner__position")
    member = get_object_or_404(members, pk=pk)
    require(may_run(request.user, member.cycle), not_yours())
    return member


@open_to("grading.run_cycles")
def seat_again(request, pk):
    """Propose who takes a seat of a locked cycle."""
    member = _member_or_refuse(request, pk)
    form = SeatAgainForm(request.POST or None, member=member)
    done = _("Proposed. The seat changes once a second person has confirmed it.")
    if form.is_valid() and attempt(request, propose_seat, done, form=form, member=member, **form.cleaned_data):
        return redirect("cycle", pk=member.cycle_id)
    return render(request, "assessments/grading/seat_again.html", _about(member, request.user) | {"form": form})


@open_to("grading.run_cycles")
def sheets_excuse(request, pk):
    """Record why an examiner has not scored whom they have not scored."""
    member = _member_or_refuse(request, pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and attempt(request, excuse_sheets, _excused, form=form, member=member, **form.cleaned_data):
        return redirect("cycle", pk=member.cycle_id)
    left = without_sheet(sat(member.cycle), member.examiner_id)
    context = _about(member, request.user) | {"form": form, "left": [candidacy.employee.name for candidacy in left]}
    return render(request, "assessments/grading/sheets_excuse.html", context)


def _about(member, user):
    return {"member": member, "cycle": member.cycle, "named": called(member.cycle, user)}


def _excused(count):
    return ngettext("%(count)d missing sheet has its reason on record.", "%(count)d missing sheets have their reason on record.", count) % {
        "count": count
    }


@open_to("grading.run_cycles", post=True)
def seat_confirm(request, pk):
    return _decide(request, pk, confirm_seat, _("Confirmed: the seat is given again."))


@open_to("grading.run_cycles", post=True)
def seat_withdraw(request, pk):
    return _decide(request, pk, withdraw_seat, _("Withdrawn: the seat stays as it is."))


def _decide(request, pk, action, done):
    changes = SeatChange.objects.filter(cycle__in=cycles_visible_to(request.user)).select_related("cycle__dealer", "examiner", "leaver")
    change = get_object_or_404(changes, pk=pk)
    attempt(request, action, done, change=change)
    return redirect("cycle", pk=change.cycle_id)
