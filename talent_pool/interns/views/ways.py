"""What may become of a placement: one form each, opened from its page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from lms.common.acting import attempt, open_to
from talent_pool.interns.actions.batches import take_out
from talent_pool.interns.actions.ending import end_early, finish_placement, record_pause, transfer_placement
from talent_pool.interns.forms.placements import EndForm, PauseForm, TakeOutForm, TransferForm
from talent_pool.interns.permissions import MANAGE
from talent_pool.interns.queries.batches import batches_to_move_to
from talent_pool.interns.views.placements import to_change


@dataclass(frozen=True)
class Way:
    form: type
    action: Callable
    title: str | Promise
    text: str | Promise
    button: str | Promise
    done: str | Promise
    is_grave: bool = False


WAYS = {
    "take-out": Way(
        TakeOutForm, take_out, _("Take out of the batch"), _("The place is free again. What was recorded stays on record."),
        _("Take out"), _("The student is out of the batch."), is_grave=True,
    ),
    "break": Way(
        PauseForm, record_pause, _("Record a break"), _("The internship is broken off on these days, and goes on after them."),
        _("Record"), _("The break is recorded."),
    ),
    "move": Way(
        TransferForm, transfer_placement, _("Move to another dealer"),
        _("This placement ends the day before. The new one has the same terms, and waits for its own papers and its start."),
        _("Move"), _("The intern is in the other batch. Record the papers there, then start it."),
    ),
    "end": Way(
        EndForm, end_early, _("End early"), _("The intern is a student again. What was recorded stays on record."),
        _("End the internship"), _("The internship has ended."), is_grave=True,
    ),
}  # fmt: skip


@open_to(MANAGE)
@require_http_methods(["GET", "POST"])
def placement_act(request, pk, name):
    if name not in WAYS:
        raise Http404
    one, way = to_change(request, pk), WAYS[name]
    beside = {"batches": batches_to_move_to(one, request.user)} if name == "move" else {}
    form = way.form(request.POST or None, **beside)
    if form.is_valid() and attempt(request, way.action, str(way.done), form=form, placement=one, **form.cleaned_data):
        return redirect("placement", pk=pk)
    return render(request, "talent_pool/interns/placement_act.html", {"placement": one, "way": way, "form": form})


@open_to(MANAGE, post=True)
def placement_finish(request, pk):
    attempt(request, finish_placement, _("The internship is finished."), placement=to_change(request, pk))
    return redirect("placement", pk=pk)
