"""Someone moved to where what they are paid does not fit: their HR proposes other pay, or keeps what is in force."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lms.common.acting import attempt, open_to
from lms.common.states import require
from lms.people.models import Employee
from lms.people.queries import employees_visible_to
from talent_pool.pay.actions.deciding import keep_pay, propose_after_move
from talent_pool.pay.actions.proposing import proposers_only
from talent_pool.pay.forms import MoveDecisionForm
from talent_pool.pay.moves import standing_of
from talent_pool.pay.permissions import APPROVE, may_propose, pay_scope
from talent_pool.pay.queries import record_looks


@open_to(APPROVE)
@require_http_methods(["GET", "POST"])
def after_move(request, pk):
    scope = Employee.objects.filter(pay_scope(request.user)).values("pk")
    employee = get_object_or_404(employees_visible_to(request.user).filter(pk__in=scope), pk=pk)
    require(may_propose(request.user, employee, employee.dealer), proposers_only())
    standing = standing_of(employee, timezone.localdate())
    if standing.decision != "needed":
        return redirect("person_pay", pk=pk)
    form = MoveDecisionForm(request.POST or None, standing=standing, initial={"level": employee.level})
    if form.is_valid() and _decided(request, form, employee):
        return redirect("person_pay", pk=pk)
    record_looks([employee], by=request.user, at=timezone.now(), where="pay after a move")
    return render(request, "talent_pool/pay/after_move.html", {"employee": employee, "standing": standing, "form": form})


def _decided(request, form, employee):
    values = form.cleaned_data
    if form.keeps:
        return attempt(request, keep_pay, _("The pay in force stays."), form=form, employee=employee, reason=values["reason"])
    done = _("The pay change is proposed. Two people sign it.")
    values |= {"level": int(values["level"])}
    return attempt(request, propose_after_move, done, form=form, employee=employee, **values)
