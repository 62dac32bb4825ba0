from functools import wraps
from io import BytesIO

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from lms.common.lists import Column, List
from lms.common.outside import whole_numbers
from lms.common.states import Refused
from lms.jobs.actions import start_job
from lms.people.permissions import employee_of
from lms.people.queries import dealers_visible_to, employees_visible_to
from talent_pool.pay import actions, queries
from talent_pool.pay.exporters import KINDS, payroll_file
from talent_pool.pay.forms import BandTableForm, DealerForm, ExportForm, PayChangeFilter, RejectForm
from talent_pool.pay.models import PayChange
from talent_pool.pay.proposals import SMALLEST_STEP, steps, table_on

MOST_AT_ONCE = 200
TONES = {"proposed": "accent", "approved": "accent", "countersigned": "good", "exported": "good", "rejected": "bad"}


class PayChangeList(List):
    name = "pay-changes"
    columns = [
        Column("employee.name", gettext_lazy("Name"), sort="employee__name"),
        Column("employee.number", gettext_lazy("Employee number"), sort="employee__number"),
        Column("dealer.code", gettext_lazy("Dealer"), sort="dealer__code"),
        Column("employee.position.name", gettext_lazy("Position")),
        Column("award", gettext_lazy("Promotion"), value=lambda change: f"{change.award.from_level} → {change.award.to_level}"),
        Column("from_band.base_pay", gettext_lazy("Base pay before"), sort="from_band__base_pay", numeric=True, money=True),
        Column("to_band.base_pay", gettext_lazy("Base pay after"), sort="to_band__base_pay", numeric=True, money=True),
        Column("monthly_difference", gettext_lazy("Difference a month"), numeric=True, money=True),
        Column("effective_on", gettext_lazy("Effective on"), sort="effective_on"),
        Column(
            "status",
            gettext_lazy("State"),
            sort="status",
            value=lambda change: change.get_status_display(),
            badge=lambda change: TONES[change.status],
        ),
    ]
    filterset = PayChangeFilter
    default_sort = "-effective_on"
    empty_icon = "pay"
    empty_title = gettext_lazy("No pay changes yet")
    empty_text = gettext_lazy("Publishing a grading cycle proposes one for each promotion.")


def sees_pay(user):
    return user.has_perm("pay.view_pay") or user.has_perm("pay.countersign_pay_changes")


def pay_readers_only(view):
    """Signed in, and HR or a countersigner; others get 403."""

    @wraps(view)
    @login_required
    def guarded(request, *args, **kwargs):
        if not sees_pay(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@pay_readers_only
def pay_changes(request):
    """What waits for a signature, what it costs, and all changes so far."""
    user = request.user
    visible = queries.pay_changes_visible_to(user)
    changes = PayChangeList(request, visible)
    exporting = request.GET.get("export") in KINDS
    queue = [] if exporting else waiting_for(user)
    shown = changes.queryset if exporting else [*changes.page.object_list, *queue]
    looked_at = {change.employee_id: change.employee for change in shown}
    queries.record_looks(looked_at.values(), by=user, at=timezone.now(), where="pay changes")
    return changes.response(
        "talent_pool/pay/pay_changes.html", {"queue": queue, "totals": queries.totals_of(visible), **_export_context(user)}
    )


def waiting_for(user):
    """The changes that wait for this person's signature."""
    if user.has_perm("pay.approve_pay_changes"):
        waiting = queries.changes_to_approve(user)
    else:
        waiting = queries.changes_to_countersign(user)
    return list(waiting.exclude(employee__user=user)[:MOST_AT_ONCE])


def _export_context(user):
    if not user.has_perm("pay.approve_pay_changes"):
        return {"signs": "countersign"}
    ready = queries.pay_changes_visible_to(user).filter(status=PayChange.Status.COUNTERSIGNED)
    dealers = dealers_visible_to(user).filter(pk__in=ready.order_by().values("dealer"))
    return {"signs": "approve", "dealers_ready": dealers, "exports": queries.exports_visible_to(user)[:12]}


@pay_readers_only
@require_POST
def sign(request):
    """Approve or countersign the ticked changes."""
    asked = whole_numbers(request.POST.getlist("change"), MOST_AT_ONCE)
    changes = list(queries.pay_changes_visible_to(request.user).filter(pk__in=asked))
    act = actions.approve_pay_changes if request.user.has_perm("pay.approve_pay_changes") else actions.countersign_pay_changes
    if not asked:
        messages.error(request, _("Tick the changes that you sign, then press the button again."))
    elif len(changes) < len(set(asked)):
        messages.error(request, _("Some of these changes are no longer waiting for you; nothing was signed. Look at the list again."))
    else:
        try:
            act(changes=changes, by=request.user, at=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            count = len(changes)
            messages.success(request, ngettext("%(n)d change signed.", "%(n)d changes signed.", count) % {"n": count})
    return redirect("pay_changes")


@pay_readers_only
def reject(request, pk):
    change = get_object_or_404(queries.pay_changes_visible_to(request.user).filter(status__in=["proposed", "approved"]), pk=pk)
    form = RejectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.reject_pay_change(change=change, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The pay change was rejected."))
        return redirect("pay_changes")
    if request.method != "POST":
        queries.record_looks([change.employee], by=request.user, at=timezone.now(), where="pay change")
    return render(request, "talent_pool/pay/reject.html", {"change": change, "form": form})


@login_required
@permission_required("pay.approve_pay_changes", raise_exception=True)
@require_POST
def export(request):
    """Ask for the payroll file of one dealer; a job makes it."""
    form = ExportForm(request.POST, dealers=dealers_visible_to(request.user))
    if not form.is_valid():
        messages.error(request, _("Choose the dealer whose changes go to payroll."))
        return redirect("pay_changes")
    dealer = form.cleaned_data["dealer"]
    params = {"dealer": dealer.pk, "kind": form.cleaned_data["kind"] or "xlsx"}
    try:
        job = start_job(kind="pay.export_payroll", key=f"dealer:{dealer.pk}", params=params, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("pay_changes")
    return redirect("job", pk=job.pk)


@login_required
@permission_required("pay.approve_pay_changes", raise_exception=True)
def export_file(request, pk, kind):
    """The file of an export, again."""
    made = get_object_or_404(queries.exports_visible_to(request.user), pk=pk)
    if kind not in KINDS:
        raise Http404
    looked_at = [change.employee for change in queries.changes_of_export(made)]
    queries.record_looks(looked_at, by=request.user, at=timezone.now(), where=f"payroll export {made.pk}")
    name, content = payroll_file(made, kind)
    return FileResponse(BytesIO(content), as_attachment=True, filename=name)


@login_required
@permission_required("pay.view_pay", raise_exception=True)
def bands(request):
    """The band table that holds, the one to come, and those before."""
    dealer = _dealer_of(request)
    tables = list(queries.band_tables_of(dealer)) if dealer else []
    now = table_on(tables, timezone.localdate())
    coming = [table for table in tables if table.effective_on > timezone.localdate()]
    context = {
        "dealer": dealer,
        "dealers": dealers_visible_to(request.user),
        "tables": [_table_context(table, table == now, table in coming) for table in tables],
        "new_url": f"{reverse('band_table_new')}?dealer={dealer.pk}" if dealer else "",
    }
    return render(request, "talent_pool/pay/bands.html", context)


def _dealer_of(request):
    form = DealerForm(request.GET, dealers=dealers_visible_to(request.user))
    if form.is_valid():
        return form.cleaned_data["dealer"]
    employee = employee_of(request.user)
    return employee.dealer if employee else dealers_visible_to(request.user).first()


def _table_context(table, is_now, is_coming):
    rows = list(table.bands.all())
    percent = {higher.pk: step for _lower, higher, step in steps(rows)}
    bands = [{"band": band, "step": percent.get(band.pk), "small": percent.get(band.pk, 100) < SMALLEST_STEP} for band in rows]
    return {"table": table, "is_now": is_now, "is_coming": is_coming, "bands": bands}


@login_required
@permission_required("pay.approve_pay_changes", raise_exception=True)
def band_table_new(request):
    """A new table from the latest one; a step hardly visible is warned of once, then accepted (P1)."""
    dealer = _dealer_of(request)
    latest = queries.band_tables_of(dealer).order_by("-effective_on").first() if dealer else None
    initial = {"dealer": dealer and dealer.pk}
    form = BandTableForm(request.POST or None, latest=latest, dealers=dealers_visible_to(request.user), initial=initial)
    warnings = []
    if request.method == "POST" and form.is_valid():
        warnings = [] if form.cleaned_data["confirmed"] else form.small_steps
        if not warnings and _made(request, form):
            return redirect("bands")
    context = {"form": form, "latest": latest, "warnings": warnings, "smallest": SMALLEST_STEP}
    return render(request, "talent_pool/pay/band_table_new.html", context)


def _made(request, form):
    data = form.cleaned_data
    try:
        actions.make_band_table(
            dealer=data["dealer"], effective_on=data["effective_on"], bands=form.bands, by=request.user, at=timezone.now()
        )
    except Refused as refusal:
        form.add_error("effective_on", str(refusal))
        return False
    messages.success(request, _("The new band table was made. It holds from its day on; nothing before changes."))
    return True


@login_required
@permission_required("grading.view_own_grading", raise_exception=True)
def my_pay(request):
    """One's own band and the next step's; asked for by My growth as a part of its page."""
    employee = employee_of(request.user)
    if employee is None:
        return HttpResponse(status=404)
    template = "talent_pool/pay/_my_pay.html" if request.htmx else "talent_pool/pay/my_pay.html"
    return render(request, template, {"pay": queries.pay_of(employee, by=request.user)})


@login_required
@permission_required("pay.view_pay", raise_exception=True)
def person_pay(request, pk):
    """Someone's pay, for HR; the look is logged."""
    employee = get_object_or_404(employees_visible_to(request.user), pk=pk)
    return render(request, "talent_pool/pay/person_pay.html", {"pay": queries.pay_of(employee, by=request.user), "employee": employee})
