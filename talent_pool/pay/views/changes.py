"""Pay changes: the list, what waits for a signature, signing, rejecting, and the payroll file."""

from dataclasses import replace
from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lms.common.acting import attempt, form_on, open_to
from lms.common.lists import Column, List
from lms.common.outside import whole_numbers
from lms.common.states import require
from lms.common.tones import tone_of
from lms.people.fields import FEW
from lms.people.permissions import is_technical
from lms.people.queries import dealers_visible_to, sees_several_dealers
from talent_pool.pay import queries
from talent_pool.pay.actions.exporting import request_export
from talent_pool.pay.actions.signing import approve_pay_changes, countersign_pay_changes, reject_pay_change
from talent_pool.pay.exporters import KINDS, payroll_file
from talent_pool.pay.forms import ExportForm, PayChangeFilter, RejectForm
from talent_pool.pay.models import PayChange
from talent_pool.pay.moves import moves_to_decide
from talent_pool.pay.permissions import APPROVE, COUNTERSIGN, VIEW, may_export, may_reject

SIGNING = {"approve": approve_pay_changes, "countersign": countersign_pay_changes}


def late_words(change):
    """That pay is owed after the event, and since when."""
    since = change.back_pay_since
    return since and _("late: back pay from %(day)s") % {"day": formats.date_format(since, "DATE_FORMAT")}


class PayChangeList(List):
    name = "pay-changes"
    columns = [
        Column("employee.name", gettext_lazy("Name"), sort="employee__name"),
        Column("employee.number", gettext_lazy("Employee number"), sort="employee__number"),
        Column("dealer.name", gettext_lazy("Dealer"), sort="dealer__code"),
        # The post that it was made for: the person may have another by now.
        Column("position.name", gettext_lazy("Position")),
        Column("track", gettext_lazy("Track"), value=lambda change: change.to_band.get_track_display(), shown=False),
        Column("cause", gettext_lazy("Cause"), sort="cause", value=lambda change: change.get_cause_display()),
        Column("level", gettext_lazy("Level"), value=lambda change: f"{change.from_band.level} → {change.to_band.level}"),
        Column("from_band.base_pay", gettext_lazy("Base pay before"), sort="from_band__base_pay", numeric=True, money=True),
        Column("to_band.base_pay", gettext_lazy("Base pay after"), sort="to_band__base_pay", numeric=True, money=True),
        Column("monthly_difference", gettext_lazy("Difference a month"), numeric=True, money=True, shown=False),
        Column("effective_on", gettext_lazy("Effective on"), sort="effective_on"),
        Column(
            "status",
            gettext_lazy("State"),
            sort="status",
            value=lambda change: " · ".join(
                str(part) for part in (change.get_status_display(), change.get_withdrawn_why_display(), late_words(change)) if part
            ),
            badge=lambda change: tone_of(change.status),
        ),
    ]
    filterset = PayChangeFilter
    default_sort = "-effective_on"
    empty_icon = "pay"
    empty_title = gettext_lazy("No pay changes yet")
    empty_text = gettext_lazy("Publishing a grading cycle proposes one for each promotion.")

    def __init__(self, request, queryset):
        super().__init__(request, queryset)
        if not sees_several_dealers(request.user):  # a column that says the same in each row only takes room
            self.columns = [replace(column, shown=False) if column.name == "dealer.name" else column for column in self.columns]
        if request.user.has_perm(VIEW):
            self.columns = [replace(column, link=_persons_pay) if column.name == "employee.name" else column for column in self.columns]


def _persons_pay(change):
    return reverse("person_pay", args=[change.employee_id])


@open_to(VIEW, COUNTERSIGN)
@require_safe
def pay_changes(request):
    """What waits for a signature, what it costs, and all changes so far."""
    return _page(request)


def _page(request, ticked=None):
    """The page as it is now; `ticked` are the numbers of the changes that were ticked when signing was refused."""
    user = request.user
    changes = PayChangeList(request, queries.pay_changes_visible_to(user))
    exporting = request.GET.get("export") in KINDS
    most = queries.SHOWN if ticked is None and request.GET.get("queue") != "long" else queries.MOST_AT_ONCE
    queues = [] if exporting else _queues(user, ticked, most)
    moves = [] if exporting else moves_to_decide(user, at=timezone.now())
    shown = changes.queryset if exporting else [*changes.page.rows, *(change for _signs, queue in queues for change in queue)]
    looked_at = {one.employee.pk: one.employee for one in [*shown, *moves]}
    queries.record_looks(looked_at.values(), by=user, at=timezone.now(), where="pay changes")
    context = {
        "queues": [(signs, queue, sum(change.monthly_difference for change in queue)) for signs, queue in queues],
        "has_longer": most == queries.SHOWN and any(len(queue) == most for _signs, queue in queues),
        "most": queries.MOST_AT_ONCE,
        "moves": moves,
        "tables": _tables(queues),
        "totals": queries.sums_visible_to(user),
        "sums_only": is_technical(user),
        **_exports(user),
    }
    return changes.response("talent_pool/pay/pay_changes.html", context)


def _tables(queues):
    """The band tables that the changes to sign rest on: who signs sees who made them."""
    return queries.tables_of([change for _signs, queue in queues for change in queue])


def _queues(user, ticked, most):
    queues = [(signs, changes) for signs, changes in queries.changes_to_sign(user, most) if changes]
    for _signs, changes in queues:
        for change in changes:
            change.ticked = ticked is None or change.pk in ticked
    return queues


def _exports(user):
    ready = queries.pay_changes_visible_to(user).filter(status=PayChange.Status.COUNTERSIGNED)
    dealers = dealers_visible_to(user).filter(pk__in=ready.order_by().values("dealer"))
    form = ExportForm(dealers=dealers)
    few = form.fields["dealer"].few
    is_many = len(few) > FEW
    sums = queries.sums_by_dealer(ready)
    return {
        "dealers_ready": [] if is_many else [(dealer, sums[dealer.pk]) for dealer in few if may_export(user, dealer)],
        "ready": queries.totals_of(ready)[PayChange.Status.COUNTERSIGNED],
        "export_form": form if is_many else None,
        "exports": queries.exports_visible_to(user)[:12],
    }


@open_to(APPROVE, COUNTERSIGN)
@form_on(pay_changes)
def sign(request):
    """Approve or countersign the ticked changes."""
    asked = set(whole_numbers(request.POST.getlist("change"), queries.MOST_AT_ONCE))
    changes = list(queries.pay_changes_visible_to(request.user).filter(pk__in=asked))
    act = SIGNING.get(request.POST.get("signs", ""))
    if not asked or act is None:
        messages.error(request, _("Tick the changes that you sign, then press the button again."))
    elif len(changes) < len(asked):
        messages.error(request, _("Some of these changes are no longer waiting for you; nothing was signed. Look at the list again."))
    elif attempt(request, act, _signed_words(len(changes)), changes=changes):
        return redirect("pay_changes")
    return _page(request, ticked=asked)


def _signed_words(count):
    return ngettext("%(n)d change signed.", "%(n)d changes signed.", count) % {"n": count}


@open_to(APPROVE, COUNTERSIGN)
@require_http_methods(["GET", "POST"])
def reject(request, pk):
    change = get_object_or_404(queries.pay_changes_visible_to(request.user).filter(status__in=["proposed", "approved"]), pk=pk)
    require(may_reject(request.user, change), _("A pay change is rejected by the person who may sign it next. You can't reject your own."))
    form = RejectForm(request.POST or None)
    if form.is_valid() and attempt(
        request, reject_pay_change, _("The pay change was rejected."), form=form, change=change, **form.cleaned_data
    ):
        return redirect("pay_changes")
    queries.record_looks([change.employee], by=request.user, at=timezone.now(), where="pay change")
    return render(request, "talent_pool/pay/reject.html", {"change": change, "form": form})


@open_to(APPROVE)
@form_on(pay_changes)
def export(request):
    """Ask for the payroll file of one dealer; a job makes it."""
    form = ExportForm(request.POST, dealers=dealers_visible_to(request.user))
    if not form.is_valid():
        messages.error(request, _("Choose the dealer whose changes go to payroll."))
        return _page(request)
    values = {"dealer": form.cleaned_data["dealer"], "kind": form.cleaned_data["kind"] or "xlsx"}
    job = attempt(request, request_export, **values)
    return redirect("job", pk=job.pk) if job else _page(request)


@open_to(APPROVE)
@require_safe
def export_file(request, pk, kind):
    """The file of an export, again."""
    made = get_object_or_404(queries.exports_visible_to(request.user), pk=pk)
    if kind not in KINDS:
        raise Http404
    looked_at = [change.employee for change in queries.changes_of_export(made)]
    queries.record_looks(looked_at, by=request.user, at=timezone.now(), where=f"payroll export {made.pk}")
    name, content = payroll_file(made, kind)
    return FileResponse(BytesIO(content), as_attachment=True, filename=name)
