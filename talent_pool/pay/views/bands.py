"""Band tables: what each level earns at a dealer, from which day on."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.common.acting import attempt, open_to
from lms.people.fields import DealerForm
from lms.people.permissions import employee_of
from lms.people.queries import dealers_visible_to
from talent_pool.pay import queries
from talent_pool.pay.actions.tables import make_band_table
from talent_pool.pay.forms import BandTableForm
from talent_pool.pay.permissions import APPROVE, VIEW, may_make_bands
from talent_pool.pay.proposals import SMALLEST_STEP, steps, table_on


@open_to(VIEW)
@require_safe
def bands(request):
    """The band table that holds, the one to come, and those before."""
    form = _chosen(request)
    dealer = _dealer_of(request, form)
    tables = list(queries.band_tables_of(dealer)) if dealer else []
    now = table_on(tables, timezone.localdate())
    coming = [table for table in tables if table.effective_on > timezone.localdate()]
    context = {
        "dealer": dealer,
        "form": form,
        "tables": [_table_context(table, table == now, table in coming) for table in tables],
        "new_url": f"{reverse('band_table_new')}?dealer={dealer.code}" if dealer and may_make_bands(request.user, dealer) else "",
    }
    return render(request, "talent_pool/pay/bands.html", context)


def _chosen(request):
    employee = employee_of(request.user)
    initial = {"dealer": employee and employee.dealer}
    return DealerForm(request.GET if request.GET.get("dealer") else None, dealers=dealers_visible_to(request.user), initial=initial)


def _dealer_of(request, form):
    """The one asked for, else the own."""
    if form.is_valid():
        return form.cleaned_data["dealer"]
    return form.initial["dealer"] or dealers_visible_to(request.user).first()


def _table_context(table, is_now, is_coming):
    rows = list(table.bands.all())
    percent = {higher.pk: step for _lower, higher, step in steps(rows)}
    bands = [{"band": band, "step": percent.get(band.pk), "small": percent.get(band.pk, 100) < SMALLEST_STEP} for band in rows]
    return {"table": table, "is_now": is_now, "is_coming": is_coming, "bands": bands}


@open_to(APPROVE)
@require_http_methods(["GET", "POST"])
def band_table_new(request):
    """A new table from the latest one; a step hardly visible is warned of once, then accepted (P1)."""
    dealer = _dealer_of(request, _chosen(request))
    latest = queries.latest_table(dealer) if dealer else None
    known = {"initial": {"dealer": dealer}, "facts": queries.table_shown(dealer) if dealer else {}}
    form = BandTableForm(request.POST or None, latest=latest, dealers=dealers_visible_to(request.user), **known)
    warnings = []
    if form.is_valid():
        warnings = [] if form.cleaned_data["confirmed"] else form.small_steps
        if not warnings and _made(request, form):
            return redirect("bands")
    context = {"form": form, "latest": latest, "warnings": warnings, "smallest": SMALLEST_STEP}
    return render(request, "talent_pool/pay/band_table_new.html", context)


def _made(request, form):
    values = {"dealer": form.cleaned_data["dealer"], "effective_on": form.cleaned_data["effective_on"], "bands": form.bands}
    values["shown"] = form.cleaned_data["shown"]
    done = _("The new band table was made. It holds from its day on; nothing before changes.")
    return attempt(request, make_band_table, done, form=form, **values)
