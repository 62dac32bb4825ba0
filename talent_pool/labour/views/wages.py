"""The local minimum wage of each dealer, and those before."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from lms.common.acting import attempt, open_to
from lms.common.lists import Column, List
from lms.people.queries import dealers_visible_to
from talent_pool.labour import queries
from talent_pool.labour.actions.limits import set_minimum_wage
from talent_pool.labour.filters import WageFilter
from talent_pool.labour.forms import WageForm
from talent_pool.labour.permissions import SET_WAGES, VIEW
from talent_pool.labour.views.findings import tabs_at
from talent_pool.labour.views.rules import who_set


class WageList(List):
    name = "minimum-wages"
    columns = [
        Column("name", gettext_lazy("Dealer"), sort="code", link=lambda one: reverse("labour_wage", args=[one.pk])),
        Column("code", gettext_lazy("Dealer code"), sort="code"),
        Column("city", gettext_lazy("City"), sort="city"),
        Column("wage", gettext_lazy("Minimum wage a month"), sort="wage", money=True),
        Column("wage_from_on", gettext_lazy("Valid from"), sort="wage_from_on"),
        Column("wage_source", gettext_lazy("Source")),
    ]
    filterset = WageFilter
    default_sort = "name"

    @staticmethod
    def records(user):
        return queries.with_wage(dealers_visible_to(user), timezone.localdate())


@open_to(VIEW)
@require_safe
def wages(request):
    context = {"tabs": tabs_at("labour_wages")}
    return WageList(request, WageList.records(request.user)).response("talent_pool/labour/wages.html", context)


@open_to(SET_WAGES)
@require_http_methods(["GET", "POST"])
def wage(request, pk):
    dealer = get_object_or_404(dealers_visible_to(request.user), pk=pk)
    form = WageForm(request.POST or None, facts=queries.wage_shown(dealer))
    if form.is_valid():
        done = _("The minimum wage is on record. Probations are checked by it from its day on.")
        if attempt(request, set_minimum_wage, done, form=form, dealer=dealer, **form.cleaned_data):
            return redirect("labour_wage", dealer.pk)
    today = timezone.localdate()
    rows = queries.wages_of([dealer.pk]).get(dealer.pk, [])
    in_force = next((row for row in rows if row.from_on <= today), None)
    history = [{"row": row, "who": who_set(row), "is_now": row == in_force, "is_coming": row.from_on > today} for row in rows]
    return render(request, "talent_pool/labour/wage.html", {"dealer": dealer, "form": form, "history": history})
